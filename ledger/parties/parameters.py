"""Dated parameters: the value in force on a day, as stated on the record."""

from __future__ import annotations

import re
from datetime import date, timedelta, timezone
from functools import lru_cache
from typing import Any

from ledger.parties.models import PARAMETER
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

SHANGHAI = timezone(timedelta(hours=8))
"""Asia/Shanghai has had no daylight saving since 1991."""

_WHOLE = re.compile(r"0|[1-9][0-9]{0,11}", re.ASCII)


DAY_MS = 86_400_000
OFFSET_MS = SHANGHAI.utcoffset(None) // timedelta(milliseconds=1)
"""By which a day begins earlier in Shanghai than in UTC."""
_EPOCH = date(1970, 1, 1).toordinal()
_LAST = date.max.toordinal()


@lru_cache(maxsize=64)
def business_date(at: int) -> str:
    """The calendar day in Shanghai of an instant in UTC milliseconds.

    Before the year 1 and after 9999 it is the first or the last day of the calendar.
    """
    ordinal = _EPOCH + (at + OFFSET_MS) // DAY_MS
    return date.fromordinal(min(max(ordinal, 1), _LAST)).isoformat()


def midnight(day: str, after: int = 0) -> int:
    """The instant, in UTC milliseconds, at which a day begins in Shanghai, or one so many later.

    What lies behind the calendar's last day begins when that day ends; ``after`` may be negative.
    """
    ordinal = min(date.fromisoformat(day).toordinal() + after, _LAST + 1)
    return (ordinal - _EPOCH) * DAY_MS - OFFSET_MS


def in_force(context: Context, code: str) -> str | None:
    """The value of ``code`` in force at the decision's own day, or None."""
    keys = context.children(PARAMETER, "code", code)
    if not keys:
        return None
    today = business_date(context.at)
    rows = [context.need(PARAMETER, *key) for key in keys]
    valid: list[dict[str, Any]] = [row for row in rows if row["valid_from"] <= today]
    return str(max(valid, key=lambda row: row["valid_from"])["value"]) if valid else None


def parameter(context: Context, code: str) -> str:
    """The value of ``code`` in force at the decision's own day.

    Raises Refusal ``parameter-not-in-force`` where nothing has been stated for that day.
    """
    value = in_force(context, code)
    if value is None:
        raise Refusal("parameter-not-in-force", parameter=code, date=business_date(context.at))
    return value


def whole(context: Context, code: str) -> int:
    """A parameter that is a whole number from zero, as of the decision's day.

    Raises Refusal ``parameter-not-in-force``, or ``parameter-malformed`` for another value.
    """
    value = parameter(context, code)
    if not _WHOLE.fullmatch(value):
        raise Refusal("parameter-malformed", parameter=code)
    return int(value)
