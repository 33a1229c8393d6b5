"""One side of a book: prices in a heap, at each price the orders in a linked queue.

An order is a plain list, because a list is made four times as fast as an object and most of
matching is making orders; its places have the names below.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Any

SPARE = 64
"""Dead keys that are not worth a sweep."""

Order = list[Any]
LEFT, ID, LEVEL, OWN, OWNER, UNTIL, BEFORE, AFTER = range(8)
"""Quantity left, id, level, all ids of its owner, owner, expiry, neighbours in the queue."""


class Level:
    """The orders at one price, first come first; ``total`` is what they have left."""

    __slots__ = ("first", "half", "key", "last", "total")

    def __init__(self, half: Half, key: int) -> None:
        self.half = half
        self.key = key
        self.first: Order | None = None
        self.last: Order | None = None
        self.total = 0


class Half:
    """One side; ``sign`` is 1 for sellers and -1 for buyers.

    A key is the price times the sign, so that the best is always the least and both sides share
    one code.  ``heap[0]`` always has a level; keys further down may be dead.
    """

    __slots__ = ("heap", "known", "levels", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.levels: dict[int, Level] = {}
        self.heap: list[int] = []
        self.known: set[int] = set()  # the keys in the heap

    def open(self, key: int) -> Level:
        """A new level."""
        level = self.levels[key] = Level(self, key)
        if key not in self.known:
            self.known.add(key)
            heappush(self.heap, key)
        return level

    def close(self, level: Level) -> None:
        """Let an empty level go, and dead keys that are the best or outnumber the levels."""
        heap, levels, known = self.heap, self.levels, self.known
        level.first = level.last = None  # no cycle is left for the garbage collector
        del levels[level.key]
        if not levels:
            heap.clear()
            known.clear()
            levels.clear()  # an emptied dict keeps its room until it is cleared
        elif heap[0] == level.key:
            while heap[0] not in levels:
                known.discard(heappop(heap))
        elif len(heap) > 2 * len(levels) + SPARE:
            heap[:] = levels
            heapify(heap)
            known.clear()
            known.update(heap)
            kept = dict(levels)
            levels.clear()
            levels.update(kept)

    def best(self) -> int | None:
        """The best price."""
        return self.heap[0] * self.sign if self.heap else None

    def queue(self, key: int) -> list[Order]:
        """The orders at a key in the order of time."""
        found: list[Order] = []
        order = self.levels[key].first
        while order is not None:
            found.append(order)
            order = order[AFTER]
        return found
