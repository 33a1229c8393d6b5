"""The order files of ``market auction`` and ``market one-way``."""

from __future__ import annotations

from collections.abc import Iterable

from market.auctions import call, one_way
from market.errors import FileRefused
from market.rows import natural, positive, rows, side, whole

COLUMNS = ("order_id", "side", "price", "quantity")
BID_COLUMNS = ("bid_id", "price", "quantity", "least")


def read_orders(lines: Iterable[str], tick: int = 1) -> list[call.Bid]:
    """The orders in the order of the file, which is that of time; no price is a market order.

    Raises FileRefused naming line and field: an id must be there once, a limit on the tick.
    """
    seen: set[str] = set()
    bids = []
    for line, (id, way, price, quantity) in rows(lines, COLUMNS):
        _once(seen, id, line, "order_id")
        limit = whole(price, line, "price") if price else None
        _on_tick(limit or 0, tick, line)
        bids.append(call.Bid(id, side(way, line), limit, positive(quantity, line, "quantity")))
    return bids


def read_bids(lines: Iterable[str], tick: int = 1, lot: int = 1) -> list[one_way.Bid]:
    """The bids of a one-way auction, in the order of time; an empty least is none.

    Raises FileRefused naming line and field: an id must be there once, prices on the tick,
    quantities in whole lots, and the least no more than the quantity.
    """
    seen: set[str] = set()
    bids: list[one_way.Bid] = []
    for line, (id, price, quantity, least) in rows(lines, BID_COLUMNS):
        _once(seen, id, line, "bid_id")
        limit, wanted = positive(price, line, "price"), positive(quantity, line, "quantity")
        content = natural(least, line, "least") if least else 0
        _on_tick(limit, tick, line)
        if wanted % lot:
            raise FileRefused("quantity-off-lot", line, "quantity")
        if content > wanted or content % lot:
            raise FileRefused("bid-least", line, "least")
        bids.append(one_way.Bid(id, limit, wanted, len(bids), content))
    return bids


def _once(seen: set[str], id: str, line: int, field: str) -> None:
    if not id or id in seen:
        raise FileRefused("order-id-twice" if id else "order-id-missing", line, field)
    seen.add(id)


def _on_tick(price: int, tick: int, line: int) -> None:
    if price % tick:
        raise FileRefused("price-off-tick", line, "price")
