"""Bodies of the retention room's statements."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields


class AttachmentErasure(Schema):
    """Erase one attachment of an entry; its salted digest stays, so every proof still holds."""

    index = fields.Natural(required=True)
    name = fields.Text(max_length=63, required=True)
    ground = fields.Text(max_length=200, required=True)


class BodyErasure(Schema):
    """Give up the bodies of a retention class that were stated before a day."""

    kept = fields.Identifier(required=True)
    before = fields.Date(required=True)
    document = fields.Text(max_length=120, required=True)
