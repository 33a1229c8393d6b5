"""Writes tables: several sheets as XLSX, one as CSV; every cell is a text or a whole number."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.sheets.errors import SheetFault
from portal.sheets.safety import guarded

Value = str | int | None
ROWS_MAX = 1_048_575
"""Rows of a sheet below its heading (Office Open XML, Excel's limits)."""
BOM = "\ufeff".encode()
"""Begins a table: without it spreadsheets take UTF-8 for the code page of their country."""
WIDTH = 24
INTEGER_MAX = 10**15
"""A spreadsheet keeps 15 digits; a larger number is written as a text."""


@dataclass(frozen=True)
class Table:
    """A named table: heading, rows, and by column the words that a cell may hold."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]
    choices: dict[str, Sequence[str]] = field(default_factory=dict)


def write_tables(path: Path, tables: Sequence[Table]) -> None:
    """Write by the file's suffix, ``.xlsx`` or ``.csv``; a file that exists is overwritten.

    A CSV holds the first table alone. Raises SheetFault ``sheet-suffix`` and ``sheet-too-long``,
    and leaves a file that exists as it was.
    """
    path.write_bytes(pack_tables(path.suffix.lower(), tables))


def pack_tables(suffix: str, tables: Sequence[Table]) -> bytes:
    """The bytes of such a file; raises the same."""
    out = io.BytesIO()
    _writer(suffix)(out, tables)
    return out.getvalue()


def _writer(suffix: str) -> Callable[[BinaryIO, Sequence[Table]], None]:
    if suffix == ".xlsx":
        return _xlsx
    if suffix == ".csv":
        return _csv
    raise SheetFault("sheet-suffix", suffix=suffix, allowed=".xlsx .csv")


def csv_line(cells: Iterable[Value]) -> bytes:
    """A line of comma-separated values (RFC 4180): texts guarded, None as nothing."""
    out = io.StringIO()
    csv.writer(out).writerow(["" if cell is None else _plain(cell) for cell in cells])
    return out.getvalue().encode()


def _csv(file: BinaryIO, tables: Sequence[Table]) -> None:
    file.write(BOM + csv_line(tables[0].columns))
    file.writelines(map(csv_line, tables[0].rows))


def _plain(value: str | int) -> str:
    """A number as it is, minus sign and all; a text guarded."""
    return str(value) if isinstance(value, int) else guarded(value)


def _xlsx(file: BinaryIO, tables: Sequence[Table]) -> None:
    book = Workbook(write_only=True)
    for table in tables:
        sheet: Any = book.create_sheet(table.name)  # its stubs know half of it
        sheet.freeze_panes = "A2"
        for place in range(1, len(table.columns) + 1):
            # As text, so that codes keep their zeros and long numbers their digits.
            sheet.column_dimensions[get_column_letter(place)].width = WIDTH
            sheet.column_dimensions[get_column_letter(place)].number_format = "@"
        for name, words in table.choices.items():
            letter = get_column_letter(list(table.columns).index(name) + 1)
            allowed = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
            allowed.add(f"{letter}2:{letter}{ROWS_MAX + 1}")
            sheet.data_validations.append(allowed)
        try:
            sheet.append([_cell(sheet, name, bold=True) for name in table.columns])
            for count, row in enumerate(table.rows, 1):
                if count > ROWS_MAX:
                    raise SheetFault("sheet-too-long", table=table.name, limit=ROWS_MAX)
                sheet.append([_cell(sheet, value) for value in row])
        finally:
            sheet.close()
    book.save(file)


def _cell(sheet: Any, value: Value, *, bold: bool = False) -> Any:
    if isinstance(value, int) and abs(value) < INTEGER_MAX:
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, None if value is None else str(value))
    if value is not None:
        cell.data_type = "s"  # a text that begins with = stays one
        cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
