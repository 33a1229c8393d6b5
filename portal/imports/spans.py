"""Ranges already used, per scope: no unit may stand in two rows of one file."""

from __future__ import annotations

from bisect import bisect_right


class SpanBook:
    """Disjoint inclusive ranges with the row that claimed each."""

    def __init__(self) -> None:
        self._starts: dict[str, list[int]] = {}
        self._spans: dict[str, list[tuple[int, int]]] = {}

    def claim(self, scope: str, first: int, last: int, row: int) -> int | None:
        """Take first..last for `row`; if a unit of it is taken, take nothing and return by whom."""
        starts = self._starts.setdefault(scope, [])
        spans = self._spans.setdefault(scope, [])
        at = bisect_right(starts, last)
        if at and spans[at - 1][0] >= first:
            return spans[at - 1][1]
        starts.insert(at, first)
        spans.insert(at, (last, row))
        return None
