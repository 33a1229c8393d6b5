"""Bodies of the statements about rules."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields

TEXT_MAX = 200_000


class RulePublication(Schema):
    """The whole text of a rule with its golden tests, and the first day on which it holds.

    A later text of the same rule takes its place from its own ``valid_from`` on; the earlier one
    stays for days before that, and for whoever asks what was known earlier.
    """

    text = fields.Script(max_length=TEXT_MAX, required=True)
    golden = fields.Script(max_length=TEXT_MAX, required=True)
    valid_from = fields.Date(required=True)
    document = fields.Text(max_length=120, required=True)


class RuleApproval(Schema):
    """The finance bureau signs the text of a rule that entry ``entry`` published.

    ``sha256`` is the digest of that text, so that nobody signs another than was read.
    """

    rule = fields.Identifier(max_length=63, required=True)
    entry = fields.Natural(required=True)
    sha256 = fields.Digest(required=True)
    document = fields.Text(max_length=120, required=True)
