"""Account agreements: what a party has signed before it may hold or state anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.acts import note
from ledger.parties.conditions import covered_by_agreement
from ledger.parties.parameters import business_date
from ledger.parties.people_models import AGREEMENT
from ledger.parties.standing import need_open
from ledger.writer.context import Context

Body = Mapping[str, Any]


def enter_agreement(context: Context, party: str, roles: list[str], stated: Body | None) -> None:
    """Record the agreement that a party was admitted with.

    Raises Refusal ``agreement-missing``, ``agreement-short`` (naming what it leaves out),
    ``agreement-later`` or ``agreement-recorded``.
    """
    wanted = covered_by_agreement(context, roles)
    if stated is None:
        if wanted:
            context.fault("agreement-missing", field="agreement", covers=sorted(wanted))
        return
    missing = wanted - set(stated["covers"])
    if missing:
        context.fault("agreement-short", field="agreement/covers", missing=sorted(missing))
    if stated["signed_on"] > business_date(context.at):
        context.fault("agreement-later", field="agreement/signed_on", date=stated["signed_on"])
    if context.get(AGREEMENT, party, stated["document"]) is not None:
        context.fault("agreement-recorded", field="agreement/document", party=party)
    context.put(
        AGREEMENT,
        {
            "party": party,
            "document": stated["document"],
            "sha256": stated["sha256"],
            "covers": sorted(set(stated["covers"])),
            "signed_on": stated["signed_on"],
            "index": context.index,
        },
    )


def agree(context: Context, body: Body) -> None:
    """A newer agreement of a party; the earlier ones stay on record."""
    party = need_open(context, body["party"])
    enter_agreement(context, party["party"], party["roles"], body["agreement"])
    note(context, party["party"], body["agreement"]["document"])
