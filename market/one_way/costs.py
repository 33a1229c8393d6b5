"""What a bid may cost, by the fees that held when the auction was announced.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ledger.writer.kinds import Row
from market.terms import Terms


def as_announced(row: Row, terms: Terms) -> Terms:
    """The terms with the fees of the announcement, so that a deposit that was enough stays so."""
    fees = row["fees"]
    return replace(
        terms,
        buyer_fee=Fraction(fees["buyer_rate"]),
        seller_fee=Fraction(fees["seller_rate"]),
        fee_minimum_fen=fees["minimum_fen"],
        fee_rounding=fees["rounding"],
    )


def price_and_fee(terms: Terms, price_fen: int, quantity: int) -> int:
    """What a buyer pays for so many credits, in fen."""
    amount = price_fen * quantity
    return amount + terms.fees(amount)[0]


def ceiling(row: Mapping[str, Any], terms: Terms) -> int:
    """What the buyer of a reverse auction may have to pay: all at the ceiling, in many deals.

    Each winner is a deal of its own, whose fee is rounded and has a minimum.
    """
    amount = row["reserve_fen"] * row["quantity"]
    fee = terms.fees(amount)[0]
    if not terms.buyer_fee:
        return int(amount)
    deals = min(row["bids_max"], row["quantity"] // row["lot"])
    return int(amount + fee + deals * (terms.fee_minimum_fen + 1))
