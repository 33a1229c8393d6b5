"""Bodies of the statements about recoveries; every sum is in fen."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields

GROUNDS = ("fraud", "error")
OUTCOMES = ("recover", "dropped")


class RecoveryOpening(Schema):
    """Open a case about a grant that was given."""

    grant = fields.Text(max_length=80, required=True)
    ground = fields.Enum(GROUNDS, required=True)
    reason = fields.Text(max_length=400, required=True)


class RecoveryNotice(Schema):
    """Tell the applicant what is to be asked back, on which ground."""

    case = fields.Text(max_length=80, required=True)
    demanded_fen = fields.Natural(required=True)
    document = fields.Text(max_length=120, required=True)
    reason = fields.Text(max_length=1_000, required=True)


class CaseName(Schema):
    """Ask to be heard, or let a term run out."""

    case = fields.Text(max_length=80, required=True)


class RecoveryHearing(Schema):
    """The hearing was held; its record is attached."""

    case = fields.Text(max_length=80, required=True)
    document = fields.Text(max_length=120, required=True)
    held_on = fields.Date(required=True)


class RecoveryDecision(Schema):
    """Ask back a sum, with a fine by the rule's claw-back term ``term``, or drop the case."""

    case = fields.Text(max_length=80, required=True)
    outcome = fields.Enum(OUTCOMES, required=True)
    repay_fen = fields.Natural(required=True)
    fine_fen = fields.Natural(required=True)
    term = fields.Identifier(max_length=60)
    document = fields.Text(max_length=120, required=True)
    reason = fields.Text(max_length=1_000, required=True)


class Repayment(Schema):
    """Evidence that money has come in, of the grant or of the fine."""

    case = fields.Text(max_length=80, required=True)
    of = fields.Enum(("grant", "fine"), required=True)
    amount_fen = fields.Quantity(required=True)
    reference = fields.Text(max_length=120, required=True)
    received_on = fields.Date(required=True)


class SetOff(Schema):
    """Keep back of another grant to the same applicant what is owed."""

    case = fields.Text(max_length=80, required=True)
    grant = fields.Text(max_length=80, required=True)
    amount_fen = fields.Quantity(required=True)
    document = fields.Text(max_length=120, required=True)
