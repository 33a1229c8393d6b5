"""Erasure: nothing before its retention class has ended, and never without a statement.

A class is a word in the declaration of a statement type; the dated parameter
``retention.CLASS`` says how many years it lasts.  ``permanent`` never ends, and neither does
a class for which nothing is in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date, midnight, whole
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kept import ATTACHED, ERASURE

Body = Mapping[str, Any]
PERMANENT = "permanent"
PREFIX = "retention."
KEEPERS = frozenset({"registrar", "regulator"})
"""Who may erase what another party attached."""
YEARS_MAX = 1_000


def erase_attachment(context: Context, body: Body) -> None:
    """Erase an attachment of one's own, or, as registrar or regulator, anybody's.

    Raises Refusal ``attached-unknown``, ``attachment-erased``, ``retention-permanent``,
    ``retention-runs`` or ``parameter-not-in-force``.
    """
    row = context.need(ATTACHED, body["index"], body["name"])
    roles = context.need(PARTY, context.party)["roles"]
    if row["party"] != context.party and not KEEPERS & set(roles):
        raise Refusal("attached-unknown", key=f"{body['index']}/{body['name']}")
    if row["erased_at"] is not None:
        raise Refusal("attachment-erased", at=row["erased_at"])
    stated = business_date(row["at"])
    ends = years_after(stated, _years(context, row["kept"]))
    if business_date(context.at) < ends:
        raise Refusal("retention-runs", kept=row["kept"], until=ends)
    context.put(ATTACHED, {**row, "erased_at": context.at})


def erase_bodies(context: Context, body: Body) -> None:
    """Give up the bodies of a class stated before a day on which all of them have ended.

    Raises Refusal ``retention-permanent``, ``retention-runs``, ``erasure-stated`` or
    ``parameter-not-in-force``.
    """
    ends = years_after(body["before"], _years(context, body["kept"]))
    if business_date(context.at) < ends:
        raise Refusal("retention-runs", field="before", kept=body["kept"], until=ends)
    row = context.get(ERASURE, body["kept"])
    if row is not None and body["before"] <= row["before"]:
        raise Refusal("erasure-stated", field="before", before=row["before"])
    stated = {
        "kept": body["kept"],
        "before": body["before"],
        "before_at": midnight(body["before"]),
        "index": context.index,
    }
    context.put(ERASURE, stated)


def years_after(day: str, years: int) -> str:
    """The same day so many years on; after the 29th of February, the 1st of March."""
    first = date.fromisoformat(day)
    year = first.year + years
    if year > date.max.year:
        return date.max.isoformat()
    try:
        return first.replace(year=year).isoformat()
    except ValueError:
        return date(year, 3, 1).isoformat()


def _years(context: Context, kept: str) -> int:
    if kept == PERMANENT:
        raise Refusal("retention-permanent", kept=kept)
    return min(whole(context, PREFIX + kept), YEARS_MAX)
