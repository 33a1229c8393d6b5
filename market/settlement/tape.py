"""The tape: each venue's trades in its own sequence, and the day's figures; never who."""

from __future__ import annotations

from ledger.writer.context import Context
from ledger.writer.kinds import Row
from market.rules import LISTING
from market.sessions.models import DAY, VENUE
from market.settlement.models import TRADE


def record(context: Context, instrument: Row, session: Row, price_fen: int, quantity: int) -> int:
    """Write a listing trade; gives its sequence number."""
    venue = context.need(VENUE, session["venue"])
    sequence = int(venue["trades"]) + 1
    context.put(VENUE, {**venue, "trades": sequence})
    context.put(
        TRADE,
        {
            "venue": venue["venue"],
            "sequence": sequence,
            "instrument": instrument["instrument"],
            "method": LISTING,
            "date": session["date"],
            "price_fen": price_fen,
            "quantity": quantity,
            "at": context.at,
        },
    )
    context.put(DAY, _grown(context, instrument, session["date"], price_fen, quantity))
    return sequence


def _grown(context: Context, instrument: Row, day: str, price_fen: int, quantity: int) -> Row:
    row = context.get(DAY, instrument["instrument"], day, LISTING) or {
        "instrument": instrument["instrument"],
        "date": day,
        "method": LISTING,
        "reference_fen": instrument["reference_fen"],
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
