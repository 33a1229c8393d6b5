"""``quota.publish``: a plan enters the record with the allocation that it leads to, exactly.

The allocation is stated, so that whoever signs has seen it, and worked out again, so that nobody
can sign another.  What it gives is a planning target and stands on no account.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from incentives import exact
from incentives.errors import PolicyError
from incentives.quotas.allocate import Allocation, allocate
from incentives.quotas.models import PLAN, SHARE
from incentives.quotas.plan import Plan, parse
from ledger.facts.models import FACT
from ledger.parties.errors import TextRefused
from ledger.parties.models import PARTY, REGION
from ledger.parties.regions import is_code
from ledger.writer.context import Context
from ledger.writer.errors import BrokenInvariant, Refusal
from ledger.writer.kinds import Row

Body = Mapping[str, Any]
RESERVE = "reserve"
"""The member that keeps a part back in the open."""


def publish(context: Context, body: Body) -> None:
    """Take a plan with its allocation.

    Raises Refusal ``quota-plan-exists``, ``quota-dates``, ``quota-plan-malformed``,
    ``quota-infeasible``, ``allocation-differs``, ``member-unknown``, ``evidence-differs``,
    ``fact-unknown``, ``fact-corrected``, and what ``_check_parent`` and ``_supersede`` refuse.
    """
    if context.get(PLAN, body["plan"]) is not None:
        raise Refusal("quota-plan-exists", field="plan", plan=body["plan"])
    if body["end"] < body["start"]:
        raise Refusal("quota-dates", field="end", start=body["start"])
    plan, allocation = worked_out(body["text"])
    _compare(allocation, body["allocation"])
    for place, member in enumerate(plan.members):
        _check_member(context, member.code, f"allocation/{place}/code")
    _check_evidence(context, plan, body.get("evidence", []))
    if "supersedes" in body:
        _supersede(context, body)
    if "parent" in body:
        _check_parent(context, body, plan.cap)
    _keep(context, body, allocation)


def worked_out(text: str) -> tuple[Plan, Allocation]:
    """Read a plan and allocate it; raises Refusal with the reason and its place."""
    try:
        plan = parse(text)
        allocation = allocate(plan)
    except (PolicyError, TextRefused) as error:
        raise Refusal(
            "quota-plan-malformed", field="text", reason=error.code, at=dict(error.params)
        ) from error
    if sum(row.quantity for row in allocation.rows) != plan.cap:
        raise BrokenInvariant("allocation-not-conserved", cap=plan.cap)
    return plan, allocation


def _compare(allocation: Allocation, stated: list[Body]) -> None:
    for place, (row, part) in enumerate(zip(allocation.rows, stated, strict=False)):
        if (row.code, row.quantity) != (part["code"], part["quantity"]):
            raise Refusal(
                "allocation-differs",
                field=f"allocation/{place}",
                member=row.code,
                quantity=row.quantity,
            )
    if len(allocation.rows) != len(stated):
        raise Refusal("allocation-differs", field="allocation", members=len(allocation.rows))


def _check_member(context: Context, code: str, field: str) -> None:
    """A member is a region or a party on the record, or the reserve."""
    region = is_code(code) and context.children(REGION, "code", code)
    if not region and code != RESERVE and context.get(PARTY, code) is None:
        raise Refusal("member-unknown", field=field, member=code)


def _check_evidence(context: Context, plan: Plan, evidence: list[Body]) -> None:
    """A figure that names a fact must be what that fact says of that member."""
    members = {member.code: member for member in plan.members}
    for place, item in enumerate(evidence):
        field = f"evidence/{place}"
        fact = context.need(FACT, item["fact"])
        if fact["until"] is not None:
            raise Refusal("fact-corrected", field=field, index=fact["until"])
        member = members.get(item["code"])
        figure = None if member is None else member.indicators.get(item["indicator"])
        said = Fraction(fact["value"], 10 ** fact["scale"])
        if fact["subject"] != item["code"] or figure != said:
            raise Refusal("evidence-differs", field=field, fact=fact["fact"])


def _supersede(context: Context, body: Body) -> None:
    """End the plan that this one takes the place of: same days, same parent, none below it."""
    earlier = context.need(PLAN, body["supersedes"])
    if earlier["until"] is not None:
        raise Refusal("quota-superseded", field="supersedes", index=earlier["until"])
    parent = body.get("parent", {})
    stated = (body["start"], body["end"], parent.get("plan"), parent.get("code"))
    if stated != tuple(earlier[n] for n in ("start", "end", "parent_plan", "parent_code")):
        raise Refusal("quota-scope-differs", field="supersedes", plan=earlier["plan"])
    for _, code in context.children(SHARE, "plan", earlier["plan"]):
        if _living(context, earlier["plan"], code):
            raise Refusal("quota-share-split", field="supersedes", member=code)
    context.put(PLAN, {**earlier, "until": context.index})


def _check_parent(context: Context, body: Body, cap: int) -> None:
    """A plan below another splits one whole share of it, for the same days, and no other does."""
    named = body["parent"]
    above = context.need(PLAN, named["plan"])
    if above["until"] is not None:
        raise Refusal("quota-superseded", field="parent", index=above["until"])
    share = context.get(SHARE, named["plan"], named["code"])
    if share is None:
        raise Refusal("member-unknown", field="parent/code", member=named["code"])
    if (body["start"], body["end"]) != (above["start"], above["end"]):
        raise Refusal("quota-scope-differs", field="parent", plan=above["plan"])
    if share["quantity"] != cap:
        raise Refusal("cap-not-the-share", field="text", share=share["quantity"], cap=cap)
    if _living(context, named["plan"], named["code"]):
        raise Refusal("quota-share-split", field="parent", member=named["code"])


def _living(context: Context, plan: str, code: str) -> bool:
    """Whether a share is split by a plan that still stands."""
    below = context.members(PLAN, "parent", plan, code)
    return any(row["until"] is None for row in below)


def _keep(context: Context, body: Body, allocation: Allocation) -> None:
    parent = body.get("parent", {})
    row: Row = {
        **{name: body[name] for name in ("plan", "title", "start", "end", "text", "document")},
        **{name: body[name] for name in ("source", "confidence")},
        "title_en": body.get("title_en"),
        "cap": allocation.cap,
        "method": allocation.method,
        "digest": hashlib.sha256(body["text"].encode()).hexdigest(),
        "evidence": [dict(item) for item in body.get("evidence", [])],
        "parent_plan": parent.get("plan"),
        "parent_code": parent.get("code"),
        "supersedes": body.get("supersedes"),
        "until": None,
        "party": context.party,
        "index": context.index,
    }
    context.put(PLAN, row)
    for place, part in enumerate(allocation.rows):
        context.put(
            SHARE,
            {
                "plan": body["plan"],
                "code": part.code,
                "place": place,
                "quantity": part.quantity,
                "share": exact.text(part.share),
                "exact": exact.text(part.exact),
                "remainder": exact.text(part.remainder),
            },
        )
