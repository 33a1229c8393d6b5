"""The four styles in which registries write dates, each read strictly and never guessed.

`iso_date` 2026-04-03 · `iso_instant` 2026-04-13T12:35:58.842275, blank instead of T, Z allowed ·
`us_date` 10/27/2025 (month first) · `us_instant_gmt` 4/13/2026 7:17:56 PM, "(GMT)" allowed.
A style belongs to a column: 04/08/2026 is never tried as day first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from portal.imports.errors import BadValue

Zone = Literal["day", "utc", "unstated"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ISO_INSTANT = re.compile(
    _ISO_DATE.pattern + r"[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,6})?(Z)?"
)
_US_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_US_INSTANT = re.compile(
    _US_DATE.pattern + r" ([0-9]{1,2}):([0-9]{2}):([0-9]{2}) (AM|PM)(?: \(GMT\))?"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as the source states it.

    `text` is ISO 8601 with every digit the source gave; `ms` is Unix milliseconds, cut (not
    rounded) to the millisecond and read as UTC where the source states no zone; `zone` says so.
    """

    text: str
    ms: int
    zone: Zone

    @property
    def day(self) -> str:
        """The calendar date as written, YYYY-MM-DD."""
        return self.text[:10]


def _moment(style: str, text: str, zone: Zone, fields: Sequence[int], fraction: str) -> Moment:
    year, month, day, hour, minute, second = (*fields, 0, 0, 0)[:6]
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise BadValue("date-impossible", value=text[:40], style=style) from None
    ms = (at - _EPOCH) // timedelta(milliseconds=1)
    ms += int((fraction[1:] + "000")[:3])
    if zone == "day":
        return Moment(at.date().isoformat(), ms, zone)
    stamp = at.replace(tzinfo=None).isoformat(timespec="seconds")
    return Moment(stamp + fraction + ("Z" if zone == "utc" else ""), ms, zone)


def _match(pattern: re.Pattern[str], style: str, text: str) -> tuple[str, ...]:
    found = pattern.fullmatch(text)
    if found is None:
        raise BadValue("date-malformed", value=text[:40], style=style)
    return found.groups("")


def iso_date(text: str) -> Moment:
    """Read YYYY-MM-DD. Raises BadValue date-malformed, date-impossible."""
    groups = _match(_ISO_DATE, "iso-date", text)
    return _moment("iso-date", text, "day", [*map(int, groups)], "")


def iso_instant(text: str) -> Moment:
    """Read YYYY-MM-DD, T or a blank, hh:mm:ss with up to six decimals; Z says UTC."""
    *numbers, fraction, zulu = _match(_ISO_INSTANT, "iso-instant", text)
    zone: Zone = "utc" if zulu else "unstated"
    return _moment("iso-instant", text, zone, [*map(int, numbers)], fraction)


def us_date(text: str) -> Moment:
    """Read M/D/YYYY, one or two digits each."""
    month, day, year = map(int, _match(_US_DATE, "us-date", text))
    return _moment("us-date", text, "day", (year, month, day), "")


def us_instant_gmt(text: str) -> Moment:
    """Read M/D/YYYY h:mm:ss AM or PM of a column whose header says GMT."""
    *numbers, half = _match(_US_INSTANT, "us-instant-gmt", text)
    month, day, year, hour, minute, second = map(int, numbers)
    if not 1 <= hour <= 12:
        raise BadValue("date-impossible", value=text[:40], style="us-instant-gmt")
    hour = hour % 12 + (12 if half == "PM" else 0)
    return _moment("us-instant-gmt", text, "utc", (year, month, day, hour, minute, second), "")
