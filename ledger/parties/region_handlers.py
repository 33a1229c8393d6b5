"""Which region codes stand on the record, and from when to when (GB/T 2260)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.models import REGION
from ledger.parties.parameters import business_date
from ledger.parties.regions import is_code, parent
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

Body = Mapping[str, Any]
Row = dict[str, Any]
ALWAYS = ""
"""The start of a code whose first day nobody knows; sorts before every day."""


def set_region(context: Context, body: Body) -> None:
    """State a code with its names and days; it stands inside a code that is on the record.

    Raises Refusal ``region-code``, ``region-dates``, ``region-overlap`` or ``region-orphan``.
    """
    code, start, end = body["code"], body.get("valid_from", ALWAYS), body.get("valid_to")
    if not is_code(code):
        raise Refusal("region-code", field="code", region=code)
    if end is not None and end <= start:
        raise Refusal("region-dates", field="valid_to", region=code)
    for row in _rows(context, code):
        ends_first = row["valid_to"] is not None and row["valid_to"] <= start
        if not ends_first and (end is None or row["valid_from"] < end):
            raise Refusal("region-overlap", field="valid_from", region=code)
    above = parent(code)
    if above is not None and not _rows(context, above):
        raise Refusal("region-orphan", field="code", region=code, parent=above)
    names = ("name_en", "valid_to")
    context.put(
        REGION,
        {
            "code": code,
            "valid_from": start,
            **{name: body.get(name) for name in names},
            **{name: body[name] for name in ("name", "source", "confidence")},
            "index": context.index,
        },
    )


def end_region(context: Context, body: Body) -> None:
    """State the first day on which a code no longer stands.

    Raises Refusal ``region-unknown``, ``region-ended`` or ``region-dates``.
    """
    row = _last(context, body["code"])
    if row["valid_to"] is not None:
        raise Refusal("region-ended", region=row["code"], valid_to=row["valid_to"])
    if body["valid_to"] <= row["valid_from"]:
        raise Refusal("region-dates", field="valid_to", region=row["code"])
    source = {"source": body["source"], "confidence": body["confidence"]}
    ended = {**row, **source, "valid_to": body["valid_to"], "index": context.index}
    context.put(REGION, ended)


def check_region(context: Context, code: str) -> None:
    """Refuse ``region-unknown``, or ``region-not-in-force`` on the decision's own day."""
    rows = _rows(context, code)
    if not rows:
        context.fault("region-unknown", field="region", region=code)
        return
    today = business_date(context.at)
    for row in rows:
        if row["valid_from"] <= today and (row["valid_to"] is None or today < row["valid_to"]):
            return
    context.fault("region-not-in-force", field="region", region=code, on=today)


def _rows(context: Context, code: str) -> list[Row]:
    return context.members(REGION, "code", code)


def _last(context: Context, code: str) -> Row:
    rows = _rows(context, code)
    if not rows:
        raise Refusal("region-unknown", field="region", region=code)
    return rows[-1]
