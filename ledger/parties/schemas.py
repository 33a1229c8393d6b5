"""Bodies of the parties room's statements."""

from __future__ import annotations

from marshmallow import Schema

from ledger.parties.people_schemas import Agreement, Approval, KeyEntry
from ledger.statements import fields
from ledger.writer.room import ROLES

CONFIDENCE = ("found", "high", "medium", "low")


class ParameterEntry(Schema):
    """A dated value with its source."""

    code = fields.Identifier(max_length=63, required=True)
    valid_from = fields.Date(required=True)
    value = fields.Text(max_length=200, required=True)
    unit = fields.Text(max_length=60, required=True)
    source = fields.Text(max_length=400, required=True)
    confidence = fields.Enum(CONFIDENCE, required=True)


class RegionEntry(Schema):
    """A region code (行政区划代码) with its names and the days on which it stands.

    ``valid_from`` is the first day with the code, ``valid_to`` the first without it; no day
    means that none is known.
    """

    code = fields.Text(max_length=6, min_length=6, required=True)
    name = fields.Text(max_length=60, required=True)
    name_en = fields.Text(max_length=80)
    valid_from = fields.Date()
    valid_to = fields.Date()
    source = fields.Text(max_length=400, required=True)
    confidence = fields.Enum(CONFIDENCE, required=True)


class RegionEnd(Schema):
    """A region code ends: ``valid_to`` is the first day without it."""

    code = fields.Text(max_length=6, min_length=6, required=True)
    valid_to = fields.Date(required=True)
    source = fields.Text(max_length=400, required=True)
    confidence = fields.Enum(CONFIDENCE, required=True)


class Admission(Schema):
    """A legal person is admitted with roles, its operators' keys and what it has agreed to.

    How many operators a party may have is a dated parameter; 20 is only what a body may hold.
    """

    party = fields.PartyId(required=True)
    name = fields.Text(max_length=120, required=True)
    name_en = fields.Text(max_length=160)
    uscc = fields.Text(max_length=18)
    region = fields.Text(max_length=6)
    roles = fields.ListOf(fields.Enum(ROLES), max_items=4, min_items=1, required=True)
    keys = fields.ListOf(fields.Nested(KeyEntry), max_items=20, min_items=1, required=True)
    agreement = fields.Nested(Agreement)
    approval = fields.Nested(Approval)


class Genesis(Schema):
    """Entry 0: the log, its keys, the authorities and the seed parameters."""

    origin = fields.Text(max_length=200, required=True)
    log_key = fields.Text(max_length=200, required=True)
    operator_key = fields.Hex(32, required=True)
    scheduler_key = fields.Hex(32, required=True)
    engine = fields.Whole(1, required=True)
    regions = fields.ListOf(fields.Nested(RegionEntry), max_items=8_000, required=True)
    authorities = fields.ListOf(fields.Nested(Admission), max_items=16, min_items=1, required=True)
    parameters = fields.ListOf(fields.Nested(ParameterEntry), max_items=400, required=True)


class Activation(Schema):
    """The ledger goes over to the next engine version, by a document of the authority."""

    version = fields.Whole(2, required=True)
    release = fields.Text(max_length=60, required=True)
    document = fields.Text(max_length=120, required=True)


class Standing(Schema):
    """A party is suspended or reinstated, by a document of the authority."""

    party = fields.PartyId(required=True)
    document = fields.Text(max_length=120, required=True)


class KeyRegistration(Schema):
    """A party registers one more key."""

    key = fields.Nested(KeyEntry, required=True)


class KeyRevocation(Schema):
    """A key stops being valid from this entry on."""

    key = fields.Hex(16, required=True)
    reason = fields.Text(max_length=200, required=True)
