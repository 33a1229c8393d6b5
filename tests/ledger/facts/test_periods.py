"""A period is whole: it begins and ends where the calendar says."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.facts.periods import Period, is_period, period_of


@pytest.mark.parametrize(
    ("period", "day", "start", "end"),
    [
        ("day", "2024-02-29", "2024-02-29", "2024-02-29"),
        ("month", "2024-02-10", "2024-02-01", "2024-02-29"),
        ("month", "2025-02-28", "2025-02-01", "2025-02-28"),
        ("month", "2025-12-31", "2025-12-01", "2025-12-31"),
        ("quarter", "2025-05-31", "2025-04-01", "2025-06-30"),
        ("quarter", "2025-12-01", "2025-10-01", "2025-12-31"),
        ("year", "2025-07-15", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_day_lies_in_one_period(period: Period, day: str, start: str, end: str) -> None:
    assert period_of(period, date.fromisoformat(day)) == (start, end)
    assert is_period(period, start, end)


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("day", "2025-01-01", "2025-01-02"),
        ("month", "2025-01-01", "2025-01-30"),
        ("month", "2025-01-02", "2025-01-31"),
        ("month", "2025-01-01", "2025-02-28"),
        ("quarter", "2025-02-01", "2025-04-30"),
        ("year", "2024-04-01", "2025-03-31"),
        ("year", "2025-12-31", "2025-01-01"),
    ],
)
def test_a_part_or_a_shifted_period_is_none(period: Period, start: str, end: str) -> None:
    assert not is_period(period, start, end)
