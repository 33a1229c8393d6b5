"""Working days (工作日): Monday to Friday, less the stated holidays, plus the make-up days.

The State Council's office announces each year's holidays and make-up days.  They stand on record
as two dated parameters a year, ``working-days.closed.YEAR`` and ``working-days.opened.YEAR``, each
a list of days of the year such as ``0101-0103,0214``.  A year of which either is missing is
counted by its weekdays and is not certain: what depends on it must not be taken for settled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from ledger.parties.parameters import in_force
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

CLOSED, OPENED = "working-days.closed.", "working-days.opened."
_DAY = re.compile(r"(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])", re.ASCII)
_YEAR = re.compile(r"20[0-9]{2}", re.ASCII)
_SATURDAY = 6
_ONE = timedelta(days=1)


@dataclass(frozen=True)
class Year:
    """What is stated of a year: holidays, and days that are worked although the week says no."""

    closed: frozenset[str]
    opened: frozenset[str]


class WorkingDays:
    """The calendar of working days; ``stated`` tells of a year, or None where nothing is known."""

    def __init__(self, stated: Callable[[int], Year | None]) -> None:
        self._stated = stated
        self._years: dict[int, Year | None] = {}

    def works(self, day: date) -> bool:
        """Whether a day is worked; in a year that nobody has stated, by its weekday."""
        known, name = self._year(day.year), f"{day:%m%d}"
        if known is not None and name in known.closed:
            return False
        return day.isoweekday() < _SATURDAY or (known is not None and name in known.opened)

    def last(self, first: date, count: int) -> date:
        """The last of ``count`` working days, where ``first`` is day one if it is worked.

        Public notices are counted so (DOMAIN.md §1.4, the working-day vector).
        """
        day = first - _ONE
        while count:
            day += _ONE
            count -= self.works(day)
        return day

    def after(self, day: date, count: int) -> date:
        """The day that lies ``count`` working days after a day, which itself is not counted."""
        return self.last(day + _ONE, count) if count else day

    def missing(self, first: date, last: date) -> int | None:
        """The first year between two days that nobody has stated, or None."""
        years = range(first.year, last.year + 1)
        return next((year for year in years if self._year(year) is None), None)

    def _year(self, year: int) -> Year | None:
        if year not in self._years:
            self._years[year] = self._stated(year)
        return self._years[year]


def working_days(context: Context) -> WorkingDays:
    """The calendar as stated on the record, in force on the decision's own day."""

    def stated(year: int) -> Year | None:
        closed = in_force(context, f"{CLOSED}{year}")
        opened = in_force(context, f"{OPENED}{year}")
        if closed is None or opened is None:
            return None
        return Year(parse_days(closed), parse_days(opened))

    return WorkingDays(stated)


@lru_cache(128)  # a calendar is read at each step of each lifecycle
def parse_days(text: str) -> frozenset[str]:
    """``0101,0216-0220``: days of a year, as month and day; raises ValueError for other texts."""
    found: set[str] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        last = last or first
        if not (_DAY.fullmatch(first) and _DAY.fullmatch(last)) or first > last:
            raise ValueError(text)
        found |= {
            f"{month:02d}{day:02d}"
            for month in range(1, 13)
            for day in range(1, 32)
            if first <= f"{month:02d}{day:02d}" <= last
        }
    return frozenset(found)


def calendar_set(context: Context, params: Mapping[str, Any]) -> None:
    """Refuse a calendar that nothing would read: Refusal ``working-days-malformed``."""
    code = params["code"]
    for prefix in (CLOSED, OPENED):
        if code.startswith(prefix):
            try:
                readable = bool(_YEAR.fullmatch(code.removeprefix(prefix)))
                parse_days(params["value"])
            except ValueError:
                readable = False
            if not readable:
                raise Refusal("working-days-malformed", field="value", parameter=code)
