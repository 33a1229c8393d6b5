"""Writes tables: several sheets as XLSX, one as CSV; every cell is a text or a whole number."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from portal.sheets.errors import SheetFault
from portal.sheets.safety import guarded
from portal.sheets.workbook import Value, sheet_xml, write_workbook

ROWS_MAX = 1_048_575
"""Rows of a sheet below its heading (Office Open XML, Excel's limits)."""
BOM = "\ufeff".encode()
"""Begins a table: without it spreadsheets take UTF-8 for the code page of their country."""


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
    sheets = (
        sheet_xml(table.columns, _bounded(table), table.choices, ROWS_MAX + 1) for table in tables
    )
    write_workbook(file, [table.name for table in tables], sheets)


def _bounded(table: Table) -> Iterator[Sequence[Value]]:
    """The rows of a table; raises SheetFault ``sheet-too-long``."""
    for count, row in enumerate(table.rows, 1):
        if count > ROWS_MAX:
            raise SheetFault("sheet-too-long", table=table.name, limit=ROWS_MAX)
        yield row
