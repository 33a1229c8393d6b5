"""Which serials an account holds: blocks that stay disjoint through every split and merge."""

from __future__ import annotations

from bisect import bisect_left

from ledger.credits.locks import locked_spans, promised
from ledger.credits.models import BLOCK
from ledger.credits.serials import Span, count, merge, split, take_lowest
from ledger.writer.context import Context
from ledger.writer.versions import BLOCKS_IN_ORDER


def take_blocks(
    context: Context, batch: str, quantity: int, account: str, *, free: bool = False
) -> list[Span]:
    """Take the lowest serials of a batch out of an account; the caller has posted the units.

    Locked ones are taken last, but before what the account must keep for what it has promised.
    ``free`` takes none of them: the caller has seen that there are enough others.
    """
    spans = _spans(context, account, batch)
    locks = locked_spans(context, batch)
    if locks:
        taken, rest = _around(context, account, batch, spans, locks, quantity, free)
    else:
        taken, rest = take_lowest(spans, quantity)
    _store(context, batch, account, spans, rest)
    return taken


def _around(
    context: Context,
    account: str,
    batch: str,
    spans: list[Span],
    locks: list[Span],
    quantity: int,
    free: bool,
) -> tuple[list[Span], list[Span]]:
    outside, inside = split(spans, locks)
    part = quantity
    if not free:
        keep = promised(context, account, batch)
        part = min(quantity, max(0, count(outside) - keep))
        part = max(part, quantity - count(inside))
    taken, left = take_lowest(outside, part)
    more, rest = take_lowest(inside, quantity - part)
    return merge([*taken, *more]), merge([*left, *rest])


def give_blocks(
    context: Context,
    batch: str,
    quantity: int,
    source: str,
    target: str,
    *,
    free: bool = False,
) -> list[Span]:
    """Move the lowest serials of a batch to another account, as ``take_blocks`` takes them."""
    if context.engine_version >= BLOCKS_IN_ORDER and not locked_spans(context, batch):
        return _hand_over(context, batch, quantity, source, target)
    taken = take_blocks(context, batch, quantity, source, free=free)
    spans = _spans(context, target, batch)
    _store(context, batch, target, spans, merge([*spans, *taken]))
    return taken


def _hand_over(context: Context, batch: str, quantity: int, source: str, target: str) -> list[Span]:
    """The same where nothing is locked, which touches no other blocks than those that change.

    Raises ValueError where the source holds fewer units.
    """
    taken, missing, rest = [], quantity, None
    for key in context.children(BLOCK, "held", source, batch):
        first, last = key[1], context.need(BLOCK, *key)["last"]
        if missing <= last - first:
            taken.append((first, first + missing - 1))
            rest, missing = (first + missing, last), 0
        else:
            taken.append((first, last))
            missing -= last - first + 1
        if not missing:
            break
    if missing:
        raise ValueError(f"{missing} units short")
    beside = _neighbours(context, batch, target, taken)
    joined = merge([*taken, *beside])
    starts = {first for first, _ in joined}
    for first in sorted(first for first, _ in (*taken, *beside) if first not in starts):
        context.delete(BLOCK, batch, first)
    for first, last in joined:
        context.put(BLOCK, {"batch": batch, "first": first, "last": last, "account": target})
    if rest is not None:
        row = {"batch": batch, "first": rest[0], "last": rest[1], "account": source}
        context.insert(BLOCK, row)
    return taken


def _neighbours(context: Context, batch: str, account: str, spans: list[Span]) -> list[Span]:
    """The blocks of an account that touch one of some spans of others, once each, in order."""
    keys = context.children(BLOCK, "held", account, batch)
    found: dict[int, Span] = {}
    for first, last in spans:
        place = bisect_left(keys, (batch, first))
        for key in keys[max(place - 1, 0) : place + 1]:
            end = context.need(BLOCK, *key)["last"]
            if end + 1 == first or last + 1 == key[1]:
                found[key[1]] = (key[1], end)
    return list(found.values())


def _spans(context: Context, account: str, batch: str) -> list[Span]:
    rows = context.members(BLOCK, "held", account, batch)
    return [(row["first"], row["last"]) for row in rows]


def _store(
    context: Context, batch: str, account: str, before: list[Span], after: list[Span]
) -> None:
    """Write the difference of an account's blocks; a start that another holds now is theirs."""
    gone, new = set(before) - set(after), set(after) - set(before)
    starts = {first for first, _ in new}
    for first, _ in sorted(gone) if context.engine_version >= BLOCKS_IN_ORDER else gone:
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
