"""What others' public acts mean for listings: sealed, so that nobody learns whose they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.writer.context import Context
from market.instruments.models import INSTRUMENT
from market.listings.models import ListingState
from market.listings.standing import cancel, open_listings
from market.settlement.lots import release

Event = Mapping[str, Any]


def party_suspended(context: Context, event: Event) -> None:
    """A suspended party's listings are cancelled."""
    for row in open_listings(context, "seller", event["party"]):
        cancel(context, row, ListingState.SUSPENDED)


def party_barred(context: Context, event: Event) -> None:
    """The listings of a party that may no longer trade are cancelled."""
    for row in open_listings(context, "seller", event["party"]):
        cancel(context, row, ListingState.BARRED)


def instrument_halted(context: Context, event: Event) -> None:
    """A halted instrument's listings are cancelled."""
    for row in open_listings(context, "book", event["instrument"]):
        cancel(context, row, ListingState.HALTED)


def units_claimed(context: Context, event: Event) -> None:
    """Listings that offer a batch on which a claim waits are cancelled: the claim is older."""
    for row in open_listings(context, "seller", event["party"]):
        if any(batch == event["asset"] for batch, _ in row["portions"]):
            cancel(context, row, ListingState.CLAIMED)


def session_closed(context: Context, event: Event) -> None:
    """闭市自动撤单; and what was bought long enough ago may be sold."""
    for (code,) in context.children(INSTRUMENT, "venue", event["venue"]):
        for row in open_listings(context, "book", code):
            cancel(context, row, ListingState.EXPIRED)
    release(context, event["venue"], event["number"])
