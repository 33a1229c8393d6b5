"""Dates: four styles, each strict, none tried in place of another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.dates import Moment, iso_date, iso_instant, us_date, us_instant_gmt
from portal.imports.errors import BadValue

DAY_MS = 86_400_000


def refused(parse: Callable[[str], Moment], text: str) -> str:
    with pytest.raises(BadValue) as caught:
        parse(text)
    return caught.value.code


def test_a_plain_date_is_midnight_in_milliseconds() -> None:
    assert iso_date("1970-01-02") == Moment("1970-01-02", DAY_MS, "day")
    assert iso_date("2024-02-29").text == "2024-02-29"


def test_an_instant_keeps_every_digit_and_cuts_its_milliseconds() -> None:
    assert iso_instant("1970-01-01T00:00:01.999999") == Moment(
        "1970-01-01T00:00:01.999999", 1999, "unstated"
    )
    assert iso_instant("2006-01-20 07:01:15.731").text == "2006-01-20T07:01:15.731"
    assert iso_instant("1970-01-02 00:00:00").ms == DAY_MS
    assert iso_instant("1970-01-01T00:00:00.5Z") == Moment("1970-01-01T00:00:00.5Z", 500, "utc")
    assert iso_instant("2026-04-13T12:35:58.842275").day == "2026-04-13"


def test_us_dates_are_month_first() -> None:
    assert us_date("04/08/2026").text == us_date("4/8/2026").text == "2026-04-08"
    assert refused(us_date, "13/04/2026") == "date-impossible"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("4/13/2026 7:17:56 PM", "2026-04-13T19:17:56Z"),
        ("4/13/2026 7:17:56 PM (GMT)", "2026-04-13T19:17:56Z"),
        ("12/1/2025 12:00:00 AM", "2025-12-01T00:00:00Z"),
        ("12/1/2025 12:00:00 PM", "2025-12-01T12:00:00Z"),
        ("12/1/2025 11:59:59 AM", "2025-12-01T11:59:59Z"),
    ],
)
def test_half_days_are_counted_from_twelve(text: str, iso: str) -> None:
    assert us_instant_gmt(text).text == iso


@pytest.mark.parametrize("text", ["4/13/2026 0:17:56 AM", "4/13/2026 13:17:56 PM"])
def test_a_half_day_has_twelve_hours(text: str) -> None:
    assert refused(us_instant_gmt, text) == "date-impossible"


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (iso_date, "2026-4-3"),
        (iso_date, "2026/04/03"),
        (iso_date, "04/03/2026"),
        (iso_date, "20260403"),
        (iso_date, "2026-04-03T00:00:00"),
        (iso_date, "２０２６-04-03"),
        (iso_instant, "2026-04-03"),
        (iso_instant, "2026-04-03T00:00:00+08:00"),
        (iso_instant, "2026-04-03T00:00:00.1234567"),
        (us_date, "2026-04-03"),
        (us_date, "4/8/26"),
        (us_instant_gmt, "4/13/2026 19:17:56"),
        (us_instant_gmt, "4/13/2026 7:17:56 PM (EST)"),
    ],
)
def test_another_style_is_refused(parse: Callable[[str], Moment], text: str) -> None:
    assert refused(parse, text) == "date-malformed"


@pytest.mark.parametrize("text", ["2025-02-29", "2026-00-10", "2026-13-01", "0000-01-01"])
def test_a_day_that_never_was_is_refused(text: str) -> None:
    assert refused(iso_date, text) == "date-impossible"


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)))
def test_the_style_reads_what_the_clock_writes(at: datetime) -> None:
    moment = iso_instant(at.isoformat())
    exact = at.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    assert moment.text == at.isoformat()
    assert moment.ms == (exact.days * 86_400 + exact.seconds) * 1000 + exact.microseconds // 1000
