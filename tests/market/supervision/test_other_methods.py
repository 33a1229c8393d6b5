"""Bars, halts and orders to cancel reach the book, calls, blocks and auctions as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.orders import BOOK, Pit
from tests.factories.oversight import WHY, bar, refused, state
from tests.factories.scene import scene


@pytest.fixture
def pit(home: Path, vacant_database_url: str) -> Iterator[Pit]:
    with scene(home, vacant_database_url) as stage:
        floor = Pit(stage)
        floor.set_up()
        yield floor


def test_a_barred_partys_orders_end_and_others_stay(pit: Pit) -> None:
    mine, other = pit.buy(7_000, 10), pit.buy(6_990, 10, "third")
    bar(pit, "buyer")
    row = pit.order_row(mine)
    assert (row["state"], row["frozen_fen"]) == ("barred", 0)
    assert pit.order_row(other)["state"] == "open"
    assert pit.put_refused("buy", 7_000, 10) == "party-barred"
    pit.sell(6_990, 10)
    assert pit.trades() == [(6_990, 10)]


def test_an_order_is_ended_by_order_once(pit: Pit) -> None:
    name = pit.sell(7_100, 10)
    order = {"order": name, **WHY}
    assert pit.stage.refused("buyer", "order.cancel-by-order", order, "a", "b") == (
        "role-not-allowed"
    )
    state(pit, "exchange", "order.cancel-by-order", order)
    assert pit.order_row(name)["state"] == "by-order"
    pit.buy(7_100, 10)
    assert pit.trades() == []
    assert refused(pit, "exchange", "order.cancel-by-order", order) == "order-closed"
    unknown = {"order": "00" * 16, **WHY}
    assert refused(pit, "regulator", "order.cancel-by-order", unknown) == "order-unknown"


def test_a_halted_venues_book_rests_and_may_be_left(pit: Pit) -> None:
    kept, gone = pit.sell(7_000, 10), pit.buy(6_990, 10)
    state(pit, "regulator", "venue.halt", {"venue": BOOK, **WHY})
    assert pit.put_refused("buy", 7_000, 10) == "venue-halted"
    pit.cancel(gone)
    state(pit, "regulator", "venue.resume", {"venue": BOOK, **WHY})
    pit.buy(7_000, 10)
    assert (pit.trades(), pit.order_row(kept)["state"]) == ([(7_000, 10)], "filled")


def test_a_call_that_ends_while_its_venue_is_halted_is_void(pit: Pit) -> None:
    pit.close()
    pit.next_day()
    pit.later(-40)  # 09:20
    pit.open("2026-01-02")
    orders = [pit.sell(7_000, 10), pit.buy(7_000, 10)]
    state(pit, "exchange", "venue.halt", {"venue": BOOK, **WHY})
    pit.later(10)
    pit.stage.ledger.writer.tick().result(30)
    assert [row["state"] for row in pit.calls()] == ["void"]
    assert (pit.trades(), pit.open_orders()) == ([], [])
    assert {pit.order_row(name)["state"] for name in orders} == {"expired"}
