"""A chart's geometry, worked by hand: equal prices stand equally high, and nothing leaves it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ledger.writer.kinds import Row
from portal.exchange.charting import (
    FOOT,
    HEIGHT,
    PRICES,
    RIGHT,
    TOP,
    VOLUMES,
    chart,
    clock,
    round_prices,
    shanghai,
)

OPENING = 1_767_231_000_000  # 2026-01-01T01:30:00Z


def candle(place: int, *prices: int, volume: int = 10) -> Row:
    names = ("open_fen", "high_fen", "low_fen", "close_fen")
    told = dict(zip(names, prices, strict=True))
    return {"start": OPENING + place * 60_000, "volume": volume, **told}


def test_prices_are_heights_and_the_sign_is_of_the_candle_itself() -> None:
    drawn = chart(
        [candle(0, 100, 200, 100, 150), candle(1, 150, 160, 120, 130, volume=5)], "1m", 664, 90
    )
    rise, fall = drawn.bars
    # From 100 to 200 with a tenth at each end: 210 pixels are 120 fen, 1.75 pixels each.
    assert (rise.high, rise.low) == (TOP + 18, TOP + PRICES - 18)  # 17.5 to the even
    assert (rise.rising, fall.rising) == (True, False)
    assert rise.top == fall.top == TOP + 105  # both have an end at 150
    assert (rise.volume, fall.volume) == (VOLUMES, VOLUMES // 2)
    assert drawn.plot == 664 - RIGHT


def test_a_single_price_is_drawn_in_the_middle() -> None:
    (bar,) = chart([candle(0, 100, 100, 100, 100)], "1m", 664, 90).bars
    assert bar.top == TOP + PRICES // 2
    assert (bar.height, bar.rising) == (1, True)


def test_a_candle_of_one_price_is_measured_by_the_close_before() -> None:
    prices = ((100, 100, 100, 100), (90, 90, 90, 90), (90, 90, 90, 90), (95, 95, 90, 90))
    drawn = chart([candle(n, *p) for n, p in enumerate(prices)], "1m", 664, 90)
    assert [bar.rising for bar in drawn.bars] == [True, False, True, False]


@pytest.mark.parametrize(
    ("lowest", "highest", "told"),
    [
        (7_084, 7_091, [7_084, 7_086, 7_088, 7_090]),
        (99, 101, [99, 100, 101]),
        (6_368, 7_782, [6_500, 7_000, 7_500]),
        (-3, 9, [0, 5]),  # no price is below nothing
        (0, 1_000_000, [0, 200_000, 400_000, 600_000, 800_000, 1_000_000]),
    ],
)
def test_the_grid_stands_at_round_prices(lowest: int, highest: int, told: list[int]) -> None:
    assert list(round_prices(lowest, highest)) == told


def test_nothing_traded_is_an_empty_chart() -> None:
    assert chart([], "1d", 664, 90).bars == ()


@pytest.mark.parametrize("count", [1, 2, 24, 60])
@pytest.mark.parametrize("width", [360, 940])
def test_every_part_stands_within_the_picture(count: int, width: int) -> None:
    prices = [(7_000 + n, 7_100 + n, 6_900 - n, 6_950) for n in range(count)]
    drawn = chart([candle(n, *p) for n, p in enumerate(prices)], "1m", width, 90)
    for bar in drawn.bars:
        assert bar.left >= 0 and bar.left + bar.width <= drawn.plot
        assert TOP <= bar.high <= bar.top <= bar.top + bar.height <= bar.low + 1
        assert bar.low < HEIGHT - FOOT - VOLUMES
    assert all(TOP <= y <= TOP + PRICES for y, _ in drawn.lines)
    assert 2 <= len(drawn.lines) <= 6
    places = [x for x, _ in drawn.times]
    assert all(b - a >= 90 for a, b in pairwise(places))


def test_times_are_those_of_shanghai() -> None:
    assert clock(OPENING, "1d") == "2026-01-01"
    assert clock(OPENING, "5m") == "01-01 09:30"
    assert shanghai(253_402_300_799_999) == "9999-12-31 07:59:59"  # there is no later day
    assert shanghai(OPENING + 1_999) == "2026-01-01 09:30:01"
