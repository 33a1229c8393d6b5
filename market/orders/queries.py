"""What the public sees of open orders: sums by price, or what a call would give; never whose."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market import rules
from market.auctions.call import Bid
from market.orders.calls import priced
from market.orders.entering import open_call
from market.orders.freezes import BUY, SELL
from market.orders.models import OrderState, order_table
from market.readers import CALL as BY_CALL
from market.readers import CONTINUOUS
from market.terms import Terms


def book_of(connection: Connection, context: Context, instrument: Row) -> Row:
    """``bids`` and ``asks``, the best first, or ``call`` while an auction gathers orders.

    Nothing where the venue has neither now.
    A level is ``{price_fen, quantity, count}``.  In a call both sides may cross, so that depth
    would mislead: it is shown by the price and the volume that it would give now.
    """
    code = instrument["instrument"]
    call = open_call(context, code) if instrument["open"] else None
    if call is not None:
        return {"call": _indicated(connection, context, instrument, call)}
    terms = terms_of(context, instrument, CONTINUOUS)
    if terms is None or not instrument["open"]:
        return {}
    bids, asks = (levels(connection, code, side, terms.best_levels) for side in (BUY, SELL))
    return {"bids": bids, "asks": asks}


def terms_of(context: Context, instrument: Row, method: str) -> Terms | None:
    """The terms of a method, or None where the venue does not trade by it now."""
    try:
        rules.check_method(context, instrument["venue"], method)
        return rules.terms(context, instrument, method)
    except Refusal:
        return None


def levels(connection: Connection, code: str, side: str, count: int | None) -> list[Row]:
    """The best prices of a side with what is open there."""
    table = order_table.c
    price = table.price_fen
    query = (
        select(price, func.sum(table.remaining), func.count())
        .where(table.instrument == code, table.state == OrderState.OPEN, table.side == side)
        .group_by(price)
        .order_by(price.desc() if side == BUY else price)
    )
    rows = connection.execute(query if count is None else query.limit(count))
    return [{"price_fen": int(p), "quantity": int(q), "count": int(n)} for p, q, n in rows]


def _indicated(
    connection: Connection, context: Context, instrument: Row, call: Row
) -> dict[str, Any]:
    code, terms = instrument["instrument"], terms_of(context, instrument, BY_CALL)
    found: dict[str, Any] = {"ends_at": call["ends_at"], "price_fen": None, "volume": 0}
    if terms is None:
        return found
    bids = [
        Bid(f"{side}{n}", side == BUY, level["price_fen"], level["quantity"])
        for side in (BUY, SELL)
        for n, level in enumerate(levels(connection, code, side, None))
    ]
    cleared = priced(context, instrument, terms, bids)
    return {**found, "price_fen": cleared.price, "volume": cleared.volume}
