"""Reads the first table of a CSV or XLSX file as texts, within limits, and runs nothing."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from portal.sheets.bounds import check_bounds
from portal.sheets.errors import CellFault, SheetFault
from portal.sheets.safety import bare

BYTES_MAX = 50_000_000
COLUMNS_MAX = 200
DIGITS_KEPT = 15
"""What a spreadsheet keeps of a number; a longer one has lost digits already."""
UTF8, GB18030 = "utf-8", "gb18030"
"""How a CSV may be encoded; spreadsheets in China write the second (GB 18030, with GBK in it)."""
_ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]{2,3}", re.ASCII)
"""How a spreadsheet shows a long number in a narrow cell, and then writes it into a CSV."""
_PADDED = re.compile("0{2,}")

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
    """The heading of a table, and its rows, which are read as they are asked for.

    ``encoding`` is that of a CSV, and nothing for a workbook, which has but one.
    """

    columns: tuple[str, ...]
    lines: Iterator[Line]
    encoding: str = ""


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
    if suffix == ".csv":
        encoding, text = _decoded(path.read_bytes())
        yield _sheet(_csv_rows(csv.reader(io.StringIO(text, newline=""), strict=True)), encoding)
        return
    with _xlsx(path, name) as rows:
        yield _sheet(rows)


def _sheet(rows: Iterator[tuple[int, list[Cell]]], encoding: str = "") -> Sheet:
    first = next(rows, None)
    columns = _heading(first[1] if first else ())
    return Sheet(columns, _lines(columns, rows), encoding)


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


def _decoded(data: bytes) -> tuple[str, str]:
    """Encoding and text of a CSV: UTF-8, else GB 18030; raises SheetFault ``sheet-unreadable``.

    A file in UTF-8 with a broken byte often makes some sense in GB 18030 too, and its names would
    become others. It shows by the Chinese characters that the rest of it holds in UTF-8.
    """
    try:
        return UTF8, data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        broken = SheetFault("sheet-unreadable", why="not-utf8", line=line)
        tried = data.decode(UTF8, "replace")
        sound = sum("\u4e00" <= character <= "\u9fff" for character in tried)
        if data.startswith(b"\xef\xbb\xbf") or sound > tried.count("\ufffd"):
            raise broken from error
        try:
            return GB18030, data.decode(GB18030)
        except UnicodeDecodeError:
            raise broken from error


def _csv_rows(reader: Any) -> Iterator[tuple[int, list[Cell]]]:
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise SheetFault("sheet-unreadable", why="not-csv", line=line) from error
        if row is None:
            return
        yield line, [_whole(bare(text.strip())) for text in row]


def _whole(text: str) -> Cell:
    """A text, unless a spreadsheet has made it of a number whose digits it did not show."""
    return CellFault("number-rounded") if _ROUNDED.fullmatch(text) else text


@contextmanager
def _xlsx(path: Path, name: str | None) -> Iterator[Iterator[tuple[int, list[Cell]]]]:
    # Opened here: the library leaves a file that it cannot load to the collector.
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as packed:
                check_bounds(packed)
            book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        except BROKEN as error:
            raise SheetFault("sheet-unreadable", why="not-xlsx") from error
        try:
            # A sheet that is a chart is none of these.
            sheets: dict[str, Any] = {sheet.title: sheet for sheet in book.worksheets}
            if not sheets or (name is not None and name not in sheets):
                raise SheetFault("sheet-missing", sheet=name or "")
            sheet = sheets[name] if name is not None else next(iter(sheets.values()))
            # A file's own word about its size is not believed: it could ask for a million rows.
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
        return CellFault("cell-not-text") if cell.data_type == "e" else _whole(value.strip())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else CellFault("cell-not-text")
    if isinstance(value, int | float):
        return _number(value, cell)
    return CellFault("cell-not-text")


def _number(value: int | float, cell: Any) -> Cell:
    """A number in plain digits, as the cell shows them where that is with zeros before.

    The shortest decimal that is the same binary number is the one that was typed, as long as it
    has no more digits than are kept (IEEE 754 keeps 15 of any).
    """
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return CellFault("cell-not-text")
    text = format(exact, "f")
    if "." in text:
        text = text.rstrip("0").removesuffix(".")
    if len(text.lstrip("-0.").replace(".", "")) > DIGITS_KEPT:
        return CellFault("number-lost-digits")
    if text.isdigit() and (shown := str(cell.number_format)) and _PADDED.fullmatch(shown):
        return text.zfill(len(shown))
    return text
