"""Freezing what a listing offers and giving it back: oldest vintage first, by quantity."""

from __future__ import annotations

from ledger.accounts.models import BALANCE
from ledger.accounts.verbs import move, trading
from ledger.credits.models import BATCH
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market.instruments.handlers import fits
from market.listings.models import LISTING, ListingState
from market.settlement.deals import Portions


def freeze(context: Context, instrument: Row, quantity: int) -> Portions:
    """Freeze available units of the author's trading account that fit the instrument.

    Raises Refusal ``balance-short``.  Units that are frozen, pledged, in transfer or bought
    too recently are in other buckets and never offered; retired ones are in no account.
    """
    account = trading(context.party)
    missing = quantity
    portions: Portions = []
    for batch, available in _deliverable(context, account, instrument):
        part = min(missing, available)
        if part:
            move(context, batch, part, account, account, give="frozen")
            portions.append([batch, part])
            missing -= part
    if missing:
        have = quantity - missing
        raise Refusal("balance-short", asset=instrument["instrument"], have=have, need=quantity)
    return portions


def _deliverable(context: Context, account: str, instrument: Row) -> list[tuple[str, int]]:
    found = []
    for key in context.children(BALANCE, "account", account):
        batch = context.get(BATCH, key[1])
        if batch is not None and fits(instrument, batch):
            age = (batch["vintage"], batch["index"], batch["batch"])
            found.append((age, context.need(BALANCE, *key)["available"]))
    return [(age[2], available) for age, available in sorted(found)]


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
