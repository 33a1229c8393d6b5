"""Which serials an account holds: blocks that stay disjoint through every split and merge."""

from __future__ import annotations

from ledger.credits.models import BLOCK
from ledger.credits.serials import Span, merge, take_lowest
from ledger.writer.context import Context


def take_blocks(context: Context, batch: str, quantity: int, account: str) -> list[Span]:
    """Take the lowest serials of a batch out of an account."""
    spans = _spans(context, account, batch)
    taken, rest = take_lowest(spans, quantity)
    _store(context, batch, account, spans, rest)
    return taken


def give_blocks(
    context: Context, batch: str, quantity: int, source: str, target: str
) -> list[Span]:
    """Move the lowest serials of a batch from one account to another."""
    taken = take_blocks(context, batch, quantity, source)
    spans = _spans(context, target, batch)
    _store(context, batch, target, spans, merge([*spans, *taken]))
    return taken


def _spans(context: Context, account: str, batch: str) -> list[Span]:
    keys = context.children(BLOCK, "held", account, batch)
    return [(row["first"], row["last"]) for row in (context.need(BLOCK, *key) for key in keys)]


def _store(
    context: Context, batch: str, account: str, before: list[Span], after: list[Span]
) -> None:
    """Write the difference of an account's blocks; a start that another holds now is theirs."""
    gone, new = set(before) - set(after), set(after) - set(before)
    starts = {first for first, _ in new}
    for first, _ in gone:
        if first in starts:
            continue  # the same block, longer or shorter
        row = context.get(BLOCK, batch, first)
        if row is not None and row["account"] == account:
            context.delete(BLOCK, batch, first)
    for first, last in sorted(new):
        row = {"batch": batch, "first": first, "last": last, "account": account}
        if any(start < first <= end for start, end in gone):
            # Inside a block that was whole until now: no other block can begin there.
            context.insert(BLOCK, row)
        else:
            context.put(BLOCK, row)
