"""How a duty to replace is met, or not: cancelled by the owner or an order, remitted, or short.

Units that others have bought stay valid, unless an authority's order names them: who bought in good
faith must not answer for what the owner and its verifier stated (DESIGN.md, RELIABILITY.md §2.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.accounts import claims
from ledger.accounts.claims import CLAIM
from ledger.accounts.verbs import check_held, held, registry
from ledger.credits.ending import CANCELLED, end_units
from ledger.credits.handlers import own_batch
from ledger.credits.locks import check_transferable
from ledger.credits.models import BATCH
from ledger.restraints.handlers import available, check_frozen, end_freeze, spend
from ledger.restraints.models import (
    DUTY,
    DUTY_PART,
    FREEZE,
    OWING,
    REMISSION,
    SEIZURE,
    DutyState,
    FreezeState,
)
from ledger.restraints.orders import act_once, check_authority, refuse_copy, refuse_referral
from ledger.restraints.owing import first_owner, seizure_name, unborne
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State
from ledger.writer.versions import CANCELLED_ANYWHERE, FREED_AS_REPLACED, REPLACED_ACROSS

Body = Mapping[str, Any]


def discharge(context: Context, body: Body) -> None:
    """The owner cancels units of the same class; frozen ones of the report itself come first."""
    duty = context.need(DUTY, body["duty"])
    if duty["party"] != context.party:
        raise Refusal("duty-unknown", key=body["duty"])
    check_missing(duty, body["quantity"])
    batch = own_batch(context, body["batch"])
    if batch["class"] != duty["class"]:
        raise Refusal("duty-class-differs", field="batch", credit_class=duty["class"])
    frozen = [pair for pair in _freezes(context, duty) if pair[1]["asset"] == batch["batch"]]
    left = body["quantity"]
    if frozen:
        part = _of_freeze(context, frozen[0][1], left)
        if part:
            _end_claimed(context, *frozen[0], part)
        left -= part
    if left:
        if batch["report"] != duty["report"]:
            _refuse_withdrawn(context, batch)
        account = registry(context.party)
        check_held(context, account, batch["batch"], left)
        check_transferable(context, account, batch["batch"], left)
        end_units(context, context.need(BATCH, batch["batch"]), account, left, CANCELLED)
    _note_spent(context, duty, batch["batch"], body["quantity"])


def _of_freeze(context: Context, claim: Row, quantity: int) -> int:
    """What a duty's freeze is asked for: no more than it holds, where the rest is free."""
    holds = claims.taken(claim)
    free = held(context, registry(context.party), claim["asset"])
    if context.engine_version < REPLACED_ACROSS or quantity > holds + free:
        return quantity
    return min(quantity, holds)


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
        if freeze["duty"] is None:
            freeze = check_authority(context, freeze, body)
        else:
            refuse_referral(context, body)
        act_once(context, "cancel", body, party, freeze["freeze"])
        _end_claimed(context, freeze, context.need(CLAIM, body["freeze"]), quantity)
        if freeze["duty"] is not None:
            duty = context.need(DUTY, freeze["duty"])
            if part := min(quantity, missing(duty)):
                _note_spent(context, duty, batch["batch"], part)
        return
    refuse_referral(context, body)
    act_once(context, "cancel", body, party, batch["batch"])
    if context.engine_version < CANCELLED_ANYWHERE:
        check_held(context, registry(party), batch["batch"], quantity)
    for account, part in available(context, party, batch["batch"], quantity):
        end_units(context, context.need(BATCH, batch["batch"]), account, part, CANCELLED)


def remit(context: Context, body: Body) -> None:
    """An authority ends a duty, or a part of it: so much need not be replaced any more.

    What the duty has frozen beyond what is missing then is free. What it owes of each batch stays
    on record, so that a later withdrawal does not ask for the same units again.
    """
    duty = context.need(DUTY, body["duty"])
    first = first_owner(context, duty)
    refuse_copy(context, "remit", body, first, duty["duty"])
    check_missing(duty, body["quantity"])
    act_once(context, "remit", body, first, duty["duty"])
    number = len(context.children(REMISSION, "duty", duty["duty"])) + 1
    names = ("duty", "quantity", "authority", "document", "reason")
    stated = {name: body[name] for name in names}
    context.put(REMISSION, {**stated, "number": number, "index": context.index})
    _advance(context, {**duty, "remitted": duty["remitted"] + body["quantity"]}, free=True)


