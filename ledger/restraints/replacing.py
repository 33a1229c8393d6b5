"""How a duty to replace is met, or not: cancelled by the owner, by an order, or short.

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
from ledger.restraints.handlers import check_frozen, end_freeze, spend
from ledger.restraints.models import DUTY, DUTY_PART, FREEZE, SEIZURE, DutyState, FreezeState
from ledger.restraints.owing import unborne
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State

Body = Mapping[str, Any]


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
    frozen = [pair for pair in _freezes(context, duty) if pair[1]["asset"] == batch["batch"]]
    if frozen:
        _end_claimed(context, *frozen[0], body["quantity"])
    else:
        if batch["report"] != duty["report"]:
            _refuse_withdrawn(context, batch)
        account = registry(context.party)
        check_held(context, account, batch["batch"], body["quantity"])
        check_transferable(context, account, batch["batch"], body["quantity"])
        end_units(context, batch, account, body["quantity"], CANCELLED)
    _note_spent(context, duty, batch["batch"], body["quantity"])


def lapse_duty(context: Context, body: Body) -> None:
    """The deadline has passed: what is missing is the shortfall, for everybody to see."""
    duty = context.need(DUTY, body["duty"])
    if duty["state"] != DutyState.OPEN or duty["deadline_at"] > context.at:
        raise Refusal("not-due", duty=body["duty"])
    context.put(DUTY, {**duty, "state": DutyState.SHORT})


def cancel(context: Context, body: Body) -> None:
    """强制注销: units end on an authority's order, those of a freeze or available ones.

    Those that a duty has frozen replace as much of it: the order does what the owner did not
    (Order 31, Art. 42-45: else forced cancellation, and the shortfall is made good).
    """
    batch = own_batch(context, body["batch"])
    party, quantity = body["party"], body["quantity"]
    if "freeze" in body:
        freeze = context.need(FREEZE, body["freeze"])
        if (freeze["party"], freeze["asset"]) != (party, batch["batch"]):
            raise Refusal("freeze-unknown", key=body["freeze"])
        _end_claimed(context, freeze, context.need(CLAIM, body["freeze"]), quantity)
        duty = context.get(DUTY, freeze["freeze"].rpartition("/")[0])
        missing = duty["quantity"] - duty["discharged"] if duty else 0
        if duty and missing:
            _note_spent(context, duty, batch["batch"], min(quantity, missing))
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


def _note_spent(context: Context, duty: Row, batch: str, quantity: int) -> None:
    """Units of a batch were cancelled for a duty, which ends with what was missing."""
    none = {"duty": duty["duty"], "batch": batch, "owed": 0, "spent": 0}
    part = context.get(DUTY_PART, duty["duty"], batch) or none
    context.put(DUTY_PART, {**part, "spent": part["spent"] + quantity})
    discharged = duty["discharged"] + quantity
    whole = discharged == duty["quantity"]
    state = DutyState.DISCHARGED if whole else DutyState(duty["state"])
    context.put(DUTY, {**duty, "discharged": discharged, "state": state})
    if whole:
        for freeze, claim in _freezes(context, duty):
            end_freeze(context, freeze, claim, claim["quantity"], FreezeState.LIFTED)


def _refuse_withdrawn(context: Context, batch: Row) -> None:
    """Units replace no others where no opinion bears any of their batch."""
    parts = context.children(DUTY_PART, "batch", batch["batch"])
    owing = [key[0] for key in parts if context.need(DUTY_PART, *key)["owed"]]
    if owing and not unborne(context, batch, 0):
        raise Refusal("batch-withdrawn", field="batch", duty=owing[0])
