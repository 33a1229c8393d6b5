"""Freezing what a seller offers: oldest vintage first, by quantity; the same for every method."""

from __future__ import annotations

from ledger.accounts.models import BALANCE
from ledger.accounts.verbs import held, move, trading
from ledger.credits.locks import transferable
from ledger.credits.models import BATCH
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market.instruments.handlers import fits
from market.rules import delivers_locked
from market.settlement.deals import Portions


def freeze(context: Context, instrument: Row, quantity: int) -> Portions:
    """Freeze available units of the author's trading account that fit the instrument.

    Raises Refusal ``balance-short``.  Units that are frozen, pledged, in transfer or bought
    too recently are in other buckets and never offered; retired ones are in no account, and
    locked serials are left out where the instrument does not say that it takes them.
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
            found.append((age, free_of_batch(context, instrument, *key)))
    return [(age[2], available) for age, available in sorted(found)]


def free_of_batch(context: Context, instrument: Row, account: str, batch: str) -> int:
    """What of a batch may be offered: what is available, less what is locked."""
    if delivers_locked(context, instrument):
        return held(context, account, batch)
    return transferable(context, account, batch)


def thaw(context: Context, party: str, portions: Portions) -> None:
    """Give back to a seller what was frozen and not delivered."""
    account = trading(party)
    for batch, quantity in portions:
        assert isinstance(batch, str) and isinstance(quantity, int)
        move(context, batch, quantity, account, account, take="frozen")
