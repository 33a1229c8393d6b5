"""From the decision to the performance review: 决定, 拨付, 绩效评价, and terms that run out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from incentives.grants import budgets
from incentives.grants.citing import use
from incentives.grants.handlers import BEFORE, check_answer, end
from incentives.grants.models import GRANT, GRANT_NOTICE, OBJECTION, Clock, GrantState
from incentives.grants.recovery_models import Ground
from incentives.grants.recovery_opening import check_unquestioned, open_case
from incentives.grants.steps import check_follows, check_people, move, of_author
from incentives.onrecord.models import ANSWER
from ledger.parties.parameters import business_date
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.moves import wrong_state
from ledger.writer.room import Due
from ledger.writer.state import State

Body = Mapping[str, Any]


def decide(context: Context, body: Body) -> None:
    """Two officers grant a sum or refuse; a grant commits its line and takes the units' use.

    Raises Refusal ``grant-state``, ``own-grant``, ``signed-before``, ``objection-open``,
    ``answer-fell``, ``amount-above-asked``, ``amount-empty``, ``amount-with-refusal``, and what
    budget and units raise.
    """
    row = of_author(context, body["grant"], "granter")
    if row["state"] != BEFORE[GrantState.GRANTED]:
        needs, wanted = [BEFORE[GrantState.GRANTED]], body["outcome"]
        raise wrong_state(context, "grant-state", row["state"], needs, wanted)
    before = (GrantState.APPLIED, GrantState.REVIEWED, GrantState.SUPPORTED)
    check_people(context, row, *before)
    for key in context.children(OBJECTION, "grant", row["grant"]):
        if context.need(OBJECTION, *key)["upheld"] is None:
            context.fault("objection-open", objection=key[0])
    document, amount = body["document"], body["amount_fen"]
    if body["outcome"] == "refused":
        if amount:
            context.fault("amount-with-refusal", field="amount_fen")
        end(context, row, GrantState.REFUSED, document=document)
        return
    if not amount:
        context.fault("amount-empty", field="amount_fen")
    if amount > row["asked_fen"]:
        context.fault("amount-above-asked", field="amount_fen", most=row["asked_fen"])
    check_answer(context, context.need(ANSWER, row["answer"]))
    budgets.commit(context, row["line"], amount)
    use(context, row)
    move(context, row, GrantState.GRANTED, granted_fen=amount, document=document)
    told = {"state": GrantState.GRANTED, "granted_fen": amount, "document": document}
    notice = context.need(GRANT_NOTICE, row["notice"])
    context.put(GRANT_NOTICE, {**notice, **told, "decided": context.index})


def pay(context: Context, body: Body) -> None:
    """Evidence of the payment: the sum that was granted, less what was set off against it.

    Raises Refusal ``grant-state``, ``recovery-open``, ``amount-differs``, ``paid-later`` or
    ``before-step``.
    """
    row = of_author(context, body["grant"], "granter")
    check_people(context, row)
    if row["state"] != GrantState.GRANTED:
        needs, wanted = [GrantState.GRANTED], GrantState.PAID
        raise wrong_state(context, "grant-state", row["state"], needs, wanted)
    check_unquestioned(context, row)
    owed = row["granted_fen"] - row["set_off_fen"]
    if body["amount_fen"] != owed:
        context.fault("amount-differs", field="amount_fen", owed=owed)
    if body["paid_on"] > business_date(context.at):
        context.fault("paid-later", field="paid_on")
    check_follows(context, row, GrantState.GRANTED, "paid_on", body["paid_on"])
    moved = move(context, row, GrantState.PAID, paid_fen=owed)
    budgets.pay(context, row["line"], owed)
    _tell(context, moved)


def assess(context: Context, body: Body) -> None:
    """Performance review, by others than who decided; what was not reached opens a recovery."""
    row = of_author(context, body["grant"], "granter", "reviewer")
    check_people(context, row, GrantState.GRANTED)
    moved = move(context, row, GrantState.ASSESSED, result=body["result"])
    _tell(context, moved)
    if body["result"] == "unmet":
        open_case(context, moved, Ground.PERFORMANCE, body["document"])


def fall_due(context: Context, body: Body) -> None:
    """A term has run out: a notice is over, or a step is late.  Raises Refusal ``not-due``."""
    row = context.need(GRANT, body["grant"])
    if row["clock"] != Clock.RUNNING or row["due_at"] > context.at:
        raise Refusal("not-due", grant=row["grant"])
    if row["state"] != GrantState.NOTICED:
        context.put(GRANT, {**row, "clock": Clock.LATE})
        return
    moved = move(context, row, GrantState.HEARD)
    _tell(context, moved)


def due(state: State, at: int) -> Iterator[Due]:
    """Notices that are over, and steps that are late."""
    for row in state.overdue(GRANT, at):
        item = f"{row['grant']}/{row['state']}"
        yield Due(row["due_at"], item, "grant.fall-due", {"grant": row["grant"]})


def _tell(context: Context, row: Row) -> None:
    """The public notice goes on saying where the grant stands."""
    notice = context.need(GRANT_NOTICE, row["notice"])
    context.put(GRANT_NOTICE, {**notice, "state": row["state"]})
