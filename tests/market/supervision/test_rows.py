"""What owners take back, as it is told from the log: whole, in part, or for another order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.writer import store
from market.supervision.rows import tell
from tests.factories.orders import Pit
from tests.factories.scene import scene


@pytest.fixture
def pit(home: Path, vacant_database_url: str) -> Iterator[Pit]:
    with scene(home, vacant_database_url) as stage:
        floor = Pit(stage)
        floor.set_up()
        yield floor


def withdrawn(pit: Pit, since: int) -> list[tuple[int, int, int, int, int]]:
    """Since when, until when (entries after ``since``), shown, filled and taken back."""
    with pit.stage.ledger.record.reading() as connection:
        entries = list(store.read_entries(connection, since, size(pit)))
    return [
        (one.index - since, one.ended - since, one.shown, one.filled, one.quantity)
        for one in tell(entries).withdrawn
    ]


def size(pit: Pit) -> int:
    with pit.stage.ledger.record.reading() as connection:
        return pit.stage.ledger.record.head(connection).size


def change(pit: Pit, act: str, name: str, **more: int) -> None:
    pit.stage.do("owner", f"order.{act}", {"order": name, **more}, "a")


def test_what_is_reduced_and_then_cancelled_was_taken_back_in_two_parts(pit: Pit) -> None:
    start = size(pit)
    name = pit.sell(7_100, 300)
    pit.buy(7_100, 20)
    change(pit, "reduce", name, quantity=270)
    change(pit, "cancel", name)
    assert withdrawn(pit, start) == [(0, 2, 300, 20, 270), (0, 3, 300, 20, 10)]


def test_what_is_replaced_was_taken_back_and_the_new_quantity_stands_from_then_on(
    pit: Pit,
) -> None:
    start = size(pit)
    name = pit.sell(7_100, 10)
    pit.buy(7_100, 4)
    change(pit, "replace", name, price_fen=7_110, quantity=200)
    change(pit, "cancel", name)
    assert withdrawn(pit, start) == [(0, 2, 10, 4, 6), (2, 3, 200, 0, 200)]


def test_what_trades_as_it_comes_was_never_shown(pit: Pit) -> None:
    pit.buy(7_100, 40)
    start = size(pit)
    name = pit.sell(7_100, 100)
    change(pit, "cancel", name)
    assert withdrawn(pit, start) == [(0, 1, 60, 0, 60)]


def test_what_is_filled_or_ends_by_itself_was_not_taken_back(pit: Pit) -> None:
    start = size(pit)
    pit.sell(7_100, 10)
    pit.buy(7_100, 10)
    pit.sell(7_100, 10)
    pit.close()
    assert withdrawn(pit, start) == []


def test_of_an_order_from_before_the_stretch_the_whole_is_taken_as_shown(pit: Pit) -> None:
    name = pit.sell(7_100, 300)
    start = size(pit)
    pit.buy(7_100, 20)
    change(pit, "cancel", name)
    assert withdrawn(pit, start) == [(-1, 1, 300, 20, 280)]
