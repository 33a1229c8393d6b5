"""Which orders end when: found without looking at those that do not end yet.

Ids lie in one dict an instant, in the order of arrival, and the instants in a heap.  To note
and to forget one costs O(1), a new instant O(log instants), what is due O(due) and the instants.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

SPARE = 64
"""Dead instants that are not worth a sweep."""


class Expiry:
    """The instants of good-till-date orders; good-for-day is good till the close of its day."""

    def __init__(self) -> None:
        self._ids: dict[int, dict[str, None]] = {}
        self._heap: list[int] = []

    def note(self, until: int, id: str) -> None:
        """An order ends at ``until``."""
        ids = self._ids.get(until)
        if ids is None:
            ids = self._ids[until] = {}
            heappush(self._heap, until)
        ids[id] = None

    def forget(self, until: int, id: str) -> None:
        """An order that was noted is gone."""
        ids = self._ids[until]
        del ids[id]
        if not ids:
            del self._ids[until]
            while self._heap and self._heap[0] not in self._ids:
                heappop(self._heap)
            if len(self._heap) > 2 * len(self._ids) + SPARE:
                self._heap = list(self._ids)
                heapify(self._heap)

    def next(self) -> int | None:
        """The earliest instant at which an order ends."""
        return self._heap[0] if self._heap else None

    def due(self, at: int) -> list[dict[str, None]]:
        """The ids that end at or before ``at``, by instant, each instant's in arrival order."""
        if not self._heap or self._heap[0] > at:
            return []
        return [self._ids[until] for until in sorted(self._ids) if until <= at]
