"""Rows that fall due: the earliest first, kept beside the state that holds the rows."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from ledger.writer.kinds import Falls, Key, Row


class Calendar:
    """The due instants of one kind.

    An instant that a later change has made void stays in the heap until it comes first;
    whoever asks compares it with the row as it is now.
    """

    def __init__(self, falls: Falls, rows: Iterable[tuple[Key, Row]]) -> None:
        self._falls = falls
        self._heap = [(at, key) for key, row in rows if (at := falls.of(row)) is not None]
        heapq.heapify(self._heap)

    def note(self, key: Key, before: Row | None, after: Row | None) -> None:
        """A row has changed."""
        at = self._falls.of(after)
        if at is not None and at != self._falls.of(before):
            heapq.heappush(self._heap, (at, key))

    def first(self) -> int | None:
        """The earliest instant, which may be void by now; None where nothing waits."""
        return self._heap[0][0] if self._heap else None

    def until(self, at: int) -> list[tuple[int, Key]]:
        """Take out what lies at or before ``at``, earliest first."""
        found = []
        while self._heap and self._heap[0][0] <= at:
            found.append(heapq.heappop(self._heap))
        return found

    def put_back(self, items: Iterable[tuple[int, Key]]) -> None:
        """What is still due stays so until its row says otherwise."""
        for item in items:
            heapq.heappush(self._heap, item)
