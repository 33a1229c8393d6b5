"""Signed statements: strict in form, canonical in bytes."""

from ledger.statements.attachments import Attachment
from ledger.statements.envelope import (
    PAYLOAD_TYPE,
    Envelope,
    Payload,
    Submission,
    body_digest,
    cosign,
    pae,
    parse_draft,
    parse_envelope,
    parse_submission,
    sign_statement,
    verify_signatures,
)
from ledger.statements.errors import Expired, Malformed, StatementError, Unauthenticated
from ledger.statements.types import Circle, StatementType

__all__ = [
    "PAYLOAD_TYPE",
    "Attachment",
    "Circle",
    "Envelope",
    "Expired",
    "Malformed",
    "Payload",
    "StatementError",
    "StatementType",
    "Submission",
    "Unauthenticated",
    "body_digest",
    "cosign",
    "pae",
    "parse_draft",
    "parse_envelope",
    "parse_submission",
    "sign_statement",
    "verify_signatures",
]
