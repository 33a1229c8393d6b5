"""UTC instants in the one fixed text form, and milliseconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from ledger.statements.errors import Malformed

_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def parse_instant(text: object, field: str | None = None) -> int:
    """Milliseconds of ``2026-11-24T08:00:00.000Z``; raises Malformed for any other form."""
    if not isinstance(text, str) or not _FORM.fullmatch(text):
        raise Malformed("not-an-instant", field)
    try:
        moment = datetime.fromisoformat(f"{text[:19]}+00:00")
    except ValueError as error:
        raise Malformed("not-an-instant", field) from error
    return int(moment.timestamp()) * 1000 + int(text[20:23])


def format_instant(milliseconds: int) -> str:
    """The fixed text form of an instant."""
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


def parse_date(text: object, field: str | None = None) -> str:
    """``YYYY-MM-DD`` if it is a day of the calendar; raises Malformed otherwise."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise Malformed("not-a-date", field)
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise Malformed("not-a-date", field) from error
    return text
