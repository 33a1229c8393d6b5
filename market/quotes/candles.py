"""Candles: open, high, low, close and volume of each interval in which something was traded.

Made from the tape whenever they are asked for, so that they cannot differ from it.  A sum over
the trades of the period is what they cost.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from ledger.parties.parameters import OFFSET_MS, midnight
from ledger.writer.kinds import Row
from market.quotes.methods import quoted
from market.settlement.models import trade_table

INTERVALS = {"1m": 60_000, "5m": 300_000, "1h": 3_600_000, "1d": 86_400_000}
"""Lengths in milliseconds."""


def begins(at: int, interval: str) -> int:
    """The instant at which the interval around ``at`` begins; both in UTC milliseconds."""
    length = INTERVALS[interval]
    return (at + OFFSET_MS) // length * length - OFFSET_MS


def candles(
    connection: Connection,
    codes: Sequence[str],
    interval: str,
    days: tuple[str, str],
    before: int | None,
    limit: int,
) -> list[Row]:
    """The newest candles of two days and those between that begin before an instant, oldest first.

    Several instruments make one candle where they are a composite's.
    """
    table, length = trade_table, INTERVALS[interval]
    until = midnight(days[1], 1) if before is None else min(before, midnight(days[1], 1))
    place = ((table.c.at + OFFSET_MS) // length).label("place")
    query = (
        select(
            place,
            func.min(table.c.sequence),
            func.max(table.c.sequence),
            func.max(table.c.price_fen),
            func.min(table.c.price_fen),
            func.sum(table.c.quantity),
            func.sum(table.c.price_fen * table.c.quantity),
            func.count(),
            func.min(table.c.venue),
        )
        .where(table.c.instrument.in_(codes), quoted(table))
        .where(table.c.at >= midnight(days[0]), table.c.at < until)
        .group_by("place")
        .order_by(place.desc())
        .limit(limit)
    )
    found = connection.execute(query).all()[::-1]
    ends = {row[n] for row in found for n in (1, 2)}
    prices: dict[int, int] = {}
    if found:  # one venue: an instrument has one, and so has a composite
        of = (table.c.venue == found[0][8], table.c.sequence.in_(ends))
        prices = {
            int(sequence): int(price)
            for sequence, price in connection.execute(
                select(table.c.sequence, table.c.price_fen).where(*of)
            )
        }
    return [
        {
            "start": int(number) * length - OFFSET_MS,
            "open_fen": prices[int(first)],
            "high_fen": int(high),
            "low_fen": int(low),
            "close_fen": prices[int(last)],
            "volume": int(volume),
            "turnover_fen": int(turnover),
            "trades": int(count),
        }
        for number, first, last, high, low, volume, turnover, count, _ in found
    ]
