"""Strict streaming reading of one CSV file: RFC 4180 quoting, UTF-8, a header row.

A byte order mark before UTF-8 is passed over, as spreadsheets write one.

One row is in memory at a time. A file that is not what it says (encoding, quoting, header) is an
`ImportFault` and nothing of it is taken; a bad row is a `Refused` and its neighbours go on.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from portal.imports.errors import BadValue, CellFault, ImportFault, Param
from portal.imports.model import Left, Raw, Refused
from portal.imports.report import Report
from portal.imports.text import clean

T = TypeVar("T")
_SPACES = re.compile(r"\s+")


class _Watched(io.RawIOBase):
    """A byte stream that remembers digest, size and the last byte of what passed."""

    def __init__(self, raw: io.BufferedReader) -> None:
        self._raw = raw
        self.digest = hashlib.sha256()
        self.size_bytes = 0
        self.last = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        assert isinstance(buffer, memoryview)
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        self.digest.update(data)
        self.size_bytes += len(data)
        self.last = data[-1:] or self.last
        return len(data)


class Cells:
    """The cells of one row, read by column name; a fault names the column."""

    def __init__(self, row: int, raw: Raw, report: Report) -> None:
        self.row = row
        self.raw = raw
        self._report = report
        self._clean: dict[str, str] = {}

    def optional(self, column: str) -> str | None:
        """The cleaned text, or None where the cell is empty or the column is not in the file."""
        if column not in self._clean:
            text, steps = clean(self.raw.get(column, ""))
            for step in steps:
                self._report.cleaned(self.row, column, step)
            self._clean[column] = text
        return self._clean[column] or None

    def text(self, column: str) -> str:
        """The cleaned text. Raises CellFault cell-empty."""
        text = self.optional(column)
        if text is None:
            raise CellFault("cell-empty", column)
        return text

    def read(self, column: str, parse: Callable[[str], T]) -> T:
        """Parse a cell that must not be empty. Raises CellFault with the parser's own code."""
        try:
            return parse(self.text(column))
        except CellFault:
            raise
        except BadValue as bad:
            raise CellFault(bad.code, column, **bad.params) from None

    def read_optional(self, column: str, parse: Callable[[str], T]) -> T | None:
        """Parse a cell, None where it is empty."""
        return None if self.optional(column) is None else self.read(column, parse)

    def agree(self, column: str, stated: str, other: str) -> None:
        """Require that two sources of one fact agree. Raises CellFault cells-disagree."""
        if stated != other:
            raise CellFault("cells-disagree", column, value=stated[:100], expected=other[:100])

    def reshaped(self, column: str, rule: str) -> None:
        """Report that a value was written in another form than it is kept in."""
        self._report.cleaned(self.row, column, rule)


def canonical_header(cells: list[str]) -> tuple[str, ...]:
    """Names with inner runs of space made one and edges trimmed. Raises ImportFault
    header-missing, header-blank-name, header-repeats."""
    names = [_SPACES.sub(" ", cell).strip() for cell in cells]
    if not any(names):
        raise ImportFault("header-missing")
    if "" in names:
        raise ImportFault("header-blank-name", column=names.index("") + 1)
    repeated = tuple(sorted({name for name in names if names.count(name) > 1}))
    if repeated:
        raise ImportFault("header-repeats", columns=repeated)
    return tuple(names)


class CsvFile:
    """An open export: its header, then its rows."""

    def __init__(self, stream: _Watched) -> None:
        self._stream = stream
        text = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8-sig", newline="")
        self._reader = csv.reader(text, strict=True)
        self._rows_read = 0
        first = self._next()
        self.header_as_written = first or []
        self.header = canonical_header(self.header_as_written)

    def _next(self) -> list[str] | None:
        try:
            return next(self._reader, None)
        except UnicodeDecodeError:
            raise ImportFault("not-utf8", after_row=self._rows_read) from None
        except csv.Error as error:
            raise ImportFault(
                "csv-broken", after_row=self._rows_read, line=self._reader.line_num, why=str(error)
            ) from None

    def rows(self, report: Report) -> Iterator[Cells | Refused | Left]:
        """Each data row in file order; digest and size stand in the report at the end."""
        for name, written in zip(self.header, self.header_as_written, strict=True):
            if name != written:
                report.cleaned(0, written, "header-space")
        while True:
            line = self._reader.line_num + 1
            cells = self._next()
            if cells is None:
                break
            self._rows_read += 1
            report.seen(self._rows_read, line)
            yield self._judge(cells, report)
        report.sha256 = self._stream.digest.hexdigest()
        report.size_bytes = self._stream.size_bytes
        if self._stream.last != b"\n":
            report.note("no-final-line-end")

    def _judge(self, cells: list[str], report: Report) -> Cells | Refused | Left:
        row, expected = self._rows_read, len(self.header)
        if not any(cell.strip() for cell in cells):
            return Left(row, "blank-row")
        if len(cells) != expected:
            # The cells before the fault most likely stand where they should: kept for the report.
            prefix = dict(zip(self.header, cells, strict=False))
            params: dict[str, Param] = {"cells": len(cells), "expected": expected}
            return Refused(row, "cell-count", "", params, prefix)
        raw = dict(zip(self.header, cells, strict=True))
        for name, cell in raw.items():
            if "\0" in cell:
                return Refused(row, "nul-character", name, raw=raw)
        return Cells(row, raw, report)


@contextmanager
def open_csv(path: Path) -> Iterator[CsvFile]:
    """Open an export for reading once. Raises ImportFault as the rows do."""
    with path.open("rb") as raw:
        yield CsvFile(_Watched(raw))
