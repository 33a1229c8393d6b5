"""What a trade would cost each side, by the code that charges it."""

from __future__ import annotations

from sqlalchemy import Connection

from ledger.parties.reading import reading
from ledger.writer.kinds import Row
from market.instruments.models import INSTRUMENT
from market.one_way.costs import as_announced
from market.queries import quoting_terms
from market.readers import LISTING, ONE_WAY
from market.rules import terms
from market.terms import Terms


def costs(
    connection: Connection,
    code: str,
    method: str | None,
    price_fen: int,
    quantity: int,
    at: int,
) -> Row | None:
    """Amount and fees in fen of so many credits at a price, by the terms in force; None for none.

    Without a ``method`` it is the one by which the venue quotes prices.

    ``buyer_pays_fen`` and ``seller_gets_fen`` are the amount with and without the side's fee.  A
    listing that is taken in parts pays the fee of each part.
    Raises Refusal ``parameter-not-in-force`` where the terms of the method are not stated.
    """
    context = reading(connection, at)
    instrument = context.get(INSTRUMENT, code)
    if instrument is None:
        return None
    stated = quoting_terms(context, instrument) if method is None else None
    stated = stated or terms(context, instrument, method or LISTING)
    return _told(code, stated, price_fen, quantity)


def announced_costs(
    connection: Connection, auction: Row, price_fen: int, quantity: int, at: int
) -> Row:
    """The same of a deal in a one-way auction, by the fees of its announcement.

    Raises Refusal ``parameter-not-in-force``.
    """
    context, code = reading(connection, at), str(auction["instrument"])
    stated = terms(context, context.need(INSTRUMENT, code), ONE_WAY)
    return _told(code, as_announced(auction, stated), price_fen, quantity)


def _told(code: str, stated: Terms, price_fen: int, quantity: int) -> Row:
    amount = price_fen * quantity
    buyer_fee, seller_fee = stated.fees(amount)
    return {
        "instrument": code,
        "method": stated.method,
        "price_fen": price_fen,
        "quantity": quantity,
        "amount_fen": amount,
        "buyer_fee_fen": buyer_fee,
        "seller_fee_fen": seller_fee,
        "buyer_pays_fen": amount + buyer_fee,
        "seller_gets_fen": amount - seller_fee,
    }