def missing(duty: Row) -> int:
    """What is still to be replaced."""
    return int(duty["quantity"] - duty["discharged"] - duty["remitted"])


def check_missing(duty: Row, quantity: int) -> None:
    """Raise Refusal ``duty-over`` or ``duty-exceeded`` where less is missing than is stated."""
    if duty["state"] not in OWING:
        raise Refusal("duty-over", field="duty", state=duty["state"])
    if quantity > missing(duty):
        raise Refusal("duty-exceeded", field="quantity", missing=missing(duty))


def nothing_owed(context: Context, event: Body) -> None:
    """Refuse that a party leaves with units to replace; raises Refusal ``closing-duty``."""
    for key in context.children(DUTY, "party", event["party"]):
        row = context.need(DUTY, *key)
        if row["state"] in OWING:
            raise Refusal("closing-duty", duty=row["duty"], state=row["state"])


def due(state: State, at: int) -> Iterator[Due]:
    """What withdrawn opinions freeze at once, and duties whose deadline has passed."""
    for row in state.overdue(SEIZURE, at):
        yield Due(row["at"], seizure_name(state, row["duty"]), "duty.freeze", {"duty": row["duty"]})
    for row in state.overdue(DUTY, at):
        yield Due(row["deadline_at"], row["duty"], "duty.lapse", {"duty": row["duty"]})


def _end_claimed(context: Context, freeze: Row, claim: Row, quantity: int) -> None:
    check_frozen(claim, quantity)
    for account, part in spend(context, freeze, claim, quantity).items():
        batch = context.need(BATCH, claim["asset"])
        end_units(context, batch, account, part, CANCELLED, take="frozen")


def _freezes(context: Context, duty: Row) -> Iterator[tuple[Row, Row]]:
    """The freezes that the withdrawal behind a duty began and that still stand."""
    for key in context.children(FREEZE, "duty", duty["duty"]):
        row = context.need(FREEZE, *key)
        if row["state"] == FreezeState.STANDING:
            yield row, context.need(CLAIM, row["freeze"])


def _note_spent(context: Context, duty: Row, batch: str, quantity: int) -> None:
    """Units of a batch were cancelled for a duty, which ends with what was missing."""
    none = {"duty": duty["duty"], "batch": batch, "owed": 0, "spent": 0}
    part = context.get(DUTY_PART, duty["duty"], batch) or none
    context.put(DUTY_PART, {**part, "spent": part["spent"] + quantity})
    _advance(context, {**duty, "discharged": duty["discharged"] + quantity})


def _advance(context: Context, duty: Row, *, free: bool = False) -> None:
    """Less of a duty is missing; its freezes let go of what they hold beyond that.

    ``free`` tells so where a ledger still waits with it until nothing is missing.
    """
    left, state = missing(duty), duty["state"]
    if not left:
        state = DutyState.ENDED if duty["remitted"] else DutyState.DISCHARGED
    context.put(DUTY, {**duty, "state": state})
    if left and not free and context.engine_version < FREED_AS_REPLACED:
        return
    standing = list(_freezes(context, duty))
    excess = sum(claim["quantity"] for _, claim in standing) - left
    for freeze, claim in standing:
        part = min(excess, claim["quantity"])
        if part > 0:
            end_freeze(context, freeze, claim, part, FreezeState.LIFTED)
            excess -= part


def _refuse_withdrawn(context: Context, batch: Row) -> None:
    """Units replace no others where no opinion bears any of their batch."""
    parts = context.children(DUTY_PART, "batch", batch["batch"])
    owing = [key[0] for key in parts if context.need(DUTY_PART, *key)["owed"]]
    if owing and not unborne(context, batch, 0):
        raise Refusal("batch-withdrawn", field="batch", duty=owing[0])
