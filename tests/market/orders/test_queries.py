"""What the public sees of open orders: sums by price, what a call would give; never who."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.writer import turn
from market import queries
from market.orders.models import order_table
from tests.factories.asking import noted
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


def test_the_sequence_is_what_all_rows_have_been_changed_and_one_row_says_it(pit: Pit) -> None:
    names = [pit.buy(price, 5) for price in (7_000, 6_990)]
    pit.sell(7_000, 2)
    pit.put_refused("sell", 7_000, 3)
    pit.cancel(names[1])
    revisions = [row["revision"] for row in pit.stage.rows(order_table)]
    assert sorted(revisions) == [1, 2, 2]
    with pit.stage.ledger.record.reading() as connection, noted(connection) as asked:
        found = queries.depth(connection, "FS", pit.stage.clock.now())
    assert found is not None and found["sequence"] == 5
    assert not [sql for sql, _ in asked if "revision" in sql]


def test_a_turn_that_was_not_written_leaves_the_sequence(
    pit: Pit, monkeypatch: pytest.MonkeyPatch
) -> None:
    pit.buy(7_000, 5)
    write = turn.Turn._write

    def refused(self: turn.Turn, *rest: Any) -> None:
        write(self, *rest)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(turn.Turn, "_write", refused)
        reply = pit.stage.say("buyer", "order.place", pit.body("buy", 6_990, 5), "a")
    assert reply.status == "unavailable"
    pit.buy(6_980, 5)
    assert depth(pit)["sequence"] == 2


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
