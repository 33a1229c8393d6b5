"""Placing, taking and withdrawing listings; confidential to the parties concerned."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ledger.parties.models import PARTY
from ledger.writer.context import Context, people
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market import rules
from market.listings.book import best_prices
from market.listings.freezes import cancel, freeze, open_listings
from market.listings.models import LISTING, ListingState
from market.sessions.handlers import tradable
from market.settlement.deals import Sale, settle
from market.terms import Fault, Terms, lot_faults, order_faults

Body = Mapping[str, Any]


def listing_name(salt: str) -> str:
    """The name by which a taker picks a listing: from its secret salt, so it ties to nobody."""
    return hashlib.sha256(f"qingzhang/listing/v1\n{salt}".encode()).hexdigest()[:20]


def place(context: Context, body: Body) -> None:
    """挂牌: freeze the units and offer them until the session closes."""
    instrument, _ = tradable(context, body["instrument"])
    terms = _trader(context, instrument)
    reference = instrument["reference_fen"]
    for fault in order_faults(terms, reference, body["price_fen"], body["quantity"]):
        _refuse(fault)
    assert context.salt is not None  # the circle's schema demands it
    name = listing_name(context.salt)
    if context.get(LISTING, name) is not None:
        raise Refusal("salt-spent", field="salt")
    context.put(
        LISTING,
        {
            "listing": name,
            "seller": context.party,
            "instrument": body["instrument"],
            "price_fen": body["price_fen"],
            "quantity": body["quantity"],
            "remaining": body["quantity"],
            "portions": freeze(context, instrument, body["quantity"]),
            "state": ListingState.OPEN,
            "revision": 1,
            "persons": sorted(people(context.signers)),
            "salt": context.salt,
            "at": context.at,
            "index": context.index,
        },
    )


def take(context: Context, body: Body) -> None:
    """摘牌: buy from a named listing within the best prices, at its price."""
    row = _open(context, body["listing"])
    instrument, session = tradable(context, row["instrument"])
    terms = _trader(context, instrument)
    if row["seller"] == context.party or people(context.signers) & set(row["persons"]):
        raise Refusal("self-trade", field="listing")
    book = open_listings(context, "book", row["instrument"])
    best = best_prices((other["price_fen"] for other in book), terms.best_levels)
    if row["price_fen"] not in best:
        raise Refusal("outside-best", field="listing", levels=terms.best_levels)
    quantity = body["quantity"]
    for fault in lot_faults(terms, quantity):
        _refuse(fault)
    if quantity > row["remaining"]:
        raise Refusal("quantity-over-remaining", field="quantity", remaining=row["remaining"])
    sale = Sale(
        instrument,
        session,
        terms,
        row["seller"],
        row["salt"],
        row["listing"],
        row["price_fen"],
        quantity,
        row["portions"],
    )
    rest = settle(context, sale)
    remaining = row["remaining"] - quantity
    state = ListingState.OPEN if remaining else ListingState.FILLED
    changed = {"remaining": remaining, "portions": rest, "state": state}
    context.put(LISTING, {**row, **changed, "revision": row["revision"] + 1})


def withdraw(context: Context, body: Body) -> None:
    """撤单: by the seller alone; at any time, so that nothing stays frozen."""
    row = _open(context, body["listing"], seller=context.party)
    cancel(context, row, ListingState.WITHDRAWN)


def _open(context: Context, name: str, seller: str | None = None) -> Row:
    row = context.need(LISTING, name)
    if seller is not None and row["seller"] != seller:
        raise Refusal("listing-unknown", key=name)
    if row["state"] != ListingState.OPEN:
        raise Refusal("listing-closed", field="listing", state=row["state"])
    return row


def _trader(context: Context, instrument: Row) -> Terms:
    """The terms in force, for an author who may trade under them."""
    terms = rules.terms(context, instrument)
    if not terms.eligible & set(context.need(PARTY, context.party)["roles"]):
        raise Refusal("trader-not-eligible", eligible=sorted(terms.eligible))
    return terms


def _refuse(fault: Fault) -> None:
    raise Refusal(fault.code, **fault.params)
