"""The statement types of answers on the record, budgets, grants and recoveries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from marshmallow import Schema

from incentives.grants import (
    budgets,
    deciding,
    handlers,
    leaving,
    recovery,
    recovery_opening,
    recovery_schemas,
    reviewing,
    schemas,
    steps,
)
from incentives.grants.budget_models import BUDGET, BUDGET_DOCUMENT
from incentives.grants.models import GRANT, GRANT_CREDIT, GRANT_NOTICE, OBJECTION, GrantState
from incentives.grants.recovery_models import CASE, REPAYMENT
from incentives.onrecord import handlers as onrecord
from incentives.onrecord import schemas as answers
from incentives.onrecord.models import ANSWER, CITE, REVIEW
from ledger.statements.types import Circle, StatementType
from ledger.writer.room import ROLES, Due
from ledger.writer.state import State

KEPT = "permanent"
FINANCE, CLOCK, OWNER = ("finance",), ("scheduler",), ("enterprise",)
ASKERS = ("enterprise", "regulator", "finance")
DESKS = ("finance", "regulator")
EVIDENCE = tuple(f"evidence-{place}" for place in range(1, 7))
Decide = Callable[[Any, Mapping[str, Any]], None]


def _type(
    name: str,
    schema: type[Schema],
    decide: Decide,
    signers: tuple[str, ...],
    four_eyes: bool = False,
    circle: Circle = Circle.PARTY,
    **more: Any,
) -> StatementType:
    return StatementType(name, 1, circle, schema, decide, signers, four_eyes, KEPT, **more)


ON_RECORD = (
    _type("answer.record", answers.AnswerRecord, onrecord.record, ASKERS),
    _type("answer.record-many", answers.AnswersRecord, onrecord.record_many, DESKS),
    _type("answer.review", answers.AnswerReview, reviewing.review, CLOCK),
)
BUDGETS = (
    _type("budget.open", schemas.BudgetOpening, budgets.open_line, FINANCE, True, Circle.PUBLIC),
    _type("budget.adjust", schemas.BudgetAdjustment, budgets.adjust, FINANCE, True, Circle.PUBLIC),
    _type("budget.lapse", schemas.BudgetLapse, budgets.lapse, CLOCK, False, Circle.PUBLIC),
)
_TERMS = steps.TERMS
GRANTS = (
    _type(
        "grant.apply",
        schemas.GrantApplication,
        handlers.apply_for,
        OWNER,
        True,
        attachments=EVIDENCE,
        amount=itemgetter("amount_fen"),
        terms=(_TERMS[GrantState.APPLIED],),
    ),
    _type("grant.review", schemas.GrantStep, handlers.review, DESKS),
    _type("grant.opine", schemas.GrantStep, handlers.opine, DESKS),
    _type(
        "grant.notice",
        schemas.GrantName,
        handlers.open_notice,
        FINANCE,
        terms=(_TERMS[GrantState.NOTICED],),
    ),
    _type("grant.object", schemas.GrantObjection, handlers.object_to, ROLES),
    _type("grant.answer", schemas.ObjectionAnswer, handlers.answer_objection, FINANCE),
    _type("grant.withdraw", schemas.GrantName, handlers.withdraw, OWNER),
    _type("grant.decide", schemas.GrantDecision, deciding.decide, FINANCE, True),
    _type(
        "grant.pay",
        schemas.GrantPayment,
        deciding.pay,
        FINANCE,
        True,
        attachments=("payment",),
    ),
    _type("grant.assess", schemas.GrantAssessment, deciding.assess, DESKS),
    _type("grant.fall-due", schemas.GrantName, deciding.fall_due, CLOCK),
)
RECOVERIES = (
    _type(
        "recovery.open", recovery_schemas.RecoveryOpening, recovery.open_by_bureau, FINANCE, True
    ),
    _type(
        "recovery.notice",
        recovery_schemas.RecoveryNotice,
        recovery.notice,
        FINANCE,
        terms=tuple(sorted({*recovery_opening.TERMS.values()})),
    ),
    _type("recovery.request-hearing", recovery_schemas.CaseName, recovery.request_hearing, OWNER),
    _type(
        "recovery.hear",
        recovery_schemas.RecoveryHearing,
        recovery.hear,
        FINANCE,
        attachments=("hearing",),
    ),
    _type(
        "recovery.decide",
        recovery_schemas.RecoveryDecision,
        recovery.decide,
        FINANCE,
        True,
        terms=(recovery_opening.REPAY_DAYS,),
    ),
    _type("recovery.repay", recovery_schemas.Repayment, recovery.repay, FINANCE),
    _type("recovery.set-off", recovery_schemas.SetOff, recovery.set_off, FINANCE, True),
    _type("recovery.fall-due", recovery_schemas.CaseName, recovery.fall_due, CLOCK),
)

STATEMENTS = (*ON_RECORD, *BUDGETS, *GRANTS, *RECOVERIES)
KINDS = (
    ANSWER,
    CITE,
    REVIEW,
    BUDGET,
    BUDGET_DOCUMENT,
    GRANT,
    GRANT_CREDIT,
    GRANT_NOTICE,
    OBJECTION,
    CASE,
    REPAYMENT,
)
REACTIONS = {"party-closing": leaving.nothing_open}
SEALED = {
    "fact-corrected": reviewing.fact_corrected,
    "fact-stated": reviewing.fact_stated,
    "opinion-withdrawn": reviewing.opinion_withdrawn,
    "validation-withdrawn": reviewing.validation_withdrawn,
    "units-cancelled": reviewing.units_cancelled,
}


def due(state: State, at: int) -> Iterator[Due]:
    """Everything of this part that has fallen due."""
    yield from reviewing.due(state, at)
    yield from deciding.due(state, at)
    yield from recovery.due(state, at)
    yield from budgets.due(state, at)
