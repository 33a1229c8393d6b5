"""The continuous core: price–time priority, in integers, without clock, database or web.

Structures: a dict of all resting orders by id; a side keeps its levels in a dict and their keys
in a heap (``levels``); a level links its orders in a queue, first come first; each owner's ids
and each expiry's ids lie in a dict of their own.

Costs: a new order O(1), at a new price O(log levels); a trade O(1) a maker; cancel and reduce
O(1), however deep the level; cancel-all and expiry O(k log k) in the k orders that go; best
price O(1); fill-or-kill looks at what it would take.  Nothing stays of an order that has gone:
memory follows what rests.  No cycle outlives an order, so that reference counts free all of it
and a service may collect garbage rarely; only a whole book that is dropped with orders in it
waits for such a pass, unless it is cleared.

Prices stand in ``prices``, a range of the band in steps of the tick: none rests outside and so
none trades outside.  Who calls this has checked the rest of the rules; ValueError is for what
would break the book itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest
from sys import getsizeof

from market.matching.conditions import declines
from market.matching.expiry import Expiry
from market.matching.kinds import RESTS, UNPRICED, Kind, Resting, SelfTrade, Trade
from market.matching.levels import (
    AFTER,
    BEFORE,
    ID,
    LEFT,
    LEVEL,
    OWNER,
    UNTIL,
    Half,
    Level,
    Order,
)

# Members of an enum are slow to look up, and every order asks.
_LIMIT, _MARKET = Kind.LIMIT, Kind.MARKET
_NEWEST, _OLDEST = SelfTrade.NEWEST, SelfTrade.OLDEST
_ROOM = 1 << 16
"""Bytes of a dict below which nobody minds that it is emptier than it was."""
_MASK = 4095
"""Its room is looked at each time that as many orders have gone."""


class Book:
    """One instrument's continuous book.

    ``trades`` grows in trade order, ``prevented`` by the ids of resting orders that self-trade
    prevention took out; both are the caller's to empty.
    """

    def __init__(self, prices: range | None = None) -> None:
        self.trades: list[Trade] = []
        self.prevented: list[str] = []
        self._prices = prices
        self._buyers, self._sellers = Half(-1), Half(1)
        self._orders: dict[str, Order] = {}
        self._owners: dict[str | None, dict[str, None]] = {}
        self._expiry = Expiry()

    def __len__(self) -> int:
        return len(self._orders)

    def __contains__(self, id: str) -> bool:
        return id in self._orders

    def submit(  # noqa: PLR0912 - a call costs more than a branch, here and in _match
        self,
        id: str,
        buys: bool,
        price: int | None,
        quantity: int,
        kind: Kind = _LIMIT,
        owner: str | None = None,
        self_trade: SelfTrade = _NEWEST,
        until: int | None = None,
    ) -> int:
        """Match an order and let rest what its kind allows; gives the quantity that rests.

        The price of a market and a market-to-limit order is not looked at.
        Raises ValueError ``order-resting`` where the id waits in the book already,
        ``quantity-not-positive``, ``price-missing`` and ``price-outside``.
        """
        orders = self._orders
        if id in orders:
            raise ValueError("order-resting")
        if quantity < 1:
            raise ValueError("quantity-not-positive")
        if buys:
            own, other = self._buyers, self._sellers
        else:
            own, other = self._sellers, self._buyers
        if kind is _LIMIT or kind not in UNPRICED:
            if price is None:
                raise ValueError("price-missing")
            bound = price
            level = own.levels.get(bound)
            # A price that has a level lies in the band, and to look that up costs half as much.
            if level is None and self._prices is not None and bound not in self._prices:
                raise ValueError("price-outside")
        elif not other.heap:
            return 0
        else:
            bound, level = other.any if kind is _MARKET else other.best, None
        ids = self._owners.get(owner)
        if kind is not _LIMIT and declines(kind, other, bound, quantity, ids, self_trade):
            return 0
        if bound >= other.best if buys else bound <= other.best:
            quantity = self._match(id, other, bound, quantity, ids, self_trade)
            if not quantity:
                return 0
        if kind is not _LIMIT and kind not in RESTS:
            return 0

        if level is None:
            level = own.open(bound)
        if owner is not None:
            if not ids:  # none rests, or prevention has just taken out the last
                ids = self._owners[owner] = {}
            ids[id] = None
        last = level.last
        order: Order = [quantity, id, level, ids, owner, until, last, None]
        orders[id] = level.last = order
        if last is None:
            level.first = order
            own.empty -= 1
        else:
            last[AFTER] = order
        level.total += quantity
        if until is not None:
            self._expiry.note(until, id)
        return quantity

    def _match(  # noqa: PLR0912 - see submit
        self,
        id: str,
        other: Half,
        bound: int,
        quantity: int,
        ids: dict[str, None] | None,
        self_trade: SelfTrade,
    ) -> int:
        """Trade against the other half, whose best meets the bound; gives what is left to rest.

        ``ids`` are what the taker's owner has resting: a maker that shares them is its own.
        """
        record, orders = self.trades.append, self._orders
        size = len(orders)
        while True:
            level = other.levels[other.best]
            price, total = level.price, level.total
            maker = level.first
            while maker is not None:
                left, maker_id, _, maker_ids, owner, until, _, after = maker
                if maker_ids is ids and ids is not None:
                    break
                if left > quantity:
                    record((id, maker_id, price, quantity))
                    maker[LEFT] = left - quantity
                    total -= quantity
                    quantity = 0
                    break
                record((id, maker_id, price, left))
                quantity -= left
                total -= left
                del orders[maker_id]
                if maker_ids is not None:
                    del maker_ids[maker_id]
                    if not maker_ids:
                        del self._owners[owner]
                if until is not None:
                    self._expiry.forget(until, maker_id)
                maker[AFTER] = None
                maker = after
                if not quantity:
                    break
            if maker is None:
                other.advance(level)
                if (size ^ len(orders)) > _MASK:
                    self._trim()
            else:
                maker[BEFORE] = None
                level.first, level.total = maker, total
            if not quantity:
                return 0
            if maker is not None:  # the owner's own
                if self_trade is not _NEWEST:
                    self.cancel(maker[ID])
                    self.prevented.append(maker[ID])
                if self_trade is not _OLDEST:
                    return 0
            if other.best > bound if other.sign > 0 else other.best < bound:
                return quantity

    def cancel(self, id: str) -> bool:
        """Take an order out; False where none of that id rests."""
        order = self._orders.pop(id, None)
        if order is None:
            return False
        left, _, level, ids, owner, until, before, after = order
        level.total -= left
        if before is not None:
            before[AFTER] = after
        else:
            level.first = after
        if after is not None:
            after[BEFORE] = before
        else:
            level.last = before
        if level.first is None:
            level.half.close(level)
        if ids is not None:
            del ids[id]
            if not ids:
                del self._owners[owner]
        if until is not None:
            self._expiry.forget(until, id)
        if not len(self._orders) & _MASK:
            self._trim()
        return True

    def cancel_all(self, owner: str) -> list[str]:
        """Take out every order of an owner; gives their ids in priority order, buyers first."""
        return self._cancel(self._owners.get(owner, ()))

    def expire(self, at: int) -> list[str]:
        """Take out what ends at or before an instant; gives the ids as ``expiring`` does."""
        ids = self.expiring(at)
        for id in ids:
            self.cancel(id)
        return ids

    def expiring(self, at: int) -> list[str]:
        """What ends at or before an instant: by instant, then in priority order, buyers first.

        A good-for-day order ends at the close of its day, which it is given as an instant.
        """
        return [id for ids in self._expiry.due(at) for id in self._ranked(ids)]

    def next_expiry(self) -> int | None:
        """The earliest instant at which an order ends."""
        return self._expiry.next()

    def confine(self, prices: range | None) -> list[str]:
        """Set the prices that may stand in the book; gives the ids of orders that had to go."""
        self._prices = prices
        if prices is None:
            return []
        halves = (self._buyers, self._sellers)
        outside = [
            order[ID]
            for half in halves
            for price, level in half.levels.items()
            if price not in prices
            for order in level.queue()
        ]
        gone = self._cancel(outside)
        for half in halves:
            half.sweep()  # that a price has a level says to submit that it lies in the band
        return gone

    def clear(self) -> None:
        """Take out every order, leaving trades as they are."""
        self._cancel(list(self._orders))

    def reduce(self, id: str, quantity: int) -> bool:
        """Take a quantity off a resting order, which keeps its place; all of it is a cancel.

        False where none of that id rests. Raises ValueError ``quantity-not-positive``.
        """
        if quantity < 1:
            raise ValueError("quantity-not-positive")
        order = self._orders.get(id)
        if order is None:
            return False
        if quantity >= order[LEFT]:
            return self.cancel(id)
        order[LEFT] -= quantity
        order[LEVEL].total -= quantity
        return True

    def replace(
        self,
        id: str,
        price: int,
        quantity: int,
        self_trade: SelfTrade = _NEWEST,
    ) -> bool:
        """Cancel and submit anew as a limit order: the place is lost, and it may trade.

        Id, side, owner and expiry stay. False where none of that id rests; raises ValueError as
        ``submit`` does, and then nothing has changed.
        """
        order = self._orders.get(id)
        if order is None:
            return False
        if quantity < 1:
            raise ValueError("quantity-not-positive")
        if self._prices is not None and price not in self._prices:
            raise ValueError("price-outside")
        buys = order[LEVEL].half is self._buyers
        owner, until = order[OWNER], order[UNTIL]
        self.cancel(id)
        self.submit(id, buys, price, quantity, _LIMIT, owner, self_trade, until)
        return True

    def left(self, id: str) -> int:
        """What a resting order has left; 0 where none of that id rests."""
        order = self._orders.get(id)
        return order[LEFT] if order is not None else 0

    def best(self, buys: bool) -> int | None:
        """The best price of a side, or None."""
        half = self._buyers if buys else self._sellers
        return half.best if half.heap else None

    def depth(self, buys: bool, levels: int) -> list[tuple[int, int]]:
        """Best first: (price, quantity)."""
        half = self._buyers if buys else self._sellers
        least = nsmallest(levels, (key for key in half.heap if half.levels[key * half.sign].first))
        found = (half.levels[key * half.sign] for key in least)
        return [(level.price, level.total) for level in found]

    def resting(self) -> list[Resting]:
        """All orders in priority order, buyers first: what ``restored`` makes the same book of."""
        return [
            _row(order)
            for half in (self._buyers, self._sellers)
            for level in half.ranked()
            for order in level.queue()
        ]

    def _ranked(self, ids: Iterable[str]) -> list[str]:
        """Ids of resting orders in priority order, buyers first.

        Ids of one level must stand in the order of time; that of levels does not matter, so that
        a book restored from rows in another order gives the same.
        """
        orders = self._orders

        def rank(id: str) -> tuple[int, int]:
            level: Level = orders[id][LEVEL]
            return level.half.sign, level.price * level.half.sign

        return sorted(ids, key=rank)

    def _cancel(self, ids: Iterable[str]) -> list[str]:
        ranked = self._ranked(ids)
        for id in ranked:
            self.cancel(id)
        return ranked

    def _trim(self) -> None:
        """Give back the room of dicts that were many times larger: Python's never shrink."""
        orders = self._orders
        room = getsizeof(orders)
        if room > _ROOM and room > 400 * len(orders):
            kept = list(orders.items())
            orders.clear()
            orders.update(kept)
            for ids in self._owners.values():
                names = list(ids)
                ids.clear()
                ids.update(dict.fromkeys(names))


def _row(order: Order) -> Resting:
    left, id, level, _, owner, until, _, _ = order
    return Resting(id, level.half.sign < 0, level.price, left, owner, until)
