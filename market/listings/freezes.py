"""Giving back what a listing had offered."""

from __future__ import annotations

from ledger.accounts.verbs import move, trading
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from market.listings.models import LISTING, ListingState


def cancel(context: Context, row: Row, state: ListingState) -> None:
    """End an open listing; what was not taken is available to its seller again."""
    account = trading(row["seller"])
    for batch, quantity in row["portions"]:
        move(context, batch, quantity, account, account, take="frozen")
    context.concern(row["seller"], row["salt"])
    ended = {"remaining": 0, "portions": [], "state": state, "revision": row["revision"] + 1}
    context.put(LISTING, {**row, **ended})


def open_listings(context: Context, group: str, value: str) -> list[Row]:
    """The open listings of an instrument (``book``) or of a seller (``seller``)."""
    keys = context.children(LISTING, group, value, ListingState.OPEN)
    return [context.need(LISTING, *key) for key in keys]
