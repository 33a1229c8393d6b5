"""A recovery by due process: 告知, 听证, 决定, 退回或抵扣.

Whoever got green subsidies by fraud pays them back with a fine between two shares of the sum where
a rule's ``clawback`` says so (Huzhou's regulation on green finance, Art. 43).  That a hearing is
offered, and that who found the fault does not chair it, follows the Administrative Penalty Law of
2021, Art. 63 and 64, here applied to every recovery; the terms are dated parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from incentives.grants import budgets
from incentives.grants.handlers import end
from incentives.grants.models import AWARDED, GRANT, Clock, GrantState
from incentives.grants.recovery_models import CASE, REPAYMENT, CaseState, Ground, fine_owed, owed
from incentives.grants.recovery_opening import (
    check_case,
    check_unquestioned,
    left_of,
    move,
    open_case,
    open_next,
)
from incentives.grants.steps import check_follows, close_to, of_author
from incentives.models import RULE
from incentives.onrecord.models import ANSWER
from incentives.rules.rule import read
from ledger.parties.parameters import business_date
from ledger.statements.spelling import plain
from ledger.writer.context import Context, people
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.moves import wrong_state
from ledger.writer.room import Due
from ledger.writer.state import State
from ledger.writer.versions import EARLIER_NAMED, MONEY_PLACED

Body = Mapping[str, Any]
BARE = "1"
"""The unit of a share."""


def open_by_bureau(context: Context, body: Body) -> None:
    """The bureau finds fraud or an error; raises Refusal ``grant-state`` or ``recovery-open``."""
    grant = of_author(context, body["grant"], "granter")
    if grant["state"] not in AWARDED:
        needs = sorted(AWARDED)
        raise wrong_state(context, "grant-state", grant["state"], needs, "recovery")
    check_unquestioned(context, grant)
    open_case(context, grant, Ground(body["ground"]), body["reason"])


def notice(context: Context, body: Body) -> None:
    """告知: what is to be asked back, on which ground; from now on a hearing can be asked for."""
    row = _of_bureau(context, body["case"])
    if body["demanded_fen"] > row["benefit_fen"]:
        raise Refusal("demand-above-benefit", field="demanded_fen", most=row["benefit_fen"])
    move(context, row, CaseState.NOTICED, demanded_fen=body["demanded_fen"])


def request_hearing(context: Context, body: Body) -> None:
    """The applicant asks to be heard, in time."""
    row = context.get(CASE, body["case"])
    if row is None or row["applicant"] != context.party:
        raise Refusal("recovery-case-unknown", field="case", key=body["case"])
    move(context, row, CaseState.HEARING)


def hear(context: Context, body: Body) -> None:
    """The hearing was held, by others than who opened the case or gave the notice.

    Raises Refusal ``recovery-state``, ``signed-before``, ``held-later`` or ``before-step``.
    """
    row = _of_bureau(context, body["case"])
    _apart(context, row, CaseState.OPENED, CaseState.NOTICED)
    if body["held_on"] > business_date(context.at):
        context.fault("held-later", field="held_on")
    check_follows(context, row, CaseState.NOTICED, "held_on", body["held_on"])
    move(context, row, CaseState.HEARD)


def decide(context: Context, body: Body) -> None:
    """Two officers who did not give the grant decide what comes back, and a fine for fraud.

    A grant that is not paid yet ends here, and its line is free of it.
    Raises Refusal ``recovery-state``, ``signed-before``, ``repay-above-demand``,
    ``amount-with-drop``, ``fine-without-fraud``, ``clawback-unknown``, ``fine-out-of-range``, and
    ``amount-empty`` where nothing would come back of what is demanded.
    """
    row = _of_bureau(context, body["case"])
    grant = context.need(GRANT, row["grant"])
    _apart(context, grant, GrantState.GRANTED)
    repay, fine = body["repay_fen"], body["fine_fen"]
    if body["outcome"] == "dropped":
        if repay or fine:
            context.fault("amount-with-drop", field="repay_fen")
        move(context, row, CaseState.DROPPED, document=body["document"])
        open_next(context, grant)
        return
    check_case(context, row, CaseState.DECIDED)
    if row["demanded_fen"] and not repay and not fine and context.engine_version >= MONEY_PLACED:
        context.fault("amount-empty", field="repay_fen")
    if repay > row["demanded_fen"]:
        context.fault("repay-above-demand", field="repay_fen", most=row["demanded_fen"])
    _check_fine(context, row, grant, body)
    told = {"repay_fen": repay, "fine_fen": fine, "document": body["document"]}
    decided = move(context, row, CaseState.DECIDED, **told)
    if grant["state"] == GrantState.GRANTED:
        rest = grant["granted_fen"] - grant["set_off_fen"]
        budgets.uncommit(context, grant["line"], rest)
        end(context, grant, GrantState.REVOKED)
    _settle(context, decided)


def repay(context: Context, body: Body) -> None:
    """Money has come in: what is owed of the grant goes to its line, a fine to the treasury.

    It may have come back before anybody decided so, but not before the grant was given.
    Raises Refusal ``recovery-state``, ``repayment-stated``, ``repayment-exceeds``, ``paid-later``
    or ``before-step``.
    """
    row = _owing(context, body["case"])
    _note_repayment(context, row, body)
    if body["received_on"] > business_date(context.at):
        context.fault("paid-later", field="received_on")
    grant = context.need(GRANT, row["grant"])
    check_follows(context, grant, GrantState.GRANTED, "received_on", body["received_on"])
    fen = body["amount_fen"]
    fine = body["of"] == "fine"
    most = fine_owed(row) if fine else owed(row)
    if fen > most:
        context.fault("repayment-exceeds", field="amount_fen", owed=most)
    name = "fined_fen" if fine else "repaid_fen"
    moved = {**row, name: row[name] + fen}
    context.put(CASE, moved)
    if not fine:
        budgets.take_back(context, row["line"], fen)
    _settle(context, moved)


def _note_repayment(context: Context, row: Row, body: Body) -> None:
    """Keep what has come in; the same money is not stated twice, however it is spelled."""
    if context.engine_version < MONEY_PLACED:
        return
    key = (row["case"], body["of"], plain(body["reference"]))
    if (known := context.get(REPAYMENT, *key)) is not None:
        context.fault("repayment-stated", field="reference", index=known["index"])
    told = dict(zip(("case", "of", "reference"), key, strict=True))
    sums = {name: body[name] for name in ("amount_fen", "received_on")}
    names = ("applicant", "reviewer", "granter")
    who = {name: row[name] for name in names}
    context.put(REPAYMENT, {**told, **sums, **who, "index": context.index})


def set_off(context: Context, body: Body) -> None:
    """抵扣: what is owed is kept back of another grant to the same applicant.

    Raises Refusal ``recovery-state``, ``repayment-exceeds``, ``grant-unknown``, ``grant-state``,
    ``recovery-open`` or ``set-off-exceeds``.
    """
    row = _owing(context, body["case"])
    fen = body["amount_fen"]
    if fen > owed(row):
        raise Refusal("repayment-exceeds", field="amount_fen", owed=owed(row))
    other = of_author(context, body["grant"], "granter")
    if other["applicant"] != row["applicant"]:
        raise Refusal("grant-unknown", field="grant", key=body["grant"])
    if other["state"] != GrantState.GRANTED:
        needs = [GrantState.GRANTED]
        raise wrong_state(context, "grant-state", other["state"], needs, "set-off")
    check_unquestioned(context, other)
    left = other["granted_fen"] - other["set_off_fen"]
    if fen > left:
        raise Refusal("set-off-exceeds", field="amount_fen", most=left)
    context.put(GRANT, {**other, "set_off_fen": other["set_off_fen"] + fen})
    budgets.pay(context, other["line"], fen)
    moved = {**row, "set_off_fen": row["set_off_fen"] + fen}
    context.put(CASE, moved)
    budgets.take_back(context, row["line"], fen)
    _settle(context, moved)


def fall_due(context: Context, body: Body) -> None:
    """A term has run out: nobody asked to be heard, or a step is late; raises ``not-due``."""
    row = context.need(CASE, body["case"])
    if row["clock"] != Clock.RUNNING or row["due_at"] > context.at:
        raise Refusal("not-due", case=row["case"])
    if row["state"] == CaseState.NOTICED:
        move(context, row, CaseState.WAIVED)
    else:
        context.put(CASE, {**row, "clock": Clock.LATE})


def due(state: State, at: int) -> Iterator[Due]:
    """Terms of cases that have run out."""
    for row in state.overdue(CASE, at):
        item = f"{row['case']}/{row['state']}"
        yield Due(row["due_at"], item, "recovery.fall-due", {"case": row["case"]})


def _of_bureau(context: Context, case: str) -> Row:
    row = context.get(CASE, case)
    if row is None or row["granter"] != context.party:
        raise Refusal("recovery-case-unknown", field="case", key=case)
    if people(context.signers) & close_to(context, row["applicant"]):
        raise Refusal("own-grant")
    return row


def _owing(context: Context, case: str) -> Row:
    row = _of_bureau(context, case)
    if row["state"] != CaseState.DECIDED:
        needs, wanted = [CaseState.DECIDED], CaseState.SETTLED
        raise wrong_state(context, "recovery-state", row["state"], needs, wanted)
    return row


def _apart(context: Context, row: Row, *steps: GrantState | CaseState) -> None:
    """Refuse whoever signed a step of a grant or a case that this one judges."""
    for step in row["steps"]:
        if step["step"] in steps and people(context.signers) & set(step["persons"]):
            # Until the second version a refusal named its own entry.
            own = context.engine_version < EARLIER_NAMED
            index = context.index if own else step["index"]
            context.fault("signed-before", step=step["step"], index=index)


def _check_fine(context: Context, row: Row, grant: Row, body: Body) -> None:
    """A fine is for fraud, between the least and the greatest share that the rule's term names."""
    fine = body["fine_fen"]
    if not fine:
        return
    if row["ground"] != Ground.FRAUD:
        raise Refusal("fine-without-fraud", field="fine_fen", ground=row["ground"])
    answer = context.need(ANSWER, grant["answer"])
    rule = read(context.need(RULE, answer["rule"], answer["rule_entry"])["text"])
    today = date.fromisoformat(business_date(context.at))
    for term in rule.clawback:
        if term.id != body.get("term"):
            continue
        figures = [rule.parameters[name] for name in term.parameters]
        found = [figure.number(today) for figure in figures if figure.unit == BARE]
        shares = [share for share in found if isinstance(share, Fraction)]
        if not shares:
            break
        least, most = min(shares) * body["repay_fen"], max(shares) * body["repay_fen"]
        if not least <= fine <= most:
            bounds = {"least": -(-least.numerator // least.denominator), "most": int(most)}
            raise Refusal("fine-out-of-range", field="fine_fen", **bounds)
        return
    raise Refusal("clawback-unknown", field="term", rule=rule.id)


def _settle(context: Context, row: Row) -> None:
    """Nothing is owed any more: the case is over.

    A grant that came back whole, in this case or over several, is revoked; about another the next
    case opens where a ground arose meanwhile.
    """
    if owed(row) or fine_owed(row):
        return
    move(context, row, CaseState.SETTLED)
    grant = context.need(GRANT, row["grant"])
    back = row["repay_fen"] > 0 and left_of(context, grant) == 0
    if back and grant["state"] in AWARDED:
        end(context, grant, GrantState.REVOKED)
    else:
        open_next(context, grant)
