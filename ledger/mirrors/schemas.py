"""Bodies of the mirror registrar's statements: what an export says, and nothing filled in."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema

from ledger.statements import fields

_REGISTRY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}-[0-9]{2})?", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z?)?", re.ASCII
)
_ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,62}", re.ASCII)
_UNIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,38}", re.ASCII)
_SPOKEN = str.maketrans({"\n": " ", "\u200c": None, "\u200d": None})
ORIGINS = ("listed", "seen")
OPERATIONS = (
    "issue",
    "allocation",
    "transfer",
    "surrender",
    "cancellation",
    "cancel-replace",
    "phase-end-retirement",
    "correction",
    "other",
)
TEXT_MAX = 2_000
LEG_CELLS = (5, 6)


class SourceText(fields.Text):
    """Text of another registry: line feeds and the joiners of several scripts may stand in it."""

    def rule(self, value: Any) -> str | None:
        """As for other text, line feeds and joiners aside."""
        if not isinstance(value, str):
            return "not-text"
        if not self.low <= len(value) <= self.high:
            return "length"
        return super().rule(value.translate(_SPOKEN) or " ")


class Line(fields.Strict):
    """``[unit, account, quantity]``: one opening balance."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.json = {"type": "array", "minItems": 3, "maxItems": 3}

    def rule(self, value: Any) -> str | None:
        """``not-a-line``."""
        good = (
            isinstance(value, list)
            and len(value) == 3
            and _fits(_UNIT, value[0])
            and _fits(_ACCOUNT, value[1])
            and _counts(value[2])
        )
        return None if good else "not-a-line"


class Leg(fields.Strict):
    """``[id, from, to, unit, quantity]`` and, where the source names one, the project."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.json = {"type": "array", "minItems": LEG_CELLS[0], "maxItems": LEG_CELLS[1]}

    def rule(self, value: Any) -> str | None:
        """``not-a-leg``."""
        good = (
            isinstance(value, list)
            and len(value) in LEG_CELLS
            and all(_fits(_ACCOUNT, cell) for cell in value[:3])
            and _fits(_UNIT, value[3])
            and _counts(value[4])
            and all(_fits(_ACCOUNT, cell) for cell in value[5:])
        )
        return None if good else "not-a-leg"


def _fits(form: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None


def _counts(value: Any) -> bool:
    return fields.Quantity().rule(value) is None


def _registry() -> fields.Pattern:
    return fields.Pattern(_REGISTRY, "not-a-registry", required=True)


def _day(required: bool = False) -> fields.Pattern:
    return fields.Pattern(_DAY, "not-a-day", required=required)


def _moment(required: bool = False) -> fields.Pattern:
    return fields.Pattern(_MOMENT, "not-a-moment", required=required)


def _texts(most: int) -> fields.ListOf:
    return fields.ListOf(SourceText(max_length=TEXT_MAX), max_items=most)


class Project(Schema):
    """A project of another registry, as its list or a row about its units describes it."""

    registry = _registry()
    project = fields.Text(max_length=80, required=True)
    origin = fields.Enum(ORIGINS, required=True)
    name = SourceText(max_length=TEXT_MAX, required=True)
    proponent = SourceText(max_length=TEXT_MAX)
    country = SourceText(max_length=200)
    kinds = _texts(40)
    methodologies = _texts(40)
    status = SourceText(max_length=200)
    programme = fields.Text(max_length=80)
    annual_estimate = fields.Natural()
    registered_on = _day()
    period_from = _day()
    period_to = _day()


class Block(Schema):
    """An inclusive range of units; ``scope`` names the numbers that it counts within."""

    serial = fields.Text(max_length=200, required=True)
    scope = fields.Text(max_length=160, required=True)
    first = fields.Natural(required=True)
    last = fields.Natural(required=True)
    quantity = fields.Quantity(required=True)
    labels = _texts(40)


class Batch(Schema):
    """An issuance of another registry, as far as the source describes it.

    ``buffer`` is how many of the quantity stand in a reserve against reversals.
    """

    registry = _registry()
    batch = fields.Text(max_length=200, required=True)
    project = fields.Text(max_length=80, required=True)
    origin = fields.Enum(ORIGINS, required=True)
    unit = fields.Pattern(_UNIT, "not-a-unit", required=True)
    vintage_from = _day()
    vintage_to = _day()
    period_from = _day()
    period_to = _day()
    issued_at = _moment()
    quantity = fields.Quantity()
    buffer = fields.Natural()
    block = fields.Nested(Block)


class Holding(Schema):
    """A block of a batch that exists and has not ended."""

    registry = _registry()
    batch = fields.Text(max_length=200, required=True)
    block = fields.Nested(Block, required=True)


class Retirement(Holding):
    """A block whose units another registry has retired."""

    retired_at = _moment(required=True)
    reason = SourceText(max_length=TEXT_MAX)


class Cancellation(Holding):
    """A block whose units another registry has cancelled: nobody's claim."""

    cancelled_at = _moment()
    reason = SourceText(max_length=TEXT_MAX)


class Opening(Schema):
    """Balances that accounts of a partial extract must have had before its first row."""

    registry = _registry()
    extract_sha256 = fields.Digest(required=True)
    part = fields.Quantity(required=True)
    parts = fields.Quantity(required=True)
    lines = fields.ListOf(Line(), max_items=500, min_items=1, required=True)


class Transaction(Schema):
    """One atomic act of another registry between accounts of its own."""

    registry = _registry()
    transaction = fields.Text(max_length=80, required=True)
    at = _moment(required=True)
    zone = fields.Enum(("day", "utc", "unstated"), required=True)
    type = fields.Text(max_length=20, required=True)
    operation = fields.Enum(OPERATIONS, required=True)
    legs = fields.ListOf(Leg(), max_items=20_000, min_items=1, required=True)
