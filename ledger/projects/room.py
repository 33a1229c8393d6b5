"""The projects room."""

from __future__ import annotations

from ledger.projects import handlers, leaving, schemas
from ledger.projects.models import PROJECT, REPORT, SITE
from ledger.statements.types import Circle, StatementType
from ledger.writer.room import Room

PUBLIC = Circle.PUBLIC
KEPT = "project-10-years"
"""At least ten years after the last issuance (Order 31, Art. 11, 18)."""
OWNER, VERIFIER, REGISTRAR = ("enterprise",), ("verifier",), ("registrar",)

STATEMENTS = (
    StatementType(
        "project.submit", 1, PUBLIC, schemas.ProjectDesign, handlers.submit, OWNER, False, KEPT
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
        "project.refuse", 1, PUBLIC, schemas.ProjectDecision, handlers.refuse, REGISTRAR, True, KEPT
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
        "report.submit",
        1,
        PUBLIC,
        schemas.MonitoringReport,
        handlers.submit_report,
        OWNER,
        False,
        KEPT,
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
        handlers.withdraw_opinion,
        VERIFIER,
        True,
        KEPT,
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
)

ROOM = Room(
    "projects",
    STATEMENTS,
    (PROJECT, SITE, REPORT),
    {"party-closing": leaving.nothing_pending},
)
