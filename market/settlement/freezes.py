"""Freezing what a seller offers: oldest vintage first, by quantity; the same for every method."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.accounts.models import BALANCE, CASH
from ledger.accounts.verbs import check_held, held, move, trading
from ledger.credits.locks import transferable
from ledger.credits.models import BATCH
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market.instruments.handlers import fits
from market.rules import delivers_locked
from market.settlement.deals import Portions

Age = tuple[int, int, str]


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
            context.add(BALANCE, account, batch, available=-part, frozen=part)
            portions.append([batch, part])
            missing -= part
        if not missing:
            return portions
    have = quantity - missing
    raise Refusal("balance-short", asset=instrument["instrument"], have=have, need=quantity)


def freeze_cash(context: Context, amount_fen: int) -> None:
    """Freeze available cash of the author's trading account; raises Refusal ``balance-short``."""
    account = trading(context.party)
    check_held(context, account, CASH, amount_fen)
    context.add(BALANCE, account, CASH, available=-amount_fen, frozen=amount_fen)


def _deliverable(context: Context, account: str, instrument: Row) -> Iterator[tuple[str, int]]:
    """Batches with what may be offered of them, in the order of delivery; read as asked for."""
    known: dict[str, Age | None] = context.memo(BATCH).setdefault(
        ("ages", instrument["instrument"]), {}
    )
    ages = []
    for row in context.members(BALANCE, "account", account):
        if not row["available"]:
            continue
        asset = row["asset"]
        if asset not in known:
            known[asset] = _age(context, asset, instrument)
        if (age := known[asset]) is not None:
            ages.append(age)
    for _, _, batch in sorted(ages):
        yield batch, free_of_batch(context, instrument, account, batch)


def _age(context: Context, asset: str, instrument: Row) -> Age | None:
    """A batch's turn at delivery into an instrument, or None where it may not be delivered."""
    batch = context.get(BATCH, asset)
    if batch is None or not fits(instrument, batch):
        return None
    return batch["vintage"], batch["index"], asset


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
