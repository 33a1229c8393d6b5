"""Strict reading of the exchange's CSV files: known columns, whole numbers in ASCII digits."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from market.errors import FileRefused

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,39})", re.ASCII)  # longer ones are not quantities
_END = re.compile(rb"\r\n?|\n")
Numbered = tuple[int, list[str]]


def rows(lines: Iterable[str], columns: Sequence[str]) -> Iterator[Numbered]:
    """Data rows with their line numbers, without blank lines.

    Raises FileRefused ``header-differs``, ``row-width`` or ``not-csv``.
    """
    reader = csv.reader(lines, strict=True)
    try:
        if next(reader, None) != list(columns):
            raise FileRefused("header-differs", 1, ",".join(columns))
        for row in filter(None, reader):
            if len(row) != len(columns):
                raise FileRefused("row-width", reader.line_num, ",".join(columns))
            yield reader.line_num, row
    except (csv.Error, UnicodeDecodeError) as error:
        raise FileRefused("not-csv", _line(reader.line_num, error), str(error)) from error


def _line(read: int, error: csv.Error | UnicodeDecodeError) -> int:
    """The line of a fault, after so many that were read.

    A file is decoded by blocks, ahead of the lines that are read from it; a block that cannot be
    begins in the first line that was not.
    """
    if isinstance(error, csv.Error):
        return read
    return read + 1 + len(_END.findall(error.object[: error.start]))


def whole(text: str, line: int, field: str) -> int:
    """A whole number; raises FileRefused ``not-an-integer``."""
    if not _WHOLE.fullmatch(text):
        raise FileRefused("not-an-integer", line, field)
    return int(text)


def positive(text: str, line: int, field: str) -> int:
    """A whole number from 1; raises FileRefused ``not-an-integer`` or ``not-positive``."""
    number = whole(text, line, field)
    if number < 1:
        raise FileRefused("not-positive", line, field)
    return number


def natural(text: str, line: int, field: str) -> int:
    """A whole number from 0; raises FileRefused ``not-an-integer`` or ``negative``."""
    number = whole(text, line, field)
    if number < 0:
        raise FileRefused("negative", line, field)
    return number


def side(text: str, line: int) -> bool:
    """Whether a side is ``buy``; raises FileRefused ``not-a-side``."""
    if text not in ("buy", "sell"):
        raise FileRefused("not-a-side", line, "side")
    return text == "buy"
