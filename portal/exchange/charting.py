"""Where the parts of a candle chart stand: whole pixels of a picture, for a template to draw.

Prices and volumes are scaled in fractions and rounded once: equal prices stand equally high.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from ledger.parties.parameters import business_date
from ledger.writer.kinds import Row
from market.calendar import minute_of_day

TOP, PRICES, GAP, VOLUMES, FOOT = 12, 210, 18, 56, 26
"""Heights from above: margin, prices, gap, volumes, and the line of times."""
HEIGHT = TOP + PRICES + GAP + VOLUMES + FOOT
RIGHT = 64
"""Width of the prices that are written beside the grid."""
LINES, TIMES = 5, 6
"""How many spaces the grid's lines have and how many times are written, at most."""
BODY_MAX = 18


@dataclass(frozen=True)
class Bar:
    """One candle: the middle, the wick, the body, and the volume's column."""

    x: int
    left: int
    width: int
    high: int
    low: int
    top: int
    height: int
    rising: bool
    volume: int
    candle: Row
    time: str


@dataclass(frozen=True)
class Chart:
    """A picture of ``width`` by ``height``; ``lines`` are heights with prices, ``times`` places."""

    width: int
    height: int
    plot: int
    foot: int
    bars: tuple[Bar, ...]
    lines: tuple[tuple[int, int], ...]
    times: tuple[tuple[int, str], ...]


def chart(candles: Sequence[Row], interval: str, width: int, apart: int) -> Chart:
    """Lay out candles, the oldest on the left; ``apart`` is how far two times stand at least."""
    if not candles:
        return Chart(width, HEIGHT, width - RIGHT, HEIGHT - FOOT, (), (), ())
    lowest = min(candle["low_fen"] for candle in candles)
    highest = max(candle["high_fen"] for candle in candles)
    edge = max((highest - lowest) // 10, 1)  # so that no wick touches the edge
    floor, span = lowest - edge, highest - lowest + 2 * edge
    most = max(candle["volume"] for candle in candles)
    plot = width - RIGHT
    step = Fraction(plot, max(len(candles), 12))
    body = max(min(int(step * 7 / 10), BODY_MAX) | 1, 1)

    def height_of(price: int) -> int:
        return TOP + round(PRICES - Fraction((price - floor) * PRICES, span))

    bars = []
    for place, candle in enumerate(candles):
        x = int(step * place + step / 2)
        ends = sorted(height_of(candle[name]) for name in ("open_fen", "close_fen"))
        bars.append(
            Bar(
                x=x,
                left=x - body // 2,
                width=body,
                high=height_of(candle["high_fen"]),
                low=height_of(candle["low_fen"]),
                top=ends[0],
                height=max(ends[1] - ends[0], 1),
                rising=_rises(candle, candles[place - 1] if place else candle),
                volume=max(round(Fraction(candle["volume"] * VOLUMES, most)), 1),
                candle=candle,
                time=clock(candle["start"], interval),
            )
        )
    every = max(-(-apart // max(int(step), 1)), -(-len(bars) // TIMES))
    return Chart(
        width=width,
        height=HEIGHT,
        plot=plot,
        foot=HEIGHT - FOOT,
        bars=tuple(bars),
        lines=tuple((height_of(price), price) for price in round_prices(floor, floor + span)),
        times=tuple((bar.x, bar.time) for bar in bars[::every]),
    )


def round_prices(lowest: int, highest: int) -> range:
    """Prices for the grid: multiples of 1, 2 or 5 times a power of ten, evenly apart, in fen.

    Source: P. Heckbert, Nice Numbers for Graph Labels, Graphics Gems (1990).
    """
    apart = next(
        step
        for power in count()
        for step in (10**power, 2 * 10**power, 5 * 10**power)
        if highest - lowest <= step * LINES
    )
    first = -(-max(lowest, 0) // apart) * apart
    return range(first, highest + 1, apart)


def _rises(candle: Row, before: Row) -> bool:
    """Whether it closed above its open, or where both are one price, not below the close before."""
    if candle["close_fen"] != candle["open_fen"]:
        return bool(candle["close_fen"] > candle["open_fen"])
    return bool(candle["close_fen"] >= before["close_fen"])


def clock(at: int, interval: str) -> str:
    """An instant as the axis writes it, in Shanghai: a day, or a day's month and time."""
    return business_date(at) if interval == "1d" else shanghai(at)[5:16]


def shanghai(at: int) -> str:
    """An instant to the second, in Shanghai."""
    minute, second = minute_of_day(at), at // 1000 % 60
    return f"{business_date(at)} {minute // 60:02d}:{minute % 60:02d}:{second:02d}"
