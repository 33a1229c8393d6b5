"""Instants have one text; days are days of the calendar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.statements.errors import Malformed
from ledger.statements.instants import format_instant, parse_date, parse_instant

FIRST, LAST = -62135596800000, 253402300799999  # 0001-01-01 and the end of 9999


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1970-01-01T00:00:00.000Z", 0),
        ("2026-11-24T08:00:00.000Z", 1795507200000),  # date -u -d '2026-11-24 08:00' +%s
        ("1969-12-31T23:59:59.999Z", -1),
        ("2000-02-29T00:00:00.001Z", 951782400001),
        ("0001-01-01T00:00:00.000Z", FIRST),
        ("9999-12-31T23:59:59.999Z", LAST),
    ],
)
def test_known_instants(text: str, milliseconds: int) -> None:
    assert parse_instant(text) == milliseconds
    assert format_instant(milliseconds) == text


@given(st.integers(FIRST, LAST))
def test_text_and_number_are_one_to_one(milliseconds: int) -> None:
    assert parse_instant(format_instant(milliseconds)) == milliseconds


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T08:00:00Z",
        "2026-11-24T08:00:00.000",
        "2026-11-24T08:00:00.000+00:00",
        "2026-11-24t08:00:00.000z",
        "2026-11-24 08:00:00.000Z",
        "2026-02-29T08:00:00.000Z",
        "2026-11-24T24:00:00.000Z",
        "2026-11-24T23:59:60.000Z",
        "２026-11-24T08:00:00.000Z",
        "2026-11-24T08:00:00.000Z\n",
        "0000-01-01T00:00:00.000Z",
        "",
        0,
        None,
        True,
    ],
)
def test_any_other_form_is_no_instant(text: object) -> None:
    with pytest.raises(Malformed) as caught:
        parse_instant(text, "/at")
    assert (caught.value.code, caught.value.field) == ("not-an-instant", "/at")


@pytest.mark.parametrize("milliseconds", [FIRST - 1, LAST + 1, 10**30])
def test_years_beyond_the_calendar_are_refused(milliseconds: int) -> None:
    with pytest.raises(Malformed):
        format_instant(milliseconds)


@pytest.mark.parametrize("text", ["2026-2-01", "2026-02-30", "2024-W01-1", "٢026-02-01", 20260201])
def test_what_is_no_day(text: object) -> None:
    with pytest.raises(Malformed, match="not-a-date"):
        parse_date(text)


def test_a_leap_day_is_a_day() -> None:
    assert parse_date("2024-02-29") == "2024-02-29"
