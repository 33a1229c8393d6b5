"""Bodies of the statements about quotas."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema

from ledger.parties.schemas import CONFIDENCE
from ledger.statements import fields

TEXT_MAX = 400_000
MEMBERS_MAX = 5_000
EVIDENCE_MAX = 5_000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}", re.ASCII)


class MemberCode(fields.Pattern):
    """Who receives a part: a region code, a party, or the reserve."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_CODE, "not-a-member-code", **kwargs)


class Part(Schema):
    """What one member gets, in whole tonnes."""

    code = MemberCode(required=True)
    quantity = fields.Natural(required=True)


class Evidence(Schema):
    """A figure of the plan is what a public fact says."""

    code = MemberCode(required=True)
    indicator = fields.Identifier(required=True)
    fact = fields.Text(max_length=60, required=True)


class Share(Schema):
    """The share of another plan that this one splits among lower members."""

    plan = fields.Identifier(required=True)
    code = MemberCode(required=True)


class QuotaPublication(Schema):
    """A plan, in the form that ``quota allocate`` reads, with the allocation that follows from it.

    ``start`` and ``end`` are the first and last day for which it allocates.  ``supersedes`` names
    the plan that it takes the place of.
    """

    plan = fields.Identifier(required=True)
    title = fields.Text(max_length=120, required=True)
    title_en = fields.Text(max_length=160)
    start = fields.Date(required=True)
    end = fields.Date(required=True)
    text = fields.Script(max_length=TEXT_MAX, required=True)
    allocation = fields.ListOf(
        fields.Nested(Part), min_items=1, max_items=MEMBERS_MAX, required=True
    )
    evidence = fields.ListOf(fields.Nested(Evidence), max_items=EVIDENCE_MAX)
    document = fields.Text(max_length=120, required=True)
    source = fields.Text(max_length=400, required=True)
    confidence = fields.Enum(CONFIDENCE, required=True)
    parent = fields.Nested(Share)
    supersedes = fields.Identifier()
