"""Hours and minutes of the exchange, in Shanghai, which has had no daylight saving since 1991."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ledger.parties.parameters import OFFSET_MS, midnight

DAY_MINUTES = 24 * 60
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
Period = tuple[int, int]
"""Minutes of the day, from and until."""


def minute_of_day(at: int) -> int:
    """The minute of the day of an instant in UTC milliseconds."""
    return (at + OFFSET_MS) // 60_000 % DAY_MINUTES


def instant_of(day: str, minute: int) -> int:
    """The instant of a minute of a day, in UTC milliseconds."""
    return midnight(day) + minute * 60_000


def parse_hours(text: str) -> list[Period]:
    """``09:30-11:30,13:00-15:00``; raises ValueError where periods are reversed or overlap."""
    periods: list[Period] = []
    for part in text.split(","):
        found = _HOURS.fullmatch(part)
        if found is None:
            raise ValueError(text)
        a, b, c, d = map(int, found.groups())
        start, end = a * 60 + b, c * 60 + d
        if start >= end or (periods and start < periods[-1][1]):
            raise ValueError(text)
        periods.append((start, end))
    return periods


def clock(minute: int) -> str:
    """A minute of the day as ``09:30``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def spelled(periods: Sequence[Period]) -> str:
    """Hours as a rule states them."""
    return ",".join(f"{clock(start)}-{clock(end)}" for start, end in periods)
