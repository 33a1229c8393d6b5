"""Opening a recovery case, and its terms."""

from __future__ import annotations

from incentives.grants.models import AWARDED, Clock, GrantState
from incentives.grants.recovery_models import CASE, CASE_MOVES, ENDED, CaseState, Ground
from incentives.grants.steps import last_day, taken
from incentives.onrecord.models import REVIEW, Cited, ReviewState
from ledger.parties.parameters import business_date, midnight, whole
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.moves import check_move

TERMS = {
    CaseState.OPENED: "recovery-notice-working-days",
    CaseState.NOTICED: "recovery-hearing-request-working-days",
    CaseState.HEARING: "recovery-hearing-working-days",
    CaseState.HEARD: "recovery-decision-working-days",
    CaseState.WAIVED: "recovery-decision-working-days",
}
REPAY_DAYS = "recovery-repayment-days"


def open_case(context: Context, grant: Row, ground: Ground, reason: str, cause: int = -1) -> None:
    """Open a case about a grant, unless one is open already.

    ``cause`` is the entry by which the ground arose, without one the present entry.
    """
    if open_of(context, grant["grant"]) is not None:
        return
    sums = ("demanded_fen", "repay_fen", "fine_fen", "repaid_fen", "set_off_fen", "fined_fen")
    names = ("grant", "applicant", "reviewer", "granter", "rule", "line")
    context.create(
        CASE,
        {
            "case": context.id,
            **{name: grant[name] for name in names},
            "ground": ground,
            "cause": context.index if cause < 0 else cause,
            "reason": reason,
            "benefit_fen": left_of(context, grant),
            **dict.fromkeys(sums, 0),
            "state": CaseState.OPENED,
            **_term(context, CaseState.OPENED),
            "document": None,
            "steps": [taken(context, CaseState.OPENED)],
            "index": context.index,
        },
    )


def open_reviewed(context: Context, grant: Row, review: Row) -> None:
    """Open a case since the answer under a grant, asked again, fell."""
    ground = Ground.CREDIT if review["what"] == Cited.CREDIT else Ground.FACT
    open_case(context, grant, ground, f"{review['what']} {review['name']}", review["cause"])


def open_next(context: Context, grant: Row) -> None:
    """A case about a grant is over: what arose while it was open has its turn, the oldest first."""
    if grant["state"] not in AWARDED:
        return
    cases = cases_of(context, grant["grant"])
    causes = {case["cause"] for case in cases}
    for review in context.members(REVIEW, "answer", grant["answer"]):
        if review["state"] == ReviewState.CHANGED and review["cause"] not in causes:
            open_reviewed(context, grant, review)
            return
    unmet = grant["result"] == "unmet"
    if unmet and Ground.PERFORMANCE not in {case["ground"] for case in cases}:
        assessed = next(s["index"] for s in grant["steps"] if s["step"] == GrantState.ASSESSED)
        open_case(context, grant, Ground.PERFORMANCE, grant["result"], assessed)


def cases_of(context: Context, grant: str) -> list[Row]:
    """The cases about a grant, in the order of their names."""
    return context.members(CASE, "grant", grant)


def open_of(context: Context, grant: str) -> Row | None:
    """The case about a grant that is open, of which there is one at most."""
    return next((case for case in cases_of(context, grant) if case["state"] not in ENDED), None)


def left_of(context: Context, grant: Row) -> int:
    """Fen that a grant has brought and that no case has brought back."""
    cases = cases_of(context, grant["grant"])
    back = sum(case["repaid_fen"] + case["set_off_fen"] for case in cases)
    return int(grant["paid_fen"] + grant["set_off_fen"] - back)


def check_unquestioned(context: Context, grant: Row) -> None:
    """Refuse while a case about a grant is open; raises Refusal ``recovery-open``."""
    if (case := open_of(context, grant["grant"])) is not None:
        raise Refusal("recovery-open", case=case["case"])


def move(context: Context, row: Row, after: CaseState, **more: object) -> Row:
    """Take a case to its next state and set its term; raises Refusal ``recovery-state``."""
    check_case(context, row, after)
    moved = {
        **row,
        "state": after,
        **_term(context, after),
        "steps": [*row["steps"], taken(context, after)],
        **more,
    }
    context.put(CASE, moved)
    return moved


def check_case(context: Context, row: Row, after: CaseState) -> None:
    """Raise Refusal ``recovery-state`` where a case cannot come to a state from where it is."""
    check_move(context, "recovery-state", CASE_MOVES, CaseState(row["state"]), after)


def _term(context: Context, state: CaseState) -> Row:
    if state in TERMS:
        due = midnight(last_day(context, TERMS[state]).isoformat(), 1)
    elif state is CaseState.DECIDED:
        due = midnight(business_date(context.at), whole(context, REPAY_DAYS) + 1)
    else:
        return {"due_at": None, "clock": Clock.STOPPED}
    return {"due_at": due, "clock": Clock.RUNNING}
