"""Downloads read piece by piece, hold no transaction between, and leave nothing out."""

from __future__ import annotations

import pytest

from market.quotes import history
from market.quotes.history import rows_of
from market.sessions.models import DAY
from market.settlement.models import TRADE
from tests.factories.market import TODAY, TOMORROW, Floor


@pytest.mark.parametrize("piece", [1, 2, 3, 1_000])
def test_pieces_of_any_size_make_the_same_file(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(history, "PIECE", piece)
    floor.prepare()
    listing = floor.place(7_000, 30)
    for _ in range(3):
        floor.take(listing, 1)
    reading = floor.stage.ledger.record.reading
    found = [row["sequence"] for row in rows_of(reading, TRADE, "FS", (TODAY, TODAY))]
    assert found == [1, 2, 3]
    assert list(rows_of(reading, TRADE, None, (TOMORROW, TOMORROW))) == []
    assert list(rows_of(reading, TRADE, "NONE", (TODAY, TODAY))) == []


def test_trades_made_between_two_pieces_are_still_told(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PIECE", 1)
    floor.prepare()
    listing = floor.place(7_000, 30)
    floor.take(listing, 1)
    rows = rows_of(floor.stage.ledger.record.reading, TRADE, "FS", (TODAY, TODAY))
    assert next(rows)["sequence"] == 1
    floor.take(listing, 1)  # the writer is not kept waiting by the reader
    assert [row["sequence"] for row in rows] == [2]


def test_days_are_read_by_the_same_way(floor: Floor) -> None:
    floor.prepare()
    floor.close()
    rows = rows_of(floor.stage.ledger.record.reading, DAY, "FS", (TODAY, TOMORROW))
    assert [(row["date"], row["close_fen"]) for row in rows] == [(TODAY, 7_075)]
