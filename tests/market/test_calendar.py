"""Hours and minutes of the exchange."""

from __future__ import annotations

import pytest

from market.calendar import instant_of, minute_of_day, parse_hours


def test_hours_are_minutes_of_the_day() -> None:
    assert parse_hours("09:30-11:30,13:00-15:00") == [(570, 690), (780, 900)]


@pytest.mark.parametrize(
    "text",
    ["", "9:30-11:30", "11:30-09:30", "09:30-09:30", "09:30-11:30,11:00-12:00", "09:30-24:00"],
)
def test_other_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_hours(text)


def test_a_minute_of_the_day_is_shanghais() -> None:
    at = instant_of("2026-01-01", 570)
    assert at == 1_767_225_600_000 + 90 * 60_000  # midnight in UTC is 08:00 there
    assert minute_of_day(at) == 570
    assert [minute_of_day(at + n) for n in (-570 * 60_000 - 1, -570 * 60_000)] == [1_439, 0]
    assert minute_of_day(253_402_300_799_999) == 7 * 60 + 59  # the end of 9999 in UTC
