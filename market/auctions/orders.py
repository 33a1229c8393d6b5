"""The order file of ``market auction``."""

from __future__ import annotations

from collections.abc import Iterable

from market.auctions.call import Bid
from market.errors import FileRefused
from market.rows import positive, rows, side, whole

COLUMNS = ("order_id", "side", "price", "quantity")


def read_orders(lines: Iterable[str], tick: int = 1) -> list[Bid]:
    """The orders in the order of the file, which is that of time; no price is a market order.

    Raises FileRefused naming line and field: an id must be there once, a limit on the tick.
    """
    seen: set[str] = set()
    bids = []
    for line, (id, way, price, quantity) in rows(lines, COLUMNS):
        if not id or id in seen:
            code = "order-id-twice" if id else "order-id-missing"
            raise FileRefused(code, line, "order_id")
        seen.add(id)
        limit = whole(price, line, "price") if price else None
        if limit is not None and limit % tick:
            raise FileRefused("price-off-tick", line, "price")
        bids.append(Bid(id, side(way, line), limit, positive(quantity, line, "quantity")))
    return bids
