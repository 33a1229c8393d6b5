"""冲正: what a reassignment that corrects an earlier entry may reverse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.credits.models import TRANSFER
from ledger.restraints.models import REASSIGNMENT
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.versions import CORRECTIONS_FIT

Body = Mapping[str, Any]


def check_corrected(context: Context, body: Body) -> None:
    """A correction goes the way back of what its entry moved, once and for no more than that.

    The entry is that of a transfer's proposal, of a reassignment or of an execution; a trade has
    a cash leg and is not reversed by its units alone.  Raises Refusal ``entry-unknown``,
    ``corrected-already``, ``correction-of-nothing`` and ``correction-too-large``.
    """
    entry, batch = body["corrects"], body["batch"]
    way = (body["receiver"], body["party"])
    fits = context.engine_version >= CORRECTIONS_FIT
    if entry >= context.index:
        raise Refusal("entry-unknown", field="corrects", index=entry)
    for earlier in context.members(REASSIGNMENT, "corrects", entry):
        same = (earlier["receiver"], earlier["sender"], earlier["batch"]) == (*way, batch)
        if same or not fits:
            raise Refusal("corrected-already", field="corrects", index=earlier["index"])
    if not fits:
        return
    sent = context.members(TRANSFER, "sent", way[0], batch, "accepted")
    found = [row for row in sent if row["receiver"] == way[1]]
    found += [r for r in context.members(REASSIGNMENT, "between", *way) if r["batch"] == batch]
    moved = sum(row["quantity"] for row in found if row["index"] == entry)
    if not moved:
        raise Refusal("correction-of-nothing", field="corrects", index=entry)
    if body["quantity"] > moved:
        raise Refusal("correction-too-large", field="quantity", moved=moved)
