"""A venue's rules are read together before it opens: what nobody stated is named beforehand."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.parties.parameters import midnight
from market.queries import venue_rules
from tests.factories.market import TODAY, Floor

NOWHERE = "nowhere"


def faults(floor: Floor, venue: str = "zhejiang", day: str = TODAY) -> list[tuple[str, Any]]:
    with floor.stage.ledger.record.reading() as connection:
        found = venue_rules(connection, venue, midnight(day))
    assert found is not None
    return [(item["code"], item["params"]) for item in found["faults"]]


def test_the_profile_that_ships_stands_in_nobodys_way(floor: Floor) -> None:
    floor.prepare()
    assert faults(floor) == []


def test_a_venue_of_which_nothing_is_stated_is_none(floor: Floor) -> None:
    with floor.stage.ledger.record.reading() as connection:
        assert venue_rules(connection, NOWHERE, midnight(TODAY)) is None


def test_a_method_without_hours_and_a_missing_calendar_are_named(floor: Floor) -> None:
    floor.prepare()
    floor.rule(f"{NOWHERE}.methods", "10,20")
    floor.rule(f"{NOWHERE}.10.hours", "09:30-11:30")
    floor.rule(f"{NOWHERE}.price-methods", "21")
    missing = [f"market.{NOWHERE}.{name}" for name in ("weekdays", "20.hours")]
    assert faults(floor, NOWHERE) == [
        ("parameter-not-in-force", {"parameter": missing[0], "date": TODAY}),
        ("price-method-not-open", {"venue": NOWHERE, "method": "21"}),
        ("parameter-not-in-force", {"parameter": missing[1], "date": TODAY}),
    ]


@pytest.mark.parametrize(("least", "below", "lot"), [("100", "100", "1"), ("91", "100", "50")])
def test_sizes_that_leave_nothing_to_trade_are_named(
    floor: Floor, least: str, below: str, lot: str
) -> None:
    floor.prepare()
    for name, value in (("size-from", least), ("size-below", below), ("lot", lot)):
        floor.rule(f"FS.10.{name}", value)
    told = {"instrument": "FS", "method": "10", "least": 100, "below": 100}
    assert faults(floor) == [("sizes-crossed", told)]


def test_a_method_that_the_law_restricts_needs_its_basis(floor: Floor) -> None:
    floor.prepare()
    floor.rule("zhejiang.methods", "10,20,21,continuous")
    assert "legal-basis-missing" in [code for code, _ in faults(floor)]
    assert faults(floor, day="2025-12-30") == []
