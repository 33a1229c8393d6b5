"""Days and instants: a day is one in Shanghai, and the ends of the calendar are days too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.parties.parameters import DAY_MS, SHANGHAI, business_date, midnight
from ledger.statements.instants import format_instant

END = 253_402_272_000_000  # 9999-12-31T16:00Z, when the calendar's last day ends in Shanghai


@given(st.dates(date(1, 1, 2), date(9999, 12, 30)))
def test_a_day_begins_at_midnight_in_shanghai(day: date) -> None:
    begins = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)
    passed = (begins - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert midnight(day.isoformat()) == passed
    assert business_date(passed) == day.isoformat()
    assert business_date(passed - 1) == (day - timedelta(days=1)).isoformat()
    assert midnight(day.isoformat(), 1) == passed + DAY_MS


@pytest.mark.parametrize("after", [1, 2, 10**12])
def test_nothing_begins_after_the_end_of_the_last_day(after: int) -> None:
    assert midnight("9999-12-31", after) == END
    assert format_instant(END) == "9999-12-31T16:00:00.000Z"
    assert business_date(END) == "9999-12-31"


@pytest.mark.parametrize("at", [-(1 << 60), midnight("0001-01-01") - 1, midnight("0001-01-01")])
def test_what_lies_before_the_calendar_is_of_its_first_day(at: int) -> None:
    assert business_date(at) == "0001-01-01"


@pytest.mark.parametrize("at", [END - 1, END, 1 << 60])
def test_what_lies_behind_the_calendar_is_of_its_last_day(at: int) -> None:
    assert business_date(at) == "9999-12-31"
