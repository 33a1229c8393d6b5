"""Bodies of the statements that put answers on the record."""

from __future__ import annotations

from marshmallow import Schema

from incentives.onrecord.declaring import CHARACTERS_MAX
from ledger.statements import fields

SUBJECTS_MAX = 200
SERIALS_MAX = 50


class CitedSerials(Schema):
    """Serials of a batch, from ``first`` to ``last``."""

    batch = fields.Text(max_length=80, required=True)
    first = fields.Quantity(required=True)
    last = fields.Quantity(required=True)


class AnswerRecord(Schema):
    """One rule's answer about one party, as the engine gives it with every step.

    ``answer_sha256`` is the digest of its canonical bytes; the register works the answer out again
    from ``as_of`` and ``known_at`` and takes no other.  ``declared`` is what whoever asks says of
    inputs that the record leaves open, an object as canonical JSON.  ``credits`` are units on
    which whoever relies on the answer relies too.
    """

    subject = fields.PartyId(required=True)
    rule = fields.Identifier(max_length=63, required=True)
    as_of = fields.Date(required=True)
    known_at = fields.Natural(required=True)
    rule_set_sha256 = fields.Digest(required=True)
    answer_sha256 = fields.Digest(required=True)
    declared = fields.Script(max_length=CHARACTERS_MAX)
    credits = fields.ListOf(fields.Nested(CitedSerials), max_items=SERIALS_MAX)


class AnswersRecord(Schema):
    """One rule's answers about many parties, under one Merkle root in the order of ``subjects``."""

    subjects = fields.ListOf(fields.PartyId(), max_items=SUBJECTS_MAX, min_items=1, required=True)
    rule = fields.Identifier(max_length=63, required=True)
    as_of = fields.Date(required=True)
    known_at = fields.Natural(required=True)
    rule_set_sha256 = fields.Digest(required=True)
    root = fields.Digest(required=True)


class AnswerReview(Schema):
    """Put a recorded question again, since entry ``cause`` took away something that it cites."""

    answer = fields.Text(max_length=80, required=True)
    cause = fields.Natural(required=True)
