"""Bodies of the facts room's statements."""

from __future__ import annotations

from marshmallow import Schema

from ledger.facts.models import PARTY, REGION
from ledger.facts.periods import PERIODS
from ledger.parties.schemas import CONFIDENCE
from ledger.statements import fields
from ledger.statements.canonical import INTEGER_MAX
from ledger.writer.room import ROLES

SCALE_MAX = 12
DIMENSIONS_MAX = 6


class IndicatorDefinition(Schema):
    """What may be observed: of whom, over which period, in which unit, said by which roles.

    ``circle`` is ``public``, or ``party`` for what only author, subject and supervisor may read.
    ``dimensions`` name what tells several observations of one subject and period apart.
    """

    indicator = fields.Identifier(required=True)
    name = fields.Text(max_length=120, required=True)
    name_en = fields.Text(max_length=160)
    unit = fields.Text(max_length=60, required=True)
    period = fields.Enum(PERIODS, required=True)
    subject = fields.Enum((PARTY, REGION), required=True)
    circle = fields.Enum(("public", "party"), required=True)
    publishers = fields.ListOf(fields.Enum(ROLES), min_items=1, max_items=len(ROLES), required=True)
    dimensions = fields.ListOf(fields.Identifier(), max_items=DIMENSIONS_MAX)
    source = fields.Text(max_length=400, required=True)
    confidence = fields.Enum(CONFIDENCE, required=True)


class Dimension(Schema):
    """One name with its value, such as an outlet."""

    name = fields.Identifier(required=True)
    value = fields.Text(max_length=80, required=True)


class Observation(Schema):
    """A signed observation: value / 10 ** scale, in the indicator's unit.

    ``subject`` is a party or a region code, as the indicator says; ``start`` and ``end`` are the
    first and last day of the period.  ``corrects`` names the fact that this one takes the place of.
    """

    indicator = fields.Identifier(required=True)
    subject = fields.PartyId(required=True)
    start = fields.Date(required=True)
    end = fields.Date(required=True)
    dimensions = fields.ListOf(fields.Nested(Dimension), max_items=DIMENSIONS_MAX)
    value = fields.Whole(-INTEGER_MAX, INTEGER_MAX, required=True)
    scale = fields.Whole(0, SCALE_MAX, required=True)
    unit = fields.Text(max_length=60, required=True)
    source = fields.Text(max_length=400, required=True)
    confidence = fields.Enum(CONFIDENCE, required=True)
    corrects = fields.Text(max_length=60)
