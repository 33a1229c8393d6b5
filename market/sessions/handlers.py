"""Opening and closing; public from end to end.  What closing means for listings follows sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ledger.parties.parameters import business_date
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market.instruments.models import INSTRUMENT, InstrumentState
from market.rules import LISTING, methods, terms, weekdays
from market.sessions.models import DAY, SESSION, VENUE

Body = Mapping[str, Any]


def open_session(context: Context, body: Body) -> None:
    """Open today's session; once a day, on the venue's weekdays, after the last was closed."""
    venue, day = body["venue"], body["date"]
    row = context.get(VENUE, venue) or {
        "venue": venue,
        "session": None,
        "sessions": 0,
        "trades": 0,
    }
    if row["session"] is not None:
        raise Refusal("session-open", venue=venue, date=row["session"])
    if day != business_date(context.at):
        raise Refusal("session-not-today", field="date", today=business_date(context.at))
    if date.fromisoformat(day).isoweekday() not in weekdays(context, venue):
        raise Refusal("not-a-trading-day", field="date", date=day)
    if context.get(SESSION, venue, day) is not None:
        raise Refusal("session-over", field="date", date=day)
    number = row["sessions"] + 1
    context.put(VENUE, {**row, "session": day, "sessions": number})
    context.put(
        SESSION,
        {
            "venue": venue,
            "date": day,
            "number": number,
            "opened_at": context.at,
            "closed_at": None,
            "index": context.index,
        },
    )


def close_session(context: Context, body: Body) -> None:
    """Close the session: closing prices become references, open listings are cancelled."""
    venue, day = body["venue"], body["date"]
    row = context.get(VENUE, venue)
    if row is None or row["session"] != day:
        raise Refusal("session-not-open", field="date", date=day)
    session = context.need(SESSION, venue, day)
    context.put(SESSION, {**session, "closed_at": context.at})
    context.put(VENUE, {**row, "session": None})
    for (code,) in context.children(INSTRUMENT, "venue", venue):
        _close(context, context.need(INSTRUMENT, code), day)
    context.emit("session-closed", venue=venue, date=day, number=session["number"])


def _close(context: Context, instrument: Row, day: str) -> None:
    """VWAP of the day's listing trades; without any, the previous close (DOMAIN.md §1.6)."""
    row = context.get(DAY, instrument["instrument"], day, LISTING)
    if row is None:
        if instrument["state"] != InstrumentState.DELISTED:
            context.put(DAY, _quiet(instrument, day))
        return
    close = terms(context, instrument).close(row["turnover_fen"], row["volume"])
    context.put(DAY, {**row, "close_fen": close})
    context.put(INSTRUMENT, {**instrument, "reference_fen": close})


def _quiet(instrument: Row, day: str) -> Row:
    price = instrument["reference_fen"]
    prices = ("reference_fen", "open_fen", "high_fen", "low_fen", "last_fen", "close_fen")
    return {
        "instrument": instrument["instrument"],
        "date": day,
        "method": LISTING,
        **dict.fromkeys(prices, price),
        **dict.fromkeys(("volume", "turnover_fen", "trades"), 0),
    }


def tradable(context: Context, code: str, method: str = LISTING) -> tuple[Row, Row]:
    """The instrument and today's open session.

    Raises Refusal ``instrument-unknown``, ``instrument-state``, ``method-not-allowed`` or
    ``session-closed``.
    """
    instrument = context.need(INSTRUMENT, code)
    if instrument["state"] != InstrumentState.LISTED:
        raise Refusal("instrument-state", instrument=code, state=instrument["state"])
    if method not in methods(context, instrument["venue"]):
        raise Refusal("method-not-allowed", venue=instrument["venue"], method=method)
    venue = context.get(VENUE, instrument["venue"])
    day = business_date(context.at)
    if venue is None or venue["session"] != day:
        raise Refusal("session-closed", venue=instrument["venue"], date=day)
    return instrument, context.need(SESSION, instrument["venue"], day)
