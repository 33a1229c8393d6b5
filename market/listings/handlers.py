"""Placing, taking and withdrawing listings; confidential to the parties concerned."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ledger.writer.context import Context, people
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.versions import LISTINGS_NAMED
from market import rules
from market.checks import judge, may_trade, tradable
from market.listings.book import best_prices
from market.listings.models import LISTING, ListingState
from market.listings.standing import cancel, open_listings
from market.positions import check_position
from market.readers import LISTING as LISTING_METHOD
from market.settlement.deals import Sale, Side, settle
from market.settlement.freezes import freeze
from market.terms import lot_faults, order_faults

Body = Mapping[str, Any]


def listing_name(salt: str) -> str:
    """The name by which a taker picks a listing: from its secret salt, so it ties to nobody."""
    return hashlib.sha256(f"qingzhang/listing/v1\n{salt}".encode()).hexdigest()[:20]


def place(context: Context, body: Body) -> None:
    """挂牌: freeze the units and offer them until the session closes."""
    instrument, _ = tradable(context, body["instrument"], LISTING_METHOD)
    terms = rules.terms(context, instrument)
    may_trade(context, terms)
    reference = instrument["reference_fen"]
    judge(context, order_faults(terms, reference, body["price_fen"], body["quantity"]))
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
    instrument, session = tradable(context, row["instrument"], LISTING_METHOD)
    terms = rules.terms(context, instrument)
    may_trade(context, terms)
    if row["seller"] == context.party or people(context.signers) & set(row["persons"]):
        context.fault("self-trade", field="listing")
    book = open_listings(context, "book", row["instrument"])
    best = best_prices((other["price_fen"] for other in book), terms.best_levels)
    if row["price_fen"] not in best:
        context.fault("outside-best", field="listing", levels=terms.best_levels)
    quantity = body["quantity"]
    judge(context, lot_faults(terms, quantity))
    check_position(context, terms, instrument, quantity)
    if quantity > row["remaining"]:
        raise Refusal("quantity-over-remaining", field="quantity", remaining=row["remaining"])
    assert context.salt is not None  # the circle's schema demands it
    amount = row["price_fen"] * quantity
    buyer_fee, seller_fee = terms.fees(amount)
    sale = Sale(
        instrument,
        session,
        terms,
        buyer=Side(context.party, context.salt, context.id, buyer_fee),
        seller=Side(row["seller"], row["salt"], row["listing"], seller_fee),
        price_fen=row["price_fen"],
        quantity=quantity,
        portions=row["portions"],
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
        if context.engine_version < LISTINGS_NAMED:
            raise Refusal("listing-unknown", key=name)
        raise Refusal("listing-of-another", field="listing")
    if row["state"] != ListingState.OPEN:
        raise Refusal("listing-closed", field="listing", state=row["state"])
    return row
