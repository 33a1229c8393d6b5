"""Bodies of the statements about budgets and grants; every sum is in fen."""

from __future__ import annotations

from marshmallow import Schema

from incentives.grants.budget_models import LEVELS
from ledger.credits.uses_models import Benefit
from ledger.statements import fields
from ledger.statements.canonical import INTEGER_MAX

CREDITS_MAX = 50
RESULTS = ("met", "partly", "unmet")
OUTCOMES = ("granted", "refused")


class BudgetOpening(Schema):
    """Open a budget line: what a document makes available in an account, at a level, for a year.

    ``until`` is the last day on which the line can be committed; what is left then lapses.
    """

    line = fields.Identifier(required=True)
    document = fields.Text(max_length=120, required=True)
    account = fields.Text(max_length=40, required=True)
    level = fields.Enum(LEVELS, required=True)
    region = fields.Identifier(max_length=6, required=True)
    year = fields.Whole(2000, 2100, required=True)
    title = fields.Text(max_length=120, required=True)
    amount_fen = fields.Quantity(required=True)
    until = fields.Date(required=True)


class BudgetAdjustment(Schema):
    """More money for a line, or less, by a document."""

    line = fields.Identifier(required=True)
    by_fen = fields.Whole(-INTEGER_MAX, INTEGER_MAX, required=True)
    document = fields.Text(max_length=120, required=True)


class BudgetLapse(Schema):
    """The last day of a line is over."""

    line = fields.Identifier(required=True)


class CitedUse(Schema):
    """Serials, and what the benefit is for; ``retirement`` names the act that retired them."""

    batch = fields.Text(max_length=80, required=True)
    first = fields.Quantity(required=True)
    last = fields.Quantity(required=True)
    benefit = fields.Enum([benefit.value for benefit in Benefit], required=True)
    retirement = fields.Text(max_length=80)


class GrantApplication(Schema):
    """Apply for a grant on a recorded answer; ``reviewer`` is the desk of the place.

    ``papers`` are the rule's papers, of which the first is the attachment ``evidence-1`` and so on.
    """

    answer = fields.Text(max_length=80, required=True)
    line = fields.Identifier(required=True)
    reviewer = fields.PartyId(required=True)
    amount_fen = fields.Quantity(required=True)
    credits = fields.ListOf(fields.Nested(CitedUse), max_items=CREDITS_MAX)
    papers = fields.ListOf(fields.Identifier(max_length=60), max_items=6)


class GrantStep(Schema):
    """A review or an opinion: for or against, with its reason."""

    grant = fields.Text(max_length=80, required=True)
    positive = fields.Flag(required=True)
    reason = fields.Text(max_length=400, required=True)


class GrantName(Schema):
    """Publish a grant, withdraw an application, or let a term run out."""

    grant = fields.Text(max_length=80, required=True)


class GrantObjection(Schema):
    """Object to what a notice publishes, while it runs."""

    notice = fields.Natural(required=True)
    reason = fields.Text(max_length=1_000, required=True)


class ObjectionAnswer(Schema):
    """Say what comes of an objection."""

    objection = fields.Text(max_length=80, required=True)
    upheld = fields.Flag(required=True)
    answer = fields.Text(max_length=1_000, required=True)


class GrantDecision(Schema):
    """Grant a sum, or refuse, under a document number."""

    grant = fields.Text(max_length=80, required=True)
    outcome = fields.Enum(OUTCOMES, required=True)
    amount_fen = fields.Natural(required=True)
    document = fields.Text(max_length=120, required=True)
    reason = fields.Text(max_length=400, required=True)


class GrantPayment(Schema):
    """Evidence that the sum was paid: the bank's reference and the day."""

    grant = fields.Text(max_length=80, required=True)
    amount_fen = fields.Natural(required=True)
    reference = fields.Text(max_length=120, required=True)
    paid_on = fields.Date(required=True)


class GrantAssessment(Schema):
    """Performance review: whether what the grant was for was reached."""

    grant = fields.Text(max_length=80, required=True)
    result = fields.Enum(RESULTS, required=True)
    document = fields.Text(max_length=120, required=True)
    reason = fields.Text(max_length=400, required=True)
