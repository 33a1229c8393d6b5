"""UTC instants in the one fixed text form, and milliseconds since 1970."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from ledger.statements.errors import Malformed

_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_EPOCH = datetime(1970, 1, 1)


def parse_instant(text: object, field: str | None = None) -> int:
    """Milliseconds of ``2026-11-24T08:00:00.000Z``; raises Malformed for any other form."""
    if not isinstance(text, str) or not _FORM.fullmatch(text):
        raise Malformed("not-an-instant", field)
    try:
        moment = datetime.fromisoformat(text[:23])
    except ValueError as error:
        raise Malformed("not-an-instant", field) from error
    return (moment - _EPOCH) // timedelta(milliseconds=1)


@lru_cache(maxsize=64)
def format_instant(milliseconds: int) -> str:
    """The fixed text form of an instant; raises Malformed outside the years 1 to 9999."""
    try:
        moment = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise Malformed("not-an-instant", milliseconds=milliseconds) from error
    return f"{moment.isoformat(timespec='milliseconds')}Z"


def parse_date(text: object, field: str | None = None) -> str:
    """``YYYY-MM-DD`` if it is a day of the calendar; raises Malformed otherwise."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise Malformed("not-a-date", field)
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise Malformed("not-a-date", field) from error
    return text
