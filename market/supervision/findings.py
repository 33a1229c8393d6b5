"""Findings on the record: opened with evidence, explained, or referred to an authority.

A finding is read by who stated it and by the regulator; the public sees that something confidential
was stated, and a party concerned learns of it by its referral, without the others' names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.models import PARTY
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market.instruments.models import INSTRUMENT
from market.supervision.authority import supervises
from market.supervision.models import FINDING, FINDING_MOVES, REFERRAL, FindingState
from market.watching.finding import digest

Body = Mapping[str, Any]


def open_finding(context: Context, body: Body) -> None:
    """Put a finding on the record.

    Raises Refusal ``evidence-not-yet`` for entries that are not there, and ``finding-on-record``
    where the same detector's finding with the same evidence was opened before.
    """
    entries = sorted(set(body["entries"]))
    if entries[-1] >= context.index:
        raise Refusal("evidence-not-yet", field="entries", size=context.index)
    for party in body["parties"]:
        context.need(PARTY, party)
    if "instrument" in body:
        context.need(INSTRUMENT, body["instrument"])
    name = digest(body["detector"], entries)
    known = context.children(FINDING, "digest", name)
    if known:
        raise Refusal("finding-on-record", field="entries", finding=known[0][0])
    context.create(
        FINDING,
        {
            "finding": context.id,
            "author": context.party,
            "detector": body["detector"],
            "digest": name,
            "instrument": body.get("instrument"),
            "parties": sorted(set(body["parties"])),
            "entries": entries,
            "figures": body["figures"],
            "state": FindingState.OPEN,
            "ground": None,
            "document": None,
            "index": context.index,
        },
    )


def explain(context: Context, body: Body) -> None:
    """Nothing follows, and why; raises Refusal ``finding-state``."""
    _move(context, body, FindingState.EXPLAINED)


def refer(context: Context, body: Body) -> None:
    """Hand a finding to an authority; each party concerned is told; Refusal ``finding-state``."""
    row = _move(context, body, FindingState.REFERRED)
    for party in row["parties"]:
        told = {name: body[name] for name in ("authority", "document")}
        which = {name: row[name] for name in ("finding", "detector")}
        now = {"party": party, "author": context.party, "at": context.at}
        context.put(REFERRAL, {**told, **which, **now, "index": context.index})


def _move(context: Context, body: Body, after: FindingState) -> Row:
    row = context.get(FINDING, body["finding"])
    if row is None or not supervises(context, row["author"]):
        raise Refusal("finding-unknown", key=body["finding"])
    if after not in FINDING_MOVES[row["state"]]:
        raise Refusal("finding-state", field="finding", state=row["state"])
    decided = {"state": after, "ground": body["ground"], "document": body["document"]}
    moved = {**row, **decided}
    context.put(FINDING, moved)
    return moved
