"""One side of a book: prices in a heap, at each price the orders in a linked queue.

An order is a plain list, because a list is made four times as fast as an object and most of
matching is making orders; its places have the names below.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Any

SPARE = 64
"""Empty levels that are not worth a sweep."""
NOWHERE = 1 << 256
"""Worse than any price of a seller, and its negative than any of a buyer."""

Order = list[Any]
LEFT, ID, LEVEL, OWN, OWNER, UNTIL, BEFORE, AFTER = range(8)
"""Quantity left, id, level, all ids of its owner, owner, expiry, neighbours in the queue."""


class Level:
    """The orders at one price, first come first; ``total`` is what they have left."""

    __slots__ = ("first", "half", "last", "price", "total")

    def __init__(self, half: Half, price: int) -> None:
        self.half = half
        self.price = price
        self.first: Order | None = None
        self.last: Order | None = None
        self.total = 0

    def queue(self) -> list[Order]:
        """The orders in the order of time."""
        found: list[Order] = []
        order = self.first
        while order is not None:
            found.append(order)
            order = order[AFTER]
        return found


class Half:
    """One side; ``sign`` is 1 for sellers and -1 for buyers.

    A level that has become empty stays until it is the best or until such levels outnumber the
    others, since an order at its price may come at once; ``empty`` counts them.  Each level has a
    key in the heap, its price times the sign, so that the best is the least and both sides share
    one code; the best one has orders.  ``best`` is kept, because every order asks; where there is
    none it is a price that nothing meets.  ``any`` meets whatever there is.
    """

    __slots__ = ("any", "best", "empty", "heap", "levels", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.levels: dict[int, Level] = {}
        self.heap: list[int] = []
        self.empty = 0
        self.best = sign * NOWHERE
        self.any = sign * (NOWHERE - 1)

    def open(self, price: int) -> Level:
        """A new level, which is given an order at once."""
        level = self.levels[price] = Level(self, price)
        heappush(self.heap, price * self.sign)
        self.empty += 1
        self.best = self.heap[0] * self.sign
        return level

    def close(self, level: Level) -> None:
        """Note that a level has become empty; let it go if it was the best, or with many others."""
        if level.price == self.best:
            self.advance(level)
            return
        level.first = level.last = None  # no cycle is left for the garbage collector
        self.empty += 1
        if 2 * self.empty > len(self.levels) + SPARE:
            self.sweep()

    def advance(self, level: Level) -> None:
        """Let the best level go, which has become empty, and find the next that has orders."""
        heap, levels, sign = self.heap, self.levels, self.sign
        level.first = level.last = None
        heappop(heap)
        del levels[level.price]
        while heap:
            price = heap[0] * sign
            if levels[price].first is not None:
                self.best = price
                return
            heappop(heap)
            del levels[price]
            self.empty -= 1
        levels.clear()  # an emptied dict keeps its room until it is cleared
        self.best = sign * NOWHERE

    def sweep(self) -> None:
        """Let all empty levels go, and give back their room."""
        kept = [level for level in self.levels.values() if level.first is not None]
        self.levels.clear()
        self.levels.update((level.price, level) for level in kept)
        self.heap[:] = [level.price * self.sign for level in kept]
        heapify(self.heap)
        self.empty = 0

    def ranked(self) -> list[Level]:
        """The levels with orders, best first."""
        levels = (self.levels[key * self.sign] for key in sorted(self.heap))
        return [level for level in levels if level.first is not None]
