"""The continuous core: price–time priority, in integers, without clock, database or web.

Each half of the book keeps its levels in a dict and their keys in a heap; a key is the price
times the half's sign, so that the best is always the least and both halves share one code.
A level is a queue of orders.  Costs: a new order O(1), at a new price O(log levels); a trade
O(1) per maker; cancel and reduce O(1).  A cancelled order stays in its queue as an empty one
until it is reached or the empty ones outnumber the rest; an emptied level leaves at once, and
its key when reached or when dead keys outnumber levels.  So depth costs nothing and memory
follows what rests.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from heapq import heapify, heappop, heappush, nsmallest

Trade = tuple[str, str, int, int]
"""(taker, maker, price, quantity)"""
SPARE = 64
"""Dead entries that are not worth a sweep."""


class Kind(Enum):
    """How long, and whether at all, an order may wait."""

    LIMIT = "limit"
    MARKET = "market"
    MARKET_TO_LIMIT = "market-to-limit"
    IMMEDIATE = "immediate-or-cancel"
    FILL_OR_KILL = "fill-or-kill"
    POST_ONLY = "post-only"


_LIMIT = Kind.LIMIT  # an enum's member is slow to look up, and every order asks
_NEVER_RESTS = frozenset({Kind.MARKET, Kind.IMMEDIATE, Kind.FILL_OR_KILL})


class SelfTrade(Enum):
    """Which order goes where both sides have one beneficial owner."""

    NEWEST = "cancel-newest"
    OLDEST = "cancel-oldest"
    BOTH = "cancel-both"


class Order:
    """What rests; ``left`` is 0 as soon as it is filled or cancelled."""

    __slots__ = ("id", "left", "level", "owner")

    def __init__(self, id: str, level: Level, left: int, owner: str | None) -> None:
        self.id = id
        self.level = level
        self.left = left
        self.owner = owner


class Level:
    """The orders at one price of one half, first come first."""

    __slots__ = ("half", "key", "live", "queue", "total")

    def __init__(self, half: Half, key: int) -> None:
        self.half = half
        self.key = key
        self.queue: deque[Order] = deque()
        self.live = 0
        self.total = 0


class Half:
    """One side of the book; ``sign`` is 1 for sellers and -1 for buyers."""

    __slots__ = ("heap", "known", "levels", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.levels: dict[int, Level] = {}
        self.heap: list[int] = []
        self.known: set[int] = set()  # the keys in the heap

    def best(self) -> int | None:
        """The least key that has a level."""
        heap, levels = self.heap, self.levels
        while heap and heap[0] not in levels:
            self.known.discard(heappop(heap))
        return heap[0] if heap else None

    def open(self, key: int) -> Level:
        """A new level."""
        level = self.levels[key] = Level(self, key)
        if key not in self.known:
            self.known.add(key)
            heappush(self.heap, key)
        return level

    def close(self, key: int) -> None:
        """Let an empty level go, and the dead keys where they outnumber the levels."""
        del self.levels[key]
        if len(self.heap) > 2 * len(self.levels) + SPARE:
            self.heap = list(self.levels)
            heapify(self.heap)
            self.known = set(self.heap)


class Book:
    """One instrument's continuous book; ``trades`` grows in trade order and is the caller's."""

    def __init__(self) -> None:
        self.trades: list[Trade] = []
        self._buyers, self._sellers = Half(-1), Half(1)
        self._orders: dict[str, Order] = {}

    def __len__(self) -> int:
        return len(self._orders)

    def __contains__(self, id: str) -> bool:
        return id in self._orders

    def submit(
        self,
        id: str,
        buys: bool,
        price: int | None,
        quantity: int,
        kind: Kind = _LIMIT,
        owner: str | None = None,
        self_trade: SelfTrade = SelfTrade.NEWEST,
    ) -> int:
        """Match an order and let rest what its kind allows; gives the quantity that rests.

        Raises ValueError ``order-resting`` where the id waits in the book already.
        """
        if id in self._orders:
            raise ValueError("order-resting")
        own, other = (self._buyers, self._sellers) if buys else (self._sellers, self._buyers)
        bound = None if price is None else price * other.sign
        if kind is not _LIMIT:
            best = other.best()
            if kind is Kind.MARKET_TO_LIMIT:
                if best is None:
                    return 0
                price, bound = best * other.sign, best
            elif kind is Kind.POST_ONLY:
                if best is not None and bound is not None and best <= bound:
                    return 0
            elif kind is Kind.FILL_OR_KILL:
                skips = self_trade is SelfTrade.OLDEST
                if _available(other, bound, owner, skips, quantity) < quantity:
                    return 0
        heap = other.heap
        if heap and (bound is None or heap[0] <= bound):
            quantity = self._match(id, other, bound, quantity, owner, self_trade)
        if not quantity or price is None or (kind is not _LIMIT and kind in _NEVER_RESTS):
            return 0
        key = price * own.sign
        level = own.levels.get(key) or own.open(key)
        order = self._orders[id] = Order(id, level, quantity, owner)
        level.queue.append(order)
        level.live += 1
        level.total += quantity
        return quantity

    def _match(
        self,
        id: str,
        other: Half,
        bound: int | None,
        quantity: int,
        owner: str | None,
        self_trade: SelfTrade,
    ) -> int:
        """Trade against the other half up to the bound; gives what is left to rest."""
        sign, trades, orders = other.sign, self.trades, self._orders
        while quantity:
            key = other.best()
            if key is None or (bound is not None and key > bound):
                break
            level = other.levels[key]
            while quantity and level.live:
                maker = level.queue[0]
                left = maker.left
                if not left:
                    level.queue.popleft()
                    continue
                if owner is not None and maker.owner == owner:
                    if self_trade is not SelfTrade.NEWEST:
                        self.cancel(maker.id)
                    if self_trade is not SelfTrade.OLDEST:
                        return 0
                    continue
                part = left if left < quantity else quantity
                trades.append((id, maker.id, key * sign, part))
                quantity -= part
                level.total -= part
                maker.left = left - part
                if part == left:
                    level.queue.popleft()
                    level.live -= 1
                    del orders[maker.id]
            if not level.live and key in other.levels:
                other.close(key)
        return quantity

    def cancel(self, id: str) -> bool:
        """Take an order out; False where none of that id rests."""
        order = self._orders.pop(id, None)
        if order is None:
            return False
        level = order.level
        level.total -= order.left
        level.live -= 1
        order.left = 0
        if not level.live:
            level.half.close(level.key)
        elif len(level.queue) > 2 * level.live + SPARE:
            level.queue = deque(waiting for waiting in level.queue if waiting.left)
        return True

    def cancel_all(self, owner: str) -> list[str]:
        """Take out every order of an owner; gives their ids in the order of arrival."""
        ids = [order.id for order in self._orders.values() if order.owner == owner]
        for id in ids:
            self.cancel(id)
        return ids

    def reduce(self, id: str, quantity: int) -> bool:
        """Take a quantity off a resting order, which keeps its place; all of it is a cancel."""
        order = self._orders.get(id)
        if order is None:
            return False
        if quantity >= order.left:
            return self.cancel(id)
        order.left -= quantity
        order.level.total -= quantity
        return True

    def replace(
        self,
        id: str,
        price: int,
        quantity: int,
        self_trade: SelfTrade = SelfTrade.NEWEST,
    ) -> bool:
        """Cancel and submit anew under the same id: the place is lost, and it may trade."""
        order = self._orders.get(id)
        if order is None:
            return False
        buys = order.level.half is self._buyers
        self.cancel(id)
        self.submit(id, buys, price, quantity, owner=order.owner, self_trade=self_trade)
        return True

    def best(self, buys: bool) -> int | None:
        """The best price of a side, or None."""
        own = self._buyers if buys else self._sellers
        key = own.best()
        return None if key is None else key * own.sign

    def depth(self, buys: bool, levels: int) -> list[tuple[int, int, int]]:
        """Best first: (price, quantity, number of orders)."""
        own = self._buyers if buys else self._sellers
        keys = nsmallest(levels, own.levels)
        return [(k * own.sign, own.levels[k].total, own.levels[k].live) for k in keys]


def _available(other: Half, bound: int | None, owner: str | None, skips: bool, wanted: int) -> int:
    """What an order would get within its bound, counted in the order of trading until enough.

    An order of the same owner is passed over where the rule ``skips`` it, else it ends all.
    """
    found = 0
    for key in sorted(other.levels):
        if found >= wanted or (bound is not None and key > bound):
            break
        for order in other.levels[key].queue:
            if owner is None or order.owner != owner:
                found += order.left
            elif order.left and not skips:
                return found
    return found
