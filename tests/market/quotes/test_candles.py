"""Candles are what the tape says, in the hours and days of Shanghai."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert

from market.quotes.candles import begins, candles
from market.settlement.models import trade_table
from tests.factories.market import TODAY, TOMORROW, VENUE, Floor

OPENING = 1_767_231_000_000  # 2026-01-01T01:30:00Z, half past nine in Shanghai
DAYS = (TODAY, TOMORROW)
Trade = tuple[int, int, int]


@pytest.fixture
def tape(floor: Floor) -> Callable[..., None]:
    """Writes trades, ``(at, price, quantity)`` each, as the settlement would."""

    def write(*trades: Trade, method: str = "10", code: str = "FS", first: int = 1) -> None:
        rows = [
            {
                "venue": VENUE,
                "sequence": first + place,
                "instrument": code,
                "method": method,
                "date": TODAY,
                "price_fen": price,
                "quantity": quantity,
                "at": at,
            }
            for place, (at, price, quantity) in enumerate(trades)
        ]
        with floor.stage.ledger.record.database.begin() as connection:
            connection.execute(insert(trade_table), rows)

    return write


def read(floor: Floor, interval: str, **more: Any) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {"days": DAYS, "before": None, "limit": 500, "codes": ["FS"], **more}
    with floor.stage.ledger.record.reading() as connection:
        return candles(connection, asked.pop("codes"), interval, **asked)


@pytest.mark.parametrize(
    ("at", "interval", "start"),
    [
        (OPENING + 59_999, "1m", OPENING),
        (OPENING + 60_000, "1m", OPENING + 60_000),
        (OPENING + 299_999, "5m", OPENING),
        (OPENING, "1h", OPENING - 30 * 60_000),
        # midnight in Shanghai is 16:00 of the day before in UTC
        (1_767_196_800_000, "1d", 1_767_196_800_000),
        (1_767_196_799_999, "1d", 1_767_196_800_000 - 86_400_000),
        (OPENING, "1d", 1_767_196_800_000),
    ],
)
def test_an_interval_begins_where_the_clock_of_shanghai_says(
    at: int, interval: str, start: int
) -> None:
    assert begins(at, interval) == start


def test_a_candle_has_first_highest_lowest_last_and_sums(
    floor: Floor, tape: Callable[..., None]
) -> None:
    tape(
        (OPENING, 7_000, 10),
        (OPENING + 1, 7_100, 5),
        (OPENING + 2, 6_900, 1),
        (OPENING + 3, 7_050, 4),
    )
    (found,) = read(floor, "1m")
    assert found == {
        "start": OPENING,
        "open_fen": 7_000,
        "high_fen": 7_100,
        "low_fen": 6_900,
        "close_fen": 7_050,
        "volume": 20,
        "turnover_fen": 140_600,  # 70,000 + 35,500 + 6,900 + 28,200
        "trades": 4,
    }


def test_intervals_without_trades_are_left_out(floor: Floor, tape: Callable[..., None]) -> None:
    tape((OPENING, 7_000, 1), (OPENING + 10 * 60_000, 7_010, 1))
    assert [c["start"] - OPENING for c in read(floor, "1m")] == [0, 600_000]
    assert [c["start"] - OPENING for c in read(floor, "5m")] == [0, 600_000]
    assert [c["volume"] for c in read(floor, "1h")] == [2]  # 09:30 and 09:40 are of one hour


def test_blocks_and_auctions_make_no_candle(floor: Floor, tape: Callable[..., None]) -> None:
    tape((OPENING, 7_000, 1))
    tape((OPENING, 9_000, 200_000), method="20", first=2)
    tape((OPENING, 5_000, 300), method="21", first=3)
    (found,) = read(floor, "1d")
    assert (found["high_fen"], found["low_fen"], found["volume"]) == (7_000, 7_000, 1)


def test_other_instruments_make_candles_of_their_own_and_one_together(
    floor: Floor, tape: Callable[..., None]
) -> None:
    tape((OPENING, 7_000, 1))
    tape((OPENING + 5, 8_000, 3), code="VER", first=2)
    assert [c["volume"] for c in read(floor, "1d")] == [1]
    (both,) = read(floor, "1d", codes=["FS", "VER"])
    assert (both["open_fen"], both["close_fen"], both["turnover_fen"]) == (7_000, 8_000, 31_000)
    assert read(floor, "1d", codes=["NONE"]) == []


def test_the_newest_come_first_but_stand_last_and_older_ones_follow_before(
    floor: Floor, tape: Callable[..., None]
) -> None:
    tape(*((OPENING + n * 60_000, 7_000 + n, 1) for n in range(5)))
    newest = read(floor, "1m", limit=2)
    assert [c["open_fen"] for c in newest] == [7_003, 7_004]
    older = read(floor, "1m", limit=2, before=newest[0]["start"])
    assert [c["open_fen"] for c in older] == [7_001, 7_002]


def test_a_period_is_days_of_shanghai(floor: Floor, tape: Callable[..., None]) -> None:
    tape((OPENING, 7_000, 1))
    assert read(floor, "1d", days=(TODAY, TODAY)) != []
    assert read(floor, "1d", days=(TOMORROW, TOMORROW)) == []
    assert read(floor, "1d", days=("2025-12-31", "2025-12-31")) == []
