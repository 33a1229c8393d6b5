"""Bodies of the statements about instruments."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema

from ledger.projects.schemas import CLASSES
from ledger.statements import fields

_CODE = re.compile(r"[A-Z][A-Z0-9_-]{0,11}", re.ASCII)
_VENUE = re.compile(r"[a-z][a-z0-9-]{0,15}", re.ASCII)


class InstrumentCode(fields.Pattern):
    """A code in capitals; short, because it is part of the names of dated rules."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_CODE, "not-an-instrument-code", **kwargs)


class VenueCode(fields.Pattern):
    """A venue's code in small letters; the dated rules under it say what the venue is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_VENUE, "not-a-venue-code", **kwargs)


class InstrumentListing(Schema):
    """Admit a credit class, one of its vintages, or one batch to trading.

    The first reference price stands until a session closes with trades.
    """

    instrument = InstrumentCode(required=True)
    venue = VenueCode(required=True)
    name = fields.Text(max_length=60, required=True)
    name_en = fields.Text(max_length=80)
    credit_class = fields.Enum(CLASSES, required=True)
    vintage = fields.Whole(2020, 2100)
    batch = fields.Text(max_length=80)
    reference_fen = fields.PriceFen(required=True)
    reference_source = fields.Text(max_length=200, required=True)


class InstrumentDecision(Schema):
    """Suspend, resume or delist an instrument, by a document of the operator."""

    instrument = InstrumentCode(required=True)
    document = fields.Text(max_length=120, required=True)
