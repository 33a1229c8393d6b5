"""Ranges already used, per scope: no unit may stand in two rows of one file."""

from __future__ import annotations

from array import array
from bisect import bisect_right


class _Spans:
    """The ranges of one scope, in order; 24 bytes each, for a file may hold many."""

    def __init__(self) -> None:
        self.first, self.last, self.row = array("q"), array("q"), array("q")


class SpanBook:
    """Disjoint inclusive ranges with the row that claimed each."""

    def __init__(self) -> None:
        self._scopes: dict[str, _Spans] = {}

    def claim(self, scope: str, first: int, last: int, row: int) -> int | None:
        """Take first..last for `row`; if a unit of it is taken, take nothing and return by whom."""
        spans = self._scopes.setdefault(scope, _Spans())
        at = bisect_right(spans.first, last)
        if at and spans.last[at - 1] >= first:
            return spans.row[at - 1]
        for column, value in ((spans.first, first), (spans.last, last), (spans.row, row)):
            column.insert(at, value)
        return None
