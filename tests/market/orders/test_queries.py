"""What the public sees of open orders: sums by price, what a call would give; never who."""

from __future__ import annotations

from typing import Any

from market import queries
from tests.factories.orders import Pit


def depth(pit: Pit) -> dict[str, Any]:
    with pit.stage.ledger.record.reading() as connection:
        found = queries.depth(connection, "FS", pit.stage.clock.now())
    assert found is not None
    return found


def test_depth_sums_both_sides_by_price_the_best_first(pit: Pit) -> None:
    pit.rule("book.continuous.best-levels", "2")
    for price, quantity in ((7_000, 5), (7_000, 7), (6_990, 1), (6_980, 1)):
        pit.buy(price, quantity)
    pit.sell(7_010, 4)
    pit.sell(7_005, 3)
    found = depth(pit)
    shown = [[tuple(level.values()) for level in found[side]] for side in ("bids", "asks")]
    assert shown == [[(7_000, 12, 2), (6_990, 1, 1)], [(7_005, 3, 1), (7_010, 4, 1)]]
    assert (found["call"], found["levels"]) == (None, [])
    assert found["limits"] == {"low_fen": 6_368, "high_fen": 7_782}
    assert "owner" not in str(found) and "buyer" not in str(found)


def test_the_sequence_grows_with_every_change_and_is_no_index(pit: Pit) -> None:
    name = pit.buy(7_000, 5)
    one = depth(pit)["sequence"]
    pit.sell(7_000, 2)  # the maker, the taker
    two = depth(pit)["sequence"]
    pit.cancel(name)
    assert (one, two, depth(pit)["sequence"]) == (1, 3, 4)


def test_a_call_shows_the_price_that_it_would_give(pit: Pit) -> None:
    pit.close()
    pit.later(23 * 60 + 15)
    pit.open("2026-01-02")
    pit.buy(7_040, 10)
    pit.buy(7_020, 10, "third")
    pit.sell(7_000, 15)
    found = depth(pit)
    assert (found["bids"], found["asks"]) == ([], [])
    assert (found["call"]["price_fen"], found["call"]["volume"]) == (7_020, 15)
    pit.close("2026-01-02")
    closed = depth(pit)
    assert (closed["call"], closed["bids"]) == (None, [])
