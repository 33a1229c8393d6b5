"""The projects room."""

from __future__ import annotations

from ledger.projects import handlers, leaving, rules, schemas, steps_room, succeeding, withdrawing
from ledger.projects.models import PROJECT, REPORT, SITE, SPELLING
from ledger.projects.opinion_models import OPINION_PAPER
from ledger.projects.owner_models import ENGAGEMENT, RETRACTION
from ledger.projects.steps_models import ANSWER, APPLICATION, COMMENT, NOTICE
from ledger.projects.succession_models import SUCCESSION
from ledger.projects.withdrawal_models import WITHDRAWAL
from ledger.statements.types import Circle, StatementType
from ledger.writer.room import Room
from ledger.writer.versions import OWNERS_SUCCEEDED

PUBLIC = Circle.PUBLIC
KEPT = "project-10-years"
"""At least ten years after the last issuance (Order 31, Art. 11, 18)."""
OWNER, VERIFIER, REGISTRAR = ("enterprise",), ("verifier",), ("registrar",)

STATEMENTS = (
    StatementType(
        "project.submit",
        1,
        PUBLIC,
        schemas.ProjectDesign,
        handlers.submit,
        OWNER,
        False,
        KEPT,
        rules=(
            *rules.METHODOLOGIES_OF,
            *rules.YEARS_OF,
            rules.REGION_STANDS,
            rules.FROM_ACCEPTANCE,
        ),
    ),
    StatementType(
        "project.validate", 1, PUBLIC, schemas.Opinion, handlers.validate, VERIFIER, True, KEPT
    ),
    StatementType(
        "project.register",
        1,
        PUBLIC,
        schemas.ProjectDecision,
        handlers.register,
        REGISTRAR,
        True,
        KEPT,
    ),
    StatementType(
        "project.succeed",
        1,
        PUBLIC,
        schemas.Succession,
        succeeding.succeed,
        REGISTRAR,
        True,
        KEPT,
        engine_since=OWNERS_SUCCEEDED,
    ),
    StatementType(
        "project.refuse", 1, PUBLIC, schemas.ProjectRefusal, handlers.refuse, REGISTRAR, True, KEPT
    ),
    StatementType(
        "project.deregister",
        1,
        PUBLIC,
        schemas.ProjectDecision,
        handlers.deregister,
        REGISTRAR,
        True,
        KEPT,
    ),
    StatementType(
        "project.move", 1, PUBLIC, schemas.ProjectMove, handlers.move, REGISTRAR, True, KEPT
    ),
    StatementType(
        "report.submit",
        1,
        PUBLIC,
        schemas.MonitoringReport,
        handlers.submit_report,
        OWNER,
        False,
        KEPT,
        rules=(rules.PERIOD_OVER,),
    ),
    StatementType(
        "report.verify",
        1,
        PUBLIC,
        schemas.VerificationReport,
        handlers.verify,
        VERIFIER,
        True,
        KEPT,
    ),
    StatementType(
        "report.withdraw",
        1,
        PUBLIC,
        schemas.OpinionWithdrawal,
        withdrawing.withdraw_opinion,
        VERIFIER,
        True,
        KEPT,
        terms=("replacement-days",),
    ),
    StatementType(
        "report.withdraw-part",
        1,
        PUBLIC,
        schemas.PartialWithdrawal,
        withdrawing.withdraw_part,
        VERIFIER,
        True,
        KEPT,
        terms=("replacement-days",),
    ),
    StatementType(
        "validation.withdraw",
        1,
        PUBLIC,
        schemas.ValidationWithdrawal,
        withdrawing.withdraw_validation,
        VERIFIER,
        True,
        KEPT,
        terms=("replacement-days",),
    ),
    StatementType(
        "reduction.register",
        1,
        PUBLIC,
        schemas.ReductionDecision,
        handlers.register_reduction,
        REGISTRAR,
        True,
        KEPT,
    ),
    StatementType(
        "reduction.refuse",
        1,
        PUBLIC,
        schemas.ReductionRefusal,
        handlers.refuse_reduction,
        REGISTRAR,
        True,
        KEPT,
    ),
)

ROOM = Room(
    "projects",
    (*STATEMENTS, *steps_room.STATEMENTS),
    (
        PROJECT,
        SITE,
        SPELLING,
        REPORT,
        NOTICE,
        COMMENT,
        ANSWER,
        APPLICATION,
        WITHDRAWAL,
        ENGAGEMENT,
        RETRACTION,
        OPINION_PAPER,
        SUCCESSION,
    ),
    {"party-closing": leaving.nothing_pending, "parameter-set": rules.check_parameter},
)
