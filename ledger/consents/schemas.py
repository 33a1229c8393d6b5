"""Bodies of the consents room's statements."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields

PURPOSES = ("financing", "pledge", "audit", "verification", "incentive")
SCOPES = ("accounts", "incentives")
"""What may be read: balances of the giver's accounts; which incentives it would be given."""


class Consent(Schema):
    """An enterprise lets one party read, for a purpose, until the end of a day in Shanghai.

    Purpose, scope and end are always stated (DESIGN.md §3, Circles of reading).
    """

    reader = fields.PartyId(required=True)
    purpose = fields.Enum(PURPOSES, required=True)
    scope = fields.ListOf(fields.Enum(SCOPES), max_items=len(SCOPES), min_items=1, required=True)
    until = fields.Date(required=True)


class ConsentEnd(Schema):
    """A consent ends: its giver takes it back, or its last day is over."""

    consent = fields.Text(max_length=80, required=True)
