"""Which units of a batch are known, and which of them have ended."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from ledger.mirrors.cells import pieces, too_wide
from ledger.mirrors.models import SPAN
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

Row = dict[str, Any]
HELD = "held"


def checked(block: dict[str, Any]) -> tuple[str, int, int]:
    """Scope, first and last of a block whose figures agree.

    Raises Refusal ``mirror-serial-quantity`` or ``mirror-block-too-wide``.
    """
    first, last = block["first"], block["last"]
    if last - first + 1 != block["quantity"]:
        raise Refusal("mirror-serial-quantity", field="block", units=last - first + 1)
    if too_wide(first, last):
        raise Refusal("mirror-block-too-wide", field="block", units=block["quantity"])
    return block["scope"], first, last


def touched(context: Context, registry: str, scope: str, first: int, last: int) -> Iterator[Row]:
    """Every known span that shares a unit with the range, lowest first."""
    for cell, low, high in pieces(first, last):
        keys = context.children(SPAN, "cell", scope, cell)
        found = []
        # Spans of a registry are disjoint: the highest that begins within or before the range,
        # then downwards until one ends before it.
        for key in reversed(keys[: bisect_right(keys, (registry, scope, high))]):
            row = context.need(SPAN, *key) if key[0] == registry else None
            if row is None or row["last"] < low:
                break
            found.append(row)
        yield from reversed(found)


def place(context: Context, batch: Row, block: dict[str, Any]) -> int:
    """Take note of a block of a batch; gives how many of its units were new.

    A block is new as a whole, or stands as a whole in living units of its own batch.
    Raises Refusal ``mirror-serial-overlap``, ``mirror-unit-ended``, ``mirror-batch-exceeded``.
    """
    scope, first, last = checked(block)
    registry, name = batch["registry"], batch["batch"]
    known = list(touched(context, registry, scope, first, last))
    if not known:
        listed = batch["listed"] + block["quantity"]
        if batch["quantity"] is not None and listed > batch["quantity"]:
            raise Refusal(
                "mirror-batch-exceeded", batch=name, quantity=batch["quantity"], listed=listed
            )
        _add(context, batch, scope, first, last)
        return int(block["quantity"])
    strangers = [row for row in known if row["batch"] != name]
    if strangers:
        raise Refusal("mirror-serial-overlap", field="block", batch=strangers[0]["batch"])
    ended = [row for row in known if row["state"] != HELD]
    if ended:
        row = ended[0]
        raise Refusal("mirror-unit-ended", field="block", state=row["state"], act=row["act"])
    if sum(min(r["last"], last) - max(r["first"], first) + 1 for r in known) != block["quantity"]:
        raise Refusal("mirror-serial-overlap", field="block", batch=name)
    return 0


def fill(context: Context, batch: Row, block: dict[str, Any]) -> int:
    """Make a whole issuance of a block in which parts are known already; gives the new units.

    Raises Refusal ``mirror-outside-issuance`` where a known part lies outside, and
    ``mirror-serial-overlap`` where units of the range are another batch's.
    """
    scope, first, last = checked(block)
    registry, name = batch["registry"], batch["batch"]
    own = context.members(SPAN, "batch", registry, name)
    for row in own:
        if row["scope"] != scope or row["first"] < first or row["last"] > last:
            raise Refusal("mirror-outside-issuance", field="block", first=row["first"])
    known = list(touched(context, registry, scope, first, last))
    strangers = [row for row in known if row["batch"] != name]
    if strangers:
        raise Refusal("mirror-serial-overlap", field="block", batch=strangers[0]["batch"])
    added, start = 0, first
    for row in [*known, {"first": last + 1, "last": last}]:
        if row["first"] > start:
            added += row["first"] - start
            _add(context, batch, scope, start, row["first"] - 1)
        start = row["last"] + 1
    return added


def end(context: Context, batch: Row, block: dict[str, Any], state: str) -> None:
    """Give the units of a block, all of them living, their last state."""
    scope, first, last = checked(block)
    for row in list(touched(context, batch["registry"], scope, first, last)):
        low, high = max(row["first"], first), min(row["last"], last)
        if high < row["last"]:
            context.put(SPAN, {**row, "first": high + 1})
        context.put(SPAN, {**row, "first": low, "last": high, "state": state, "act": context.id})
        if row["first"] < low:
            context.put(SPAN, {**row, "last": low - 1})


def _add(context: Context, batch: Row, scope: str, first: int, last: int) -> None:
    for cell, low, high in pieces(first, last):
        row = {"registry": batch["registry"], "scope": scope, "first": low, "last": high}
        row |= {"cell": cell, "batch": batch["batch"], "state": HELD, "act": context.id}
        context.insert(SPAN, row)  # nothing touches the range, so no span begins there
