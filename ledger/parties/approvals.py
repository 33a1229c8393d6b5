"""Approvals of validation and verification bodies: number, scope, dates (Order 31, Art. 30)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ledger.parties.acts import note
from ledger.parties.conditions import approval_needed
from ledger.parties.parameters import business_date
from ledger.parties.people_models import APPROVAL
from ledger.parties.standing import need_open
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

Body = Mapping[str, Any]
_DOMAIN_OF = re.compile(r"ccer-([0-9]{2})-[0-9]{3}(?:-v[0-9]+)?", re.ASCII)
"""The form of the national methodologies' numbers, such as CCER-14-001-V01."""
_VERSION = re.compile(r"-v[0-9]+$", re.ASCII)


def covers(domains: list[str], methodologies: list[str], methodology: str) -> bool:
    """Whether a scope takes in a methodology.

    A methodology listed without a version takes in all its versions; letters' case is no matter.
    A provincial methodology belongs to no domain and must be listed.
    """
    asked = methodology.casefold()
    listed = {name.casefold() for name in methodologies}
    if asked in listed or _VERSION.sub("", asked) in listed:
        return True
    found = _DOMAIN_OF.fullmatch(asked)
    return found is not None and found[1] in domains


def enter_approval(context: Context, party: Row, stated: Body) -> None:
    """Record an approval of a verifier.

    Raises Refusal ``not-a-verifier``, ``approval-empty``, ``period-reversed`` or
    ``approval-recorded``.
    """
    if "verifier" not in party["roles"]:
        context.fault("not-a-verifier", field="party", roles=party["roles"])
    if not stated["domains"] and not stated["methodologies"]:
        context.fault("approval-empty", field="approval/domains")
    if stated["valid_to"] < stated["valid_from"]:
        context.fault("period-reversed", field="approval/valid_to")
    if context.get(APPROVAL, party["party"], stated["document"]) is not None:
        context.fault("approval-recorded", field="approval/document", party=party["party"])
    context.put(
        APPROVAL,
        {
            "party": party["party"],
            "document": stated["document"],
            "domains": sorted(set(stated["domains"])),
            "methodologies": sorted(set(stated["methodologies"])),
            "valid_from": stated["valid_from"],
            "valid_to": stated["valid_to"],
            "ended_by": None,
            "ended": None,
            "index": context.index,
        },
    )


def approve(context: Context, body: Body) -> None:
    """Another approval, or the next term of one; each document stands once."""
    party = need_open(context, body["party"])
    enter_approval(context, party, body["approval"])
    note(context, body["party"], body["approval"]["document"])


def end_approval(context: Context, body: Body) -> None:
    """An approval stops from this entry on; what was stated under it before stands."""
    row = context.need(APPROVAL, body["party"], body["approval"])
    if row["ended"] is not None:
        raise Refusal("approval-ended", approval=row["document"], index=row["ended"])
    context.put(APPROVAL, {**row, "ended": context.index, "ended_by": body["document"]})
    note(context, body["party"], body["document"], approval=row["document"])


def check_approval(context: Context, methodology: str) -> None:
    """Refuse an author whose approval does not take in a methodology today.

    Raises Refusal ``approval-missing``, ``approval-out-of-scope``, ``approval-ended``,
    ``approval-expired`` or ``approval-not-yet``, naming the approval that comes nearest.
    """
    if not approval_needed(context):
        return
    rows = context.members(APPROVAL, "party", context.party)
    if not rows:
        raise Refusal("approval-missing", party=context.party)
    fitting = [r for r in rows if covers(r["domains"], r["methodologies"], methodology)]
    if not fitting:
        raise Refusal("approval-out-of-scope", methodology=methodology)
    today = business_date(context.at)
    standing = [row for row in fitting if row["ended"] is None]
    if any(row["valid_from"] <= today <= row["valid_to"] for row in standing):
        return
    nearest = max(standing or fitting, key=lambda row: (row["valid_to"], row["document"]))
    named = {"approval": nearest["document"]}
    if nearest["ended"] is not None:
        raise Refusal("approval-ended", **named, index=nearest["ended"])
    if nearest["valid_to"] < today:
        raise Refusal("approval-expired", **named, valid_to=nearest["valid_to"])
    raise Refusal("approval-not-yet", **named, valid_from=nearest["valid_from"])
