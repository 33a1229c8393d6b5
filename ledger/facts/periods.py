"""Periods of observations: a day, month, quarter or year of the calendar, by first and last day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Literal

Period = Literal["day", "month", "quarter", "year"]

PERIODS: tuple[Period, ...] = ("day", "month", "quarter", "year")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period_of(period: Period, day: date) -> tuple[str, str]:
    """The first and the last day of the period in which a day lies."""
    if period == "day":
        return day.isoformat(), day.isoformat()
    months = _MONTHS[period]
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    end = monthrange(day.year, last)[1]
    return date(day.year, first, 1).isoformat(), date(day.year, last, end).isoformat()


def is_period(period: Period, start: str, end: str) -> bool:
    """Whether two days are the first and the last of one such period."""
    return period_of(period, date.fromisoformat(start)) == (start, end)
