"""Decisions of the facts room: indicators are defined, facts stated and corrected, never replaced.

A public fact is decided from public rows alone, so that the public can replay it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ledger.facts.models import FACT, INDICATOR, PRIVATE_FACT, REGION
from ledger.facts.periods import is_period
from ledger.facts.verbs import OWN_PREFIX, series_of
from ledger.parties import models as parties
from ledger.parties.parameters import business_date
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Kind, Row
from ledger.writer.versions import FACTS_TOLD

Body = Mapping[str, Any]
_OPEN_START, _OPEN_END = "", "9999-12-31"


def define(context: Context, body: Body) -> None:
    """Define an indicator, once.

    Raises Refusal ``indicator-exists``, ``indicator-reserved`` or ``list-repeats``.
    """
    name = body["indicator"]
    if name.startswith(OWN_PREFIX):
        raise Refusal("indicator-reserved", field="indicator", prefix=OWN_PREFIX)
    if context.get(INDICATOR, name) is not None:
        raise Refusal("indicator-exists", field="indicator", indicator=name)
    for field in ("publishers", "dimensions"):
        items = body.get(field, [])
        if len(set(items)) < len(items):
            raise Refusal("list-repeats", field=field)
    context.put(
        INDICATOR,
        {
            **{n: body[n] for n in ("indicator", "name", "unit", "period", "subject", "circle")},
            "name_en": body.get("name_en"),
            "publishers": list(body["publishers"]),
            "dimensions": list(body.get("dimensions", [])),
            "source": body["source"],
            "confidence": body["confidence"],
            "index": context.index,
        },
    )


def publish(context: Context, body: Body) -> None:
    """State a fact that everybody may read."""
    _state(context, body, FACT, "public")


def report(context: Context, body: Body) -> None:
    """State a fact that its author, its subject and a supervisor may read."""
    _state(context, body, PRIVATE_FACT, "party")


def _state(context: Context, body: Body, kind: Kind, circle: str) -> None:
    """State a fact of an indicator's own circle, and end the one that it corrects.

    Raises Refusal ``indicator-unknown``, ``indicator-circle``, ``role-not-allowed``,
    ``subject-other``, ``unit-differs``, ``period-differs``, ``period-not-over``,
    ``dimensions-differ``, ``party-unknown``, ``region-unknown``, ``fact-unknown``,
    ``fact-corrected``, ``fact-subject-differs`` or ``fact-stated``.
    """
    indicator = context.need(INDICATOR, body["indicator"])
    if indicator["circle"] != circle:
        raise Refusal("indicator-circle", field="indicator", circle=indicator["circle"])
    role = _role(context, indicator, body["subject"])
    dimensions = _dimensions(indicator, body.get("dimensions", []))
    _check_shape(context, indicator, body)
    row = _row(context, indicator, body, role, dimensions)
    if "corrects" in body:
        row["first"] = _correct(context, kind, row)
    _refuse_second(context, kind, row)
    context.put(kind, row)
    if context.engine_version >= FACTS_TOLD:
        context.emit("fact-stated", fact=row["fact"])


def _role(context: Context, indicator: Row, subject: str) -> str:
    """The role in which the author may state the indicator of the subject."""
    roles = context.need(parties.PARTY, context.party)["roles"]
    for role in indicator["publishers"]:
        if role in roles:
            if role == "enterprise" and subject != context.party:
                raise Refusal("subject-other", field="subject", party=context.party)
            return str(role)
    raise Refusal("role-not-allowed", roles=roles, needed=indicator["publishers"])


def _dimensions(indicator: Row, stated: Sequence[Body]) -> list[list[str]]:
    names = [dimension["name"] for dimension in stated]
    if names != indicator["dimensions"]:
        raise Refusal("dimensions-differ", field="dimensions", needed=indicator["dimensions"])
    return [[dimension["name"], dimension["value"]] for dimension in stated]


def _check_shape(context: Context, indicator: Row, body: Body) -> None:
    if body["unit"] != indicator["unit"]:
        raise Refusal("unit-differs", field="unit", needed=indicator["unit"])
    if not is_period(indicator["period"], body["start"], body["end"]):
        raise Refusal("period-differs", field="start", needed=indicator["period"])
    if body["end"] > business_date(context.at):
        raise Refusal("period-not-over", field="end", end=body["end"])
    if indicator["subject"] == REGION:
        _check_region(context, body["subject"], body["start"], body["end"])
    else:
        context.need(parties.PARTY, body["subject"])


def _check_region(context: Context, code: str, start: str, end: str) -> None:
    """A region's code must have stood on some day of the period."""
    for key in context.children(parties.REGION, "code", code):
        row = context.need(parties.REGION, *key)
        since, until = row["valid_from"] or _OPEN_START, row["valid_to"] or _OPEN_END
        if since <= end and start < until:
            return
    raise Refusal("region-unknown", field="subject", region=code)


def _row(
    context: Context, indicator: Row, body: Body, role: str, dimensions: list[list[str]]
) -> Row:
    operation = context.id.partition("/")[2]
    name = f"{context.index}/{operation}" if operation else str(context.index)
    start, end = body["start"], body["end"]
    return {
        "fact": name,
        "index": context.index,
        "place": int(operation or 0),
        "subject_kind": indicator["subject"],
        **{n: body[n] for n in ("indicator", "subject", "start", "end", "value", "scale", "unit")},
        "dimensions": dimensions,
        "source": body["source"],
        "confidence": body["confidence"],
        "party": context.party,
        "role": role,
        "series": series_of(
            context.party, body["indicator"], body["subject"], start, end, dimensions
        ),
        "first": name,
        "corrects": body.get("corrects"),
        "until": None,
    }


def _correct(context: Context, kind: Kind, row: Row) -> str:
    """End the corrected fact; gives the fact that began the line of corrections."""
    earlier = context.get(kind, row["corrects"])
    if earlier is None or earlier["party"] != context.party:
        # Of another's fact not even its being there is told.
        raise Refusal("fact-unknown", field="corrects", fact=row["corrects"])
    if earlier["until"] is not None:
        raise Refusal("fact-corrected", field="corrects", index=earlier["until"])
    if any(earlier[name] != row[name] for name in ("indicator", "subject")):
        raise Refusal("fact-subject-differs", field="corrects", fact=earlier["fact"])
    context.put(kind, {**earlier, "until": context.index})
    context.emit("fact-corrected", fact=earlier["fact"], by=row["fact"])
    return str(earlier["first"])


def _refuse_second(context: Context, kind: Kind, row: Row) -> None:
    """One author has one standing fact of one thing: a second must name the one it corrects."""
    for key in context.children(kind, "series", row["series"]):
        standing = context.need(kind, *key)
        if standing["until"] is None:
            raise Refusal("fact-stated", field="corrects", fact=standing["fact"])
