"""The statement types around opinions and decisions."""

from __future__ import annotations

from ledger.projects import answering, engaging, retracting, steps
from ledger.projects import steps_schemas as schemas
from ledger.projects.rules import ENGAGED_ANSWERS, FROM_ACCEPTANCE
from ledger.statements.types import Circle, StatementType
from ledger.writer.room import ROLES

PUBLIC = Circle.PUBLIC
KEPT = "project-10-years"
OWNER, VERIFIER, REGISTRAR = ("enterprise",), ("verifier",), ("registrar",)

STATEMENTS = (
    StatementType(
        "notice.open",
        1,
        PUBLIC,
        schemas.Notice,
        steps.open_notice,
        OWNER,
        False,
        KEPT,
        terms=(steps.NOTICE_DAYS,),
        rules=(steps.REQUIRED,),
    ),
    StatementType("notice.comment", 1, PUBLIC, schemas.Comment, steps.comment, ROLES, False, KEPT),
    StatementType(
        "notice.answer",
        1,
        PUBLIC,
        schemas.CommentAnswer,
        answering.answer,
        VERIFIER,
        True,
        KEPT,
        rules=(ENGAGED_ANSWERS,),
    ),
    StatementType(
        "verifier.engage", 1, PUBLIC, schemas.Engagement, engaging.engage, OWNER, False, KEPT
    ),
    StatementType(
        "submission.withdraw", 1, PUBLIC, schemas.Retraction, retracting.retract, OWNER, True, KEPT
    ),
    StatementType(
        "application.submit",
        1,
        PUBLIC,
        schemas.Application,
        steps.apply_for,
        OWNER,
        True,
        KEPT,
        terms=(steps.DECISION_DAYS,),
        rules=(steps.REQUIRED,),
    ),
    StatementType(
        "application.accept",
        1,
        PUBLIC,
        schemas.Acceptance,
        steps.accept,
        REGISTRAR,
        False,
        KEPT,
        rules=(FROM_ACCEPTANCE,),
    ),
    StatementType(
        "application.return", 1, PUBLIC, schemas.Correction, steps.send_back, REGISTRAR, False, KEPT
    ),
)
