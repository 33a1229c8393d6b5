"""Working days: holidays and make-up days as stated; the first day of a notice counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ledger.parties.reading import reading
from ledger.parties.working_days import WorkingDays, Year, parse_days, working_days
from tests.factories.market import REGULATOR
from tests.factories.scene import Scene, scene

PLAIN = WorkingDays(lambda year: Year(frozenset(), frozenset()))


@pytest.fixture
def stage(home: Path) -> Iterator[Scene]:
    with scene(home, None) as opened:
        yield opened


def seeded(stage: Scene) -> WorkingDays:
    with stage.ledger.record.reading() as connection:
        days = working_days(reading(connection, stage.clock.time))
        days.works(date(2026, 1, 1))  # asked for while the record is open
        return days


def test_a_notice_of_twenty_days_ends_as_the_national_register_says(stage: Scene) -> None:
    # DOMAIN.md §1.4: 17 July to 13 August 2026; no holiday lies between
    assert PLAIN.last(date(2026, 7, 17), 20) == date(2026, 8, 13)
    assert seeded(stage).last(date(2026, 7, 17), 20) == date(2026, 8, 13)


def test_holidays_and_make_up_days_of_autumn_2026_are_counted(stage: Scene) -> None:
    # By hand: 18, 20 (Sunday, made up), 21-24, 28-30 September are nine days; 8, 9, 10 (Saturday,
    # made up), 12-16 and 19-21 October eleven more.
    assert seeded(stage).last(date(2026, 9, 18), 20) == date(2026, 10, 21)
    assert PLAIN.last(date(2026, 9, 18), 20) == date(2026, 10, 15)


def test_days_after_do_not_count_the_day_itself() -> None:
    assert PLAIN.after(date(2026, 7, 17), 1) == date(2026, 7, 20)
    assert PLAIN.after(date(2026, 7, 17), 0) == date(2026, 7, 17)


def test_a_year_that_nobody_stated_is_told() -> None:
    days = WorkingDays(lambda year: Year(frozenset(), frozenset()) if year == 2026 else None)
    assert days.missing(date(2026, 12, 1), date(2026, 12, 31)) is None
    assert days.missing(date(2026, 12, 1), date(2027, 1, 4)) == 2027


def test_days_and_ranges_of_a_year_are_read() -> None:
    assert parse_days("0101,0430-0502") >= {"0101", "0430", "0501", "0502"}
    assert "0503" not in parse_days("0101,0430-0502")


@pytest.mark.parametrize(
    "text", ["0230-0201", "1301", "0132", "01-01", "", "0101;0102", "0100", "0502-0430"]
)
def test_a_list_of_days_that_is_none_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError):
        parse_days(text)


@pytest.mark.parametrize(
    ("code", "value"),
    [("working-days.closed.2027", "0132"), ("working-days.opened.27", "0101")],
)
def test_a_calendar_that_cannot_be_read_does_not_enter(stage: Scene, code: str, value: str) -> None:
    entry = {"code": code, "valid_from": "2026-01-01", "value": value, "unit": "days"}
    body = {**entry, "source": "test", "confidence": "low"}
    refused = stage.refused("regulator", "parameter.set", body, *REGULATOR)
    assert refused == "working-days-malformed"
