"""Bodies of the statements about sessions."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields
from market.instruments.schemas import VenueCode


class SessionAct(Schema):
    """Open or close a venue's session of one trading day."""

    venue = VenueCode(required=True)
    date = fields.Date(required=True)
