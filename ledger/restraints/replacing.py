"""Opinions withdrawn after issuance: what the owner holds is frozen, and as much is replaced.

Units that others have bought stay valid, unless an authority's order names them: who bought in good
faith must not answer for what the owner and its verifier stated (DESIGN.md, RELIABILITY.md §2.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.accounts.claims import CLAIM
from ledger.accounts.verbs import check_held, registry
from ledger.credits.ending import CANCELLED, end_units
from ledger.credits.handlers import own_batch
from ledger.credits.locks import check_transferable
from ledger.credits.models import BATCH
from ledger.parties.parameters import business_date, midnight, whole
from ledger.projects.models import PROJECT, REPORT
from ledger.restraints.handlers import check_frozen, end_freeze, owned, put_freeze, spend
from ledger.restraints.models import DUTY, FREEZE, SEIZURE, DutyState, FreezeState
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State

Body = Mapping[str, Any]
DAYS = "replacement-days"


def open_duty(context: Context, event: Body) -> None:
    """Open the owner's duty to replace what was issued on an opinion that is withdrawn."""
    batches = _batches(context, event["report"])
    quantity = sum(row["issued"] - row["cancelled"] for row in batches)
    if not quantity:
        return
    deadline = business_date(midnight(business_date(context.at), whole(context, DAYS)))
    context.put(
        DUTY,
        {
            "duty": context.id,
            "party": _owner(context, event["report"]),
            "report": event["report"],
            "class": batches[0]["class"],
            "quantity": quantity,
            "discharged": 0,
            "deadline": deadline,
            "deadline_at": midnight(deadline, 1),
            "state": DutyState.OPEN,
            "document": event["reason"],
            "index": context.index,
        },
    )
    waiting = {"verifier": event["verifier"], "state": "waiting", "at": context.at}
    context.put(SEIZURE, {"duty": context.id, **waiting})


def freeze_held(context: Context, body: Body) -> None:
    """Freeze what the owner still holds of the report's batches, until it has replaced them."""
    seizure = context.need(SEIZURE, body["duty"])
    if seizure["state"] != "waiting":
        raise Refusal("not-due", duty=body["duty"])
    context.put(SEIZURE, {**seizure, "state": "done"})
    duty = context.need(DUTY, body["duty"])
    for number, batch in enumerate(_batches(context, duty["report"])):
        quantity = owned(context, duty["party"], batch["batch"])
        if quantity:
            order = {
                "party": duty["party"],
                "asset": batch["batch"],
                "authority": seizure["verifier"],
                "document": duty["document"],
            }
            put_freeze(context, order, quantity, name=f"{duty['duty']}/{number}")


def discharge(context: Context, body: Body) -> None:
    """The owner cancels units of the same class; frozen ones of the report itself count too."""
    duty = context.need(DUTY, body["duty"])
    if duty["party"] != context.party:
        raise Refusal("duty-unknown", key=body["duty"])
    missing = duty["quantity"] - duty["discharged"]
    if body["quantity"] > missing:
        raise Refusal("duty-exceeded", field="quantity", missing=missing)
    batch = own_batch(context, body["batch"])
    if batch["class"] != duty["class"]:
        raise Refusal("duty-class-differs", field="batch", credit_class=duty["class"])
    if batch["report"] == duty["report"]:
        _cancel_frozen(context, duty, batch, body["quantity"])
    else:
        _refuse_withdrawn(context, batch)
        account = registry(context.party)
        check_held(context, account, batch["batch"], body["quantity"])
        check_transferable(context, account, batch["batch"], body["quantity"])
        end_units(context, batch, account, body["quantity"], CANCELLED)
    discharged = duty["discharged"] + body["quantity"]
    whole_ = discharged == duty["quantity"]
    state = DutyState.DISCHARGED if whole_ else DutyState(duty["state"])
    context.put(DUTY, {**duty, "discharged": discharged, "state": state})
    if whole_:
        for freeze, claim in _freezes(context, duty):
            end_freeze(context, freeze, claim, claim["quantity"], FreezeState.LIFTED)


def lapse_duty(context: Context, body: Body) -> None:
    """The deadline has passed: what is missing is the shortfall, for everybody to see."""
    duty = context.need(DUTY, body["duty"])
    if duty["state"] != DutyState.OPEN or duty["deadline_at"] > context.at:
        raise Refusal("not-due", duty=body["duty"])
    context.put(DUTY, {**duty, "state": DutyState.SHORT})


def cancel(context: Context, body: Body) -> None:
    """强制注销: units end on an authority's order, those of a freeze or available ones."""
    batch = own_batch(context, body["batch"])
    party, quantity = body["party"], body["quantity"]
    if "freeze" in body:
        freeze = context.need(FREEZE, body["freeze"])
        if (freeze["party"], freeze["asset"]) != (party, batch["batch"]):
            raise Refusal("freeze-unknown", key=body["freeze"])
        _end_claimed(context, freeze, context.need(CLAIM, body["freeze"]), quantity)
        return
    account = registry(party)
    check_held(context, account, batch["batch"], quantity)
    end_units(context, batch, account, quantity, CANCELLED)


def nothing_owed(context: Context, event: Body) -> None:
    """Refuse that a party leaves with units to replace; raises Refusal ``closing-duty``."""
    for key in context.children(DUTY, "party", event["party"]):
        row = context.need(DUTY, *key)
        if row["state"] != DutyState.DISCHARGED:
            raise Refusal("closing-duty", duty=row["duty"], state=row["state"])


def due(state: State, at: int) -> Iterator[Due]:
    """What withdrawn opinions freeze at once, and duties whose deadline has passed."""
    for row in state.overdue(SEIZURE, at):
        yield Due(row["at"], row["duty"], "duty.freeze", {"duty": row["duty"]})
    for row in state.overdue(DUTY, at):
        yield Due(row["deadline_at"], row["duty"], "duty.lapse", {"duty": row["duty"]})


def _cancel_frozen(context: Context, duty: Row, batch: Row, quantity: int) -> None:
    for freeze, claim in _freezes(context, duty):
        if claim["asset"] == batch["batch"]:
            _end_claimed(context, freeze, claim, quantity)
            return
    raise Refusal("balance-short", asset=batch["batch"], have=0, need=quantity)


def _end_claimed(context: Context, freeze: Row, claim: Row, quantity: int) -> None:
    check_frozen(claim, quantity)
    for account, part in spend(context, freeze, claim, quantity).items():
        batch = context.need(BATCH, claim["asset"])
        end_units(context, batch, account, part, CANCELLED, take="frozen")


def _freezes(context: Context, duty: Row) -> Iterator[tuple[Row, Row]]:
    """The freezes that the withdrawal behind a duty began and that still stand."""
    for key in context.children(FREEZE, "party", duty["party"]):
        row = context.need(FREEZE, *key)
        ours = row["freeze"].rpartition("/")[0] == duty["duty"]
        if ours and row["state"] == FreezeState.STANDING:
            yield row, context.need(CLAIM, row["freeze"])


def _refuse_withdrawn(context: Context, batch: Row) -> None:
    """Units whose own opinion is withdrawn replace no others."""
    for key in context.children(DUTY, "report", batch["report"]):
        raise Refusal("batch-withdrawn", field="batch", duty=context.need(DUTY, *key)["duty"])


def _batches(context: Context, report: str) -> list[Row]:
    return [context.need(BATCH, *key) for key in context.children(BATCH, "report", report)]


def _owner(context: Context, report: str) -> str:
    row = context.need(REPORT, report)
    return str(context.need(PROJECT, row["project"])["owner"])
