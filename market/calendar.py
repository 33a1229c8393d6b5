"""Days and minutes of the exchange, in Shanghai, which has had no daylight saving since 1991."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ledger.parties.parameters import SHANGHAI, midnight

DAY_MINUTES = 24 * 60
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_DAY = re.compile(r"(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])", re.ASCII)
Period = tuple[int, int]
"""Minutes of the day, from and until."""


def minute_of_day(at: int) -> int:
    """The minute of the day of an instant in UTC milliseconds."""
    moment = datetime.fromtimestamp(at // 1000, UTC).astimezone(SHANGHAI)
    return moment.hour * 60 + moment.minute


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


def parse_closed(text: str) -> frozenset[str]:
    """``0101,0216-0220``: the days of a year, as month and day, on which nothing trades."""
    closed: set[str] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        last = last or first
        if not (_DAY.fullmatch(first) and _DAY.fullmatch(last)) or first > last:
            raise ValueError(text)
        closed |= {
            f"{month:02d}{day:02d}"
            for month in range(1, 13)
            for day in range(1, 32)
            if first <= f"{month:02d}{day:02d}" <= last
        }
    return frozenset(closed)
