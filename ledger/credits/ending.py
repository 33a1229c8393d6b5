"""The end of units: retired or cancelled, for ever, with the serials that went."""

from __future__ import annotations

from ledger.accounts.verbs import post
from ledger.credits.blocks import take_blocks
from ledger.credits.models import BATCH, FATE
from ledger.credits.serials import Span
from ledger.writer.context import Context
from ledger.writer.kinds import Row

RETIRED, CANCELLED = "retired", "cancelled"


def end_units(
    context: Context, batch: Row, account: str, quantity: int, fate: str, take: str = "available"
) -> list[Span]:
    """Take the lowest serials of a batch out of an account's bucket, and say what became of them.

    The caller has seen that the bucket holds them.
    """
    name = batch["batch"]
    post(context, name, quantity, account, f"@{fate}", take=take)
    spans = take_blocks(context, name, quantity, account)
    for first, last in spans:
        row = {"batch": name, "first": first, "last": last, "fate": fate}
        context.put(FATE, {**row, "act": context.id, "index": context.index})
    if fate == CANCELLED:
        context.emit("units-cancelled", batch=name, spans=[list(span) for span in spans])
    context.put(BATCH, {**batch, fate: batch[fate] + quantity})
    return spans
