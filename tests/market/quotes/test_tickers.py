"""A ticker is of one day: the reference, the limits about it, the prices, the change."""

from __future__ import annotations

from typing import Any

from market.quotes.tickers import ticker
from tests.factories.market import TODAY, TOMORROW, Floor


def told(floor: Floor) -> dict[str, Any]:
    with floor.stage.ledger.record.reading() as connection:
        found = ticker(connection, "FS", floor.stage.clock.now())
    assert found is not None
    return found


def test_before_any_session_there_is_no_day_and_the_listing_price_binds(floor: Floor) -> None:
    floor.stage.issue(900)
    floor.list()
    found = told(floor)
    # Ten percent about 70.75, on the tick of a fen: 63.675 to 77.825, inward.
    limits = {"low_fen": 6_368, "high_fen": 7_782}
    assert (found["date"], found["reference_fen"], found["limits"]) == (None, 7_075, limits)
    assert found["next"] == {"reference_fen": 7_075, "limits": limits}


def test_once_closed_the_limits_are_still_of_the_reference_and_the_next_stand_apart(
    floor: Floor,
) -> None:
    floor.prepare()
    floor.take(floor.place(7_500, 40), 40)
    before = told(floor)
    assert (before["date"], before["next"]) == (TODAY, None)
    floor.close()
    closed = told(floor)
    same = ("date", "reference_fen", "limits", "last_fen", "change_fen", "change_bp")
    assert [closed[name] for name in same] == [before[name] for name in same]
    assert (closed["reference_fen"], closed["limits"]["high_fen"]) == (7_075, 7_782)
    # The close of 75.00 is the next session's reference.
    limits = {"low_fen": 6_750, "high_fen": 8_250}
    assert closed["next"] == {"reference_fen": 7_500, "limits": limits}
    floor.next_day()
    floor.open(TOMORROW)
    opened = told(floor)
    assert (opened["date"], opened["next"]) == (TOMORROW, None)
    assert {"reference_fen": opened["reference_fen"], "limits": opened["limits"]} == closed["next"]


def test_a_band_that_changes_overnight_leaves_the_limits_of_the_closed_day(floor: Floor) -> None:
    floor.prepare()
    floor.close()
    floor.rule("FS.10.band-percent", "5", TOMORROW)
    floor.next_day()
    found = told(floor)
    assert (found["date"], found["limits"]) == (TODAY, {"low_fen": 6_368, "high_fen": 7_782})
    # Five percent about 70.75: 67.2125 to 74.2875.
    assert found["next"]["limits"] == {"low_fen": 6_722, "high_fen": 7_428}
