"""What several registries' cells have in common: years, lists, literals of Python, flags."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from portal.imports.dates import iso_date
from portal.imports.errors import BadValue, CellFault
from portal.imports.numbers import decimal_count
from portal.imports.rows import Cells

LITERAL_MAX = 20_000
"""Characters of a nested cell: Python's parser takes memory and depth in proportion."""


def year(text: str) -> str:
    """A vintage year, "2024". Raises BadValue date-malformed, date-impossible."""
    return iso_date(f"{text}-01-01").text[:4]


def one(text: str | None) -> tuple[str, ...]:
    """A list of the one text, or of none."""
    return () if text is None else (text,)


def flags(cells: Cells, columns: Iterable[str]) -> tuple[str, ...]:
    """The names of those columns that say Yes."""
    return tuple(column for column in columns if cells.optional(column) == "Yes")


def decimal_optional(cells: Cells, column: str) -> int | None:
    """An integer that a float column may have given a ".0", which the report then counts."""
    value = cells.read_optional(column, decimal_count)
    if value is not None and str(value) != cells.optional(column):
        cells.reshaped(column, "decimal-suffix")
    return value


def forward(start: str | None, end: str | None, column: str) -> None:
    """Require that a period of ISO days does not run backwards. Raises CellFault."""
    if start is not None and end is not None and end < start:
        raise CellFault("period-backwards", column, start=start, end=end)


def literal_list(text: str) -> list[object]:
    """A list written as Python writes it, with single quotes, which is no JSON.

    Only literals are read, nothing is run. Raises BadValue list-malformed.
    """
    try:
        if len(text) > LITERAL_MAX:
            raise ValueError
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise BadValue("list-malformed", value=text[:40]) from None
    if not isinstance(value, list):
        raise BadValue("list-malformed", value=text[:40])
    return value


def texts_of(text: str) -> tuple[str, ...]:
    """A literal list of texts. Raises BadValue list-malformed."""
    found = literal_list(text)
    if not all(isinstance(item, str) and item for item in found):
        raise BadValue("list-malformed", value=text[:40])
    return tuple(str(item) for item in found)


def named_in(name: str, text: str) -> tuple[str, ...]:
    """What a literal list of records says under a name, each once, in order.

    Raises BadValue list-malformed.
    """
    found: dict[str, None] = {}
    for item in literal_list(text):
        if not isinstance(item, dict) or not isinstance(item.get(name), str):
            raise BadValue("list-malformed", value=text[:40])
        if item[name]:
            found[item[name]] = None
    return tuple(found)
