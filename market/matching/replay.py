"""A stream of orders through the continuous core, as the contract of ``market replay`` says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from market.errors import FileRefused
from market.matching.book import Book
from market.matching.kinds import Kind, Trade
from market.rows import positive, rows, side, whole

COLUMNS = ("seq", "action", "order_id", "side", "price", "quantity")
TRADE_COLUMNS = ("taker_order_id", "maker_order_id", "price", "quantity")


@dataclass(frozen=True)
class Replayed:
    """What came of a stream."""

    rows: int
    trades: list[Trade]
    resting: int


def replay(lines: Iterable[str]) -> Replayed:
    """Run every row in the order of the file.

    What a market order cannot fill is cancelled; cancel and reduce of an unknown id do nothing;
    a reduce by more than is left is a cancel.  A field that the action does not need is not read:
    the price of a market order, all but the id of a cancel.  An id may come again once no order
    of that id rests.  Raises FileRefused naming line and field.
    """
    book = Book()
    count = 0
    for line, (_, action, id, way, price, quantity) in rows(lines, COLUMNS):
        count += 1
        if not id:
            raise FileRefused("order-id-missing", line, "order_id")
        if action == "cancel":
            book.cancel(id)
        elif action == "reduce":
            book.reduce(id, positive(quantity, line, "quantity"))
        elif action in ("limit", "market"):
            if id in book:
                raise FileRefused("order-resting", line, "order_id")
            limit = whole(price, line, "price") if action == "limit" else None
            kind = Kind.LIMIT if action == "limit" else Kind.MARKET
            book.submit(id, side(way, line), limit, positive(quantity, line, "quantity"), kind)
        else:
            raise FileRefused("not-an-action", line, "action")
    return Replayed(count, book.trades, len(book))
