"""The tape: each venue's trades in its own sequence, and the day's figures; never who."""

from __future__ import annotations

from ledger.writer.context import Context
from ledger.writer.kinds import Row
from ledger.writer.versions import REFERENCE_OF_DAY
from market.instruments.models import VENUE
from market.rules import price_methods
from market.sessions.models import DAY
from market.settlement.models import TRADE


def tell(
    context: Context, instrument: Row, date: str, method: str, price_fen: int, quantity: int
) -> int:
    """Write a trade of a method on a day; gives its sequence number."""
    venue = context.need(VENUE, instrument["venue"])
    sequence = int(venue["trades"]) + 1
    context.put(VENUE, {**venue, "trades": sequence})
    context.insert(
        TRADE,
        {
            "venue": venue["venue"],
            "sequence": sequence,
            "instrument": instrument["instrument"],
            "method": method,
            "date": date,
            "price_fen": price_fen,
            "quantity": quantity,
            "at": context.at,
        },
    )
    context.put(DAY, _grown(context, instrument, (date, method), price_fen, quantity))
    return sequence


def _grown(
    context: Context, instrument: Row, day: tuple[str, str], price_fen: int, quantity: int
) -> Row:
    date, method = day
    row = context.get(DAY, instrument["instrument"], date, method) or {
        "instrument": instrument["instrument"],
        "date": date,
        "method": method,
        "reference_fen": _reference(context, instrument, date),
        **dict.fromkeys(("open_fen", "high_fen", "low_fen"), price_fen),
        "close_fen": None,
        **dict.fromkeys(("volume", "turnover_fen", "trades"), 0),
    }
    return {
        **row,
        "high_fen": max(row["high_fen"], price_fen),
        "low_fen": min(row["low_fen"], price_fen),
        "last_fen": price_fen,
        "volume": row["volume"] + quantity,
        "turnover_fen": row["turnover_fen"] + price_fen * quantity,
        "trades": row["trades"] + 1,
    }


def _reference(context: Context, instrument: Row, date: str) -> int:
    """The reference price of a day, which its close has replaced where a trade is told later."""
    if context.engine_version >= REFERENCE_OF_DAY:
        for method in price_methods(context, instrument["venue"]):
            row = context.get(DAY, instrument["instrument"], date, method)
            if row is not None:
                return int(row["reference_fen"])
    return int(instrument["reference_fen"])
