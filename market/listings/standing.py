"""The open listings, and giving back what one offered when it ends."""

from __future__ import annotations

from ledger.writer.context import Context
from ledger.writer.kinds import Row
from market.listings.models import LISTING, ListingState
from market.settlement.freezes import thaw


def cancel(context: Context, row: Row, state: ListingState) -> None:
    """End an open listing; what was not taken is available to its seller again."""
    thaw(context, row["seller"], row["portions"])
    context.concern(row["seller"], row["salt"])
    ended = {"remaining": 0, "portions": [], "state": state, "revision": row["revision"] + 1}
    context.put(LISTING, {**row, **ended})


def open_listings(context: Context, group: str, value: str) -> list[Row]:
    """The open listings of an instrument (``book``) or of a seller (``seller``)."""
    return context.members(LISTING, group, value, ListingState.OPEN)
