"""The statements about admission and people, as the parties room offers them."""

from __future__ import annotations

from ledger.parties import (
    agreements,
    approvals,
    changes,
    operators,
    recovery,
    staff,
    standing,
)
from ledger.parties import people_schemas as schemas
from ledger.statements.types import Circle, StatementType
from ledger.writer.room import ROLES

FOREVER = "permanent"
EVIDENCE_KEPT = "trade-20-years"
"""Documents behind an admission are kept as long as those behind its trades."""
PUBLIC, PARTY = Circle.PUBLIC, Circle.PARTY
REGISTRAR, KEEPERS = ("registrar",), ("registrar", "regulator")
EMPLOYERS = ("regulator", "finance", "registrar", "exchange", "verifier")
_CHANGE_EVIDENCE = ("application", "licence", "notice")

STATEMENTS = (
    StatementType(
        "agreement.record",
        1,
        PUBLIC,
        schemas.AgreementRecord,
        agreements.agree,
        REGISTRAR,
        True,
        FOREVER,
        attachments=("agreement",),
        attachments_kept=EVIDENCE_KEPT,
    ),
    StatementType(
        "approval.record",
        1,
        PUBLIC,
        schemas.ApprovalRecord,
        approvals.approve,
        KEEPERS,
        True,
        FOREVER,
        attachments=("approval",),
        attachments_kept=EVIDENCE_KEPT,
    ),
    StatementType(
        "approval.end",
        1,
        PUBLIC,
        schemas.ApprovalEnd,
        approvals.end_approval,
        KEEPERS,
        True,
        FOREVER,
        attachments=("decision",),
        attachments_kept=EVIDENCE_KEPT,
    ),
    StatementType(
        "operator.assign", 1, PUBLIC, schemas.OperatorRole, operators.assign, ROLES, True, FOREVER
    ),
    StatementType(
        "key.block",
        1,
        PUBLIC,
        schemas.KeyBlock,
        recovery.block_key,
        KEEPERS,
        True,
        FOREVER,
        attachments=("application", "identity"),
        attachments_kept=EVIDENCE_KEPT,
    ),
    StatementType(
        "key.replace",
        1,
        PUBLIC,
        schemas.KeyReplacement,
        recovery.replace_key,
        KEEPERS,
        True,
        FOREVER,
        attachments=("application", "identity"),
        attachments_kept=EVIDENCE_KEPT,
    ),
    StatementType(
        "party.change",
        1,
        PUBLIC,
        schemas.PartyChange,
        changes.change_party,
        REGISTRAR,
        True,
        FOREVER,
        attachments=_CHANGE_EVIDENCE,
        attachments_kept=EVIDENCE_KEPT,
    ),
    StatementType(
        "party.authorise",
        1,
        PUBLIC,
        schemas.Authorisation,
        changes.authorise,
        REGISTRAR,
        True,
        FOREVER,
        attachments=("authorisation", "identity"),
        attachments_kept=EVIDENCE_KEPT,
    ),
    StatementType(
        "party.close",
        1,
        PARTY,
        schemas.Closure,
        standing.close,
        REGISTRAR,
        True,
        FOREVER,
        attachments=("application",),
        attachments_kept=EVIDENCE_KEPT,
    ),
    StatementType(
        "staff.declare", 1, PUBLIC, schemas.StaffList, staff.declare_staff, EMPLOYERS, True, FOREVER
    ),
    StatementType(
        "staff.release", 1, PUBLIC, schemas.StaffList, staff.release_staff, EMPLOYERS, True, FOREVER
    ),
)
