"""Bodies of the statements about sessions."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields
from market.instruments.schemas import VENUES


class SessionAct(Schema):
    """Open or close a venue's session of one trading day."""

    venue = fields.Enum(VENUES, required=True)
    date = fields.Date(required=True)
