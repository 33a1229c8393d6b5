"""The books in memory, beside the rows of the orders that rest in them.

A book is made of the open orders when it is first asked for.  From then on it is changed by the
core itself while an order enters it (``changing``), and by what happens to a row everywhere else:
an order that ends or shrinks leaves or shrinks in the book.  Where a rollback brings an order
back, or lets it want more again, its level is remembered and made anew from its rows before the
book is used next.  A change that was begun and not ended leaves a book that is made anew.
So the book is never more than what the rows say, in the order of their turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ledger.parties.models import KEY
from ledger.writer.context import Context
from ledger.writer.errors import BrokenInvariant
from ledger.writer.kinds import Row
from market.matching.book import Book
from market.matching.kinds import Resting
from market.matching.resting import restored
from market.orders.freezes import BUY
from market.orders.models import ORDER, OrderState, is_open
from market.orders.owners import owner_of

STALE_MAX = 64
"""Levels that are mended one by one; where there are more, the whole book is made anew."""
Level = tuple[str, int]


def turn(row: Row) -> tuple[int, int]:
    """An order's turn at its price: who was placed earlier comes first."""
    return row["placed"], row["nth"]


class Live:
    """One instrument's book."""

    def __init__(self, context: Context, code: str) -> None:
        self._code = code
        self.stale: set[Level] = set()
        self.busy = False
        self._prices: range | None = None
        self._owners: dict[str, str] = {}
        self._keys = context.memo(KEY)
        rows = context.gather(ORDER, "book", code, OrderState.OPEN)
        rows.sort(key=turn)
        try:
            self.book: Book = restored(self._all_resting(context, rows))
        except ValueError as error:
            raise BrokenInvariant("book-broken", instrument=code, reason=str(error)) from error

    def _all_resting(self, context: Context, rows: list[Row]) -> list[Resting]:
        parties = {row["party"] for row in rows}
        owners = {party: self.owner(context, party) for party in sorted(parties)}
        return [
            Resting(
                r["order"], r["side"] == BUY, r["price_fen"], r["remaining"], owners[r["party"]]
            )
            for r in rows
        ]

    def _resting(self, context: Context, row: Row) -> Resting:
        owner = self.owner(context, row["party"])
        buys = row["side"] == BUY
        return Resting(row["order"], buys, row["price_fen"], row["remaining"], owner)

    def owner(self, context: Context, party: str) -> str:
        """The name under which a party's orders stand in the book."""
        found = self._owners.get(party)
        if found is None:
            found = self._owners[party] = owner_of(context, party)
        return found

    def stands(self, context: Context) -> bool:
        """Whether the book is whole, and its owners are still who they were."""
        if self.busy or len(self.stale) > STALE_MAX:
            return False
        keys = context.memo(KEY)
        if keys is not self._keys:
            if any(owner_of(context, party) != name for party, name in self._owners.items()):
                return False
            self._keys = context.memo(KEY)
        return True

    def mend(self, context: Context) -> None:
        """Make levels that a rollback touched anew from their rows."""
        if not self.stale:
            return
        self.book.confine(None)
        self._prices = None
        for side, price in sorted(self.stale):
            rows = context.members(ORDER, "level", self._code, side, price, OrderState.OPEN)
            for row in rows:
                self.book.cancel(row["order"])
            for row in sorted(rows, key=turn):
                order = self._resting(context, row)
                self.book.submit(order.id, order.buys, order.price, order.left, owner=order.owner)
        self.stale.clear()
        if self.book.trades:
            raise BrokenInvariant("book-crossed", instrument=self._code)

    def confine(self, prices: range) -> list[str]:
        """Let no price rest outside the day's band; gives the orders that had to go."""
        if prices == self._prices:
            return []
        self._prices = prices
        return self.book.confine(prices)

    @contextmanager
    def changing(self) -> Iterator[Book]:
        """The book, for a change that the rows follow before the block is left."""
        self.busy = True
        yield self.book
        self.busy = False

    def note(self, before: Row | None, after: Row | None) -> None:
        """A row has changed outside of ``changing``."""
        if self.busy:
            return
        was = before if before is not None and is_open(before) else None
        now = after if after is not None and is_open(after) else None
        if was is not None and now is not None and _place(was) == _place(now):
            less = was["remaining"] - now["remaining"]
            if less > 0:
                self.book.reduce(now["order"], less)
            elif less:
                self.stale.add((now["side"], now["price_fen"]))
            return
        if was is not None:
            self.book.cancel(was["order"])
        if now is not None:
            self.stale.add((now["side"], now["price_fen"]))


class Books:
    """All books of a state, and the plans of call auctions that clear in several steps."""

    def __init__(self) -> None:
        self._live: dict[str, Live] = {}
        self.plans: dict[str, Any] = {}

    def of(self, context: Context, code: str) -> Live:
        """An instrument's book as its rows are now."""
        live = self._live.get(code)
        if live is None or not live.stands(context):
            live = self._live[code] = Live(context, code)
        live.mend(context)
        return live

    def note(self, before: Row | None, after: Row | None) -> None:
        """An order's row has changed."""
        row = after if after is not None else before
        if row is not None and (live := self._live.get(row["instrument"])) is not None:
            live.note(before, after)


def books(context: Context) -> Books:
    """The books beside the state of a decision."""
    return context.follow(ORDER, Books)


def rows_of(context: Context, names: Iterable[str]) -> list[Row]:
    """The rows of orders by name."""
    return [context.need(ORDER, name) for name in names]


def _place(row: Row) -> tuple[int, int, int]:
    return row["price_fen"], row["placed"], row["nth"]
