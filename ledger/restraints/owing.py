"""Opinions withdrawn after issuance: what the owner holds is frozen, and as much is to be replaced.

A duty counts what no opinion bears any more: of each batch what was issued, less what still stands
of the opinion, less what orders have cancelled, less what earlier duties owe for it.  So parts add
up, and the whole after a part is the rest.  Serials are not told apart: a freeze is a quantity, and
what is cancelled out of it are the lowest serials that the owner then holds in that account.

Sourced is that an owner cancels as many units as it got by false papers, or makes the shortfall
good (Order 31, Art. 42-45); the freeze, the days and the parts are our design (decision 15).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from ledger.accounts.claims import CLAIM
from ledger.credits.models import BATCH
from ledger.parties.parameters import business_date, midnight, whole
from ledger.projects.models import PROJECT, REPORT
from ledger.projects.succession_models import SUCCESSION
from ledger.projects.withdrawing import attested
from ledger.restraints.handlers import owned, put_freeze
from ledger.restraints.models import (
    DUTY,
    DUTY_PART,
    FREEZE,
    OWING,
    SEIZURE,
    DutyState,
    FreezeState,
)
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.state import State

Body = Mapping[str, Any]
DAYS = "replacement-days"


def after_opinion(context: Context, event: Body) -> None:
    """A verification was withdrawn, wholly or in part: the rest of it still bears units."""
    left = attested(context.need(REPORT, event["report"]))
    _open(context, context.id, event["report"], left, event)


def after_validation(context: Context, event: Body) -> None:
    """A validation was withdrawn: nothing bears what was issued; one duty for each report."""
    reports = context.children(REPORT, "project", event["project"])
    for number, (report,) in enumerate(reports):
        _open(context, f"{context.id}/{number}", report, {}, event)


def owner_succeeded(context: Context, event: Body) -> None:
    """What a project's reports owe is the successor's to replace, as what they will owe.

    Units that stay frozen on the predecessor's account stand for it still, and what is still
    missing is frozen wherever it has gone from one to the other.
    """
    for (report,) in context.children(REPORT, "project", event["project"]):
        for duty in context.members(DUTY, "report", report):
            if duty["state"] in OWING:
                context.put(DUTY, {**duty, "party": event["successor"]})
                seizure = context.need(SEIZURE, duty["duty"])
                context.put(SEIZURE, {**seizure, "state": "waiting", "at": context.at})


def unborne(context: Context, batch: Row, stands: int) -> int:
    """Units of a batch that no opinion bears and no duty owes, where so many are still attested."""
    parts = context.members(DUTY_PART, "batch", batch["batch"])
    owed, spent = sum(part["owed"] for part in parts), sum(part["spent"] for part in parts)
    ordered = batch["cancelled"] - spent
    return max(0, int(batch["issued"] - stands - ordered - owed))


def freeze_held(context: Context, body: Body) -> None:
    """Freeze what the owner still holds of what a duty owes, until it has replaced that."""
    seizure = context.need(SEIZURE, body["duty"])
    if seizure["state"] != "waiting":
        raise Refusal("not-due", duty=body["duty"])
    context.put(SEIZURE, {**seizure, "state": "done"})
    duty = context.need(DUTY, body["duty"])
    keys = context.children(DUTY_PART, "duty", body["duty"])
    begun = context.members(FREEZE, "duty", body["duty"])
    standing = [row for row in begun if row["state"] == FreezeState.STANDING]
    left = duty["quantity"] - duty["discharged"] - duty["remitted"]
    left -= sum(_claimed(context, row) for row in standing)
    more = itertools.count(len(keys) + len(begun))
    for number, key in enumerate(keys):
        part = context.need(DUTY_PART, *key)
        batch, place = part["batch"], number if not begun else next(more)
        frozen = sum(_claimed(context, row) for row in standing if row["asset"] == batch)
        wanted = min(left, part["owed"] - part["spent"] - frozen)
        for party in (duty["party"], *predecessors(context, duty)):
            quantity = min(wanted, owned(context, party, batch) - _ours(context, party, batch))
            if quantity > 0:
                order = {
                    "party": party,
                    "asset": batch,
                    "authority": seizure["verifier"],
                    "document": duty["document"],
                }
                name = f"{duty['duty']}/{place}"
                put_freeze(context, order, quantity, name=name, duty=duty["duty"])
                wanted, left, place = wanted - quantity, left - quantity, next(more)


def seizure_name(state: State, name: str) -> str:
    """What tells a duty's seizure from the one before, which a succession has made once more."""
    duty = state.get(DUTY, name)
    report = duty and state.get(REPORT, duty["report"])
    times = len(state.children(SUCCESSION, "project", report["project"])) if report else 0
    return f"{name}/{times}" if times else name


def predecessors(context: Context, duty: Row) -> list[str]:
    """Who owned the project of a duty's report before, the latest first; each is answerable."""
    former = reversed(_former(context, duty))
    return [name for name in dict.fromkeys(former) if name != duty["party"]]


def first_owner(context: Context, duty: Row) -> str:
    """Whose project it was at first: by that party orders on a duty are told apart for good."""
    return next(iter(_former(context, duty)), str(duty["party"]))


def _former(context: Context, duty: Row) -> list[str]:
    project = context.need(REPORT, duty["report"])["project"]
    rows = sorted(context.members(SUCCESSION, "project", project), key=lambda row: row["index"])
    return [str(row["predecessor"]) for row in rows]


def _claimed(context: Context, freeze: Row) -> int:
    return int(context.need(CLAIM, freeze["freeze"])["quantity"])


def _open(context: Context, name: str, report: str, stands: Mapping[int, int], event: Body) -> None:
    batches = context.members(BATCH, "report", report)
    parts = {b["batch"]: unborne(context, b, stands.get(b["vintage"], 0)) for b in batches}
    quantity = sum(parts.values())
    if not quantity:
        return
    for batch, owed in parts.items():
        if owed:
            part = {"duty": name, "batch": batch, "owed": owed, "spent": 0}
            context.create(DUTY_PART, part)
    deadline = business_date(midnight(business_date(context.at), whole(context, DAYS)))
    context.create(
        DUTY,
        {
            "duty": name,
            "party": _owner(context, report),
            "report": report,
            "class": batches[0]["class"],
            "quantity": quantity,
            "discharged": 0,
            "remitted": 0,
            "deadline": deadline,
            "deadline_at": midnight(deadline, 1),
            "state": DutyState.OPEN,
            "document": event["reason"],
            "index": context.index,
        },
    )
    waiting = {"verifier": event["verifier"], "state": "waiting", "at": context.at}
    context.create(SEIZURE, {"duty": name, **waiting})


def _ours(context: Context, party: str, batch: str) -> int:
    """What freezes of duties stand for already with a party."""
    total = 0
    for key in context.children(FREEZE, "party", party):
        row = context.need(FREEZE, *key)
        standing = row["asset"] == batch and row["state"] == FreezeState.STANDING
        if standing and row["duty"] is not None:
            total += int(context.need(CLAIM, row["freeze"])["quantity"])
    return total


def _owner(context: Context, report: str) -> str:
    row = context.need(REPORT, report)
    return str(context.need(PROJECT, row["project"])["owner"])
