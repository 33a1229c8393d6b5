"""Reads the first table of a CSV or XLSX file as texts, within limits, and runs nothing."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from portal.sheets.errors import CellFault, SheetFault
from portal.sheets.safety import bare

BYTES_MAX, UNPACKED_MAX = 50_000_000, 500_000_000
COLUMNS_MAX = 200
DIGITS_KEPT = 15
"""What a spreadsheet keeps of a number; a longer one has lost digits already."""

BROKEN = (
    zipfile.BadZipFile, InvalidFileException, ParseError, zlib.error, EOFError, KeyError,
    IndexError, ValueError, TypeError, AttributeError, RuntimeError, OverflowError,
)  # fmt: skip
"""What the library meets in a file that is not what it says; it declares no errors of its own."""

Cell = str | CellFault


@dataclass(frozen=True)
class Line:
    """A row that is not blank: its line in the file, and its cells by column."""

    line: int
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Sheet:
    """The heading of a table, and its rows, which are read as they are asked for."""

    columns: tuple[str, ...]
    lines: Iterator[Line]


@contextmanager
def read_sheet(path: Path, name: str | None = None) -> Iterator[Sheet]:
    """Open the table; ``name`` chooses a sheet of an XLSX, without it the first is read.

    Raises SheetFault ``sheet-suffix``, ``sheet-too-large``, ``sheet-unreadable``,
    ``sheet-missing``, ``heading-missing``, ``heading-blank-name``, ``heading-repeats`` and
    ``heading-too-wide``.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise SheetFault("sheet-suffix", suffix=suffix, allowed=".xlsx .csv")
    if path.stat().st_size > BYTES_MAX:
        raise SheetFault("sheet-too-large", limit=BYTES_MAX)
    opened = _csv(path) if suffix == ".csv" else _xlsx(path, name)
    with opened as rows:
        first = next(rows, None)
        columns = _heading(first[1] if first else ())
        yield Sheet(columns, _lines(columns, rows))


def _heading(cells: Sequence[Cell]) -> tuple[str, ...]:
    names = [cell if isinstance(cell, str) else "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise SheetFault("heading-missing")
    if len(names) > COLUMNS_MAX:
        raise SheetFault("heading-too-wide", limit=COLUMNS_MAX)
    if "" in names:
        raise SheetFault("heading-blank-name", column=names.index("") + 1)
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise SheetFault("heading-repeats", columns=repeated)
    return tuple(names)


def _lines(columns: tuple[str, ...], rows: Iterator[tuple[int, list[Cell]]]) -> Iterator[Line]:
    for line, row in rows:
        cells = list(row)
        while cells and cells[-1] == "":
            cells.pop()
        if not cells:
            continue
        if len(cells) > len(columns):
            # What stands beyond the heading belongs to no column: the row is not what it seems.
            cells = [CellFault("cell-beyond-heading")] * len(columns)
        cells += [""] * (len(columns) - len(cells))
        yield Line(line, dict(zip(columns, cells, strict=True)))


@contextmanager
def _csv(path: Path) -> Iterator[Iterator[tuple[int, list[Cell]]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield _csv_rows(csv.reader(file, strict=True))


def _csv_rows(reader: Any) -> Iterator[tuple[int, list[Cell]]]:
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except UnicodeDecodeError as error:
            raise SheetFault("sheet-unreadable", why="not-utf8", line=line) from error
        except csv.Error as error:
            raise SheetFault("sheet-unreadable", why="not-csv", line=line) from error
        if row is None:
            return
        yield line, [bare(text.strip()) for text in row]


@contextmanager
def _xlsx(path: Path, name: str | None) -> Iterator[Iterator[tuple[int, list[Cell]]]]:
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(item.file_size for item in packed.infolist()) > UNPACKED_MAX:
                raise SheetFault("sheet-too-large", limit=UNPACKED_MAX)
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except BROKEN as error:
        raise SheetFault("sheet-unreadable", why="not-xlsx") from error
    try:
        # A sheet that is a chart is none of these.
        sheets: dict[str, Any] = {sheet.title: sheet for sheet in book.worksheets}
        if not sheets or (name is not None and name not in sheets):
            raise SheetFault("sheet-missing", sheet=name or "")
        sheet = sheets[name] if name is not None else next(iter(sheets.values()))
        # A file's own word about its size is not believed: it could ask for a million blank rows.
        sheet.reset_dimensions()
        with closing(sheet.iter_rows()) as rows:  # else it would hold the file after the book
            yield _xlsx_rows(rows)
    finally:
        book.close()


def _xlsx_rows(rows: Iterator[Any]) -> Iterator[tuple[int, list[Cell]]]:
    for line in count(1):
        try:
            row = next(rows, None)
            cells = None if row is None else [_text(cell) for cell in row]
        except BROKEN as error:
            raise SheetFault("sheet-unreadable", why="not-xlsx", line=line) from error
        if cells is None:
            return
        yield line, cells


def _text(cell: Any) -> Cell:
    """What a cell says, as a text; no formula, and no number that has lost digits."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return CellFault("formula-cell")
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or cell.data_type == "e":
        return CellFault("cell-not-text")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else CellFault("cell-not-text")
    if isinstance(value, float):
        if not value.is_integer():
            return CellFault("cell-not-text")
        value = int(value)
    if isinstance(value, int):
        text = str(value)
        return text if len(text.lstrip("-")) <= DIGITS_KEPT else CellFault("number-lost-digits")
    return CellFault("cell-not-text")
