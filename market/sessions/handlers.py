"""Opening and closing; public from end to end.  What closing means for listings follows sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ledger.facts.verbs import observe_day
from ledger.parties.parameters import business_date
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State
from market.calendar import instant_of, minute_of_day
from market.instruments.handlers import check_operator
from market.instruments.models import INSTRUMENT, VENUE, InstrumentState
from market.rules import last_minute, price_methods, terms, trades_on
from market.sessions.models import CLOSED, DAY, OPEN, SESSION
from market.sessions.reconciled import need_cash

Body = Mapping[str, Any]
CLOSE, VOLUME = "market.close", "market.volume"
"""Facts that each close states of each instrument: fen per credit, and credits traded."""
TRADED, CARRIED = "market.vwap", "market.previous-close"
"""How a close was found: from the day's trades, or carried over from an earlier day."""


def open_session(context: Context, body: Body) -> None:
    """Open today's session; once a day, on a trading day, after the last was closed.

    Raises also ``cash-not-reconciled`` while the cash of the days before is not explained.
    """
    venue, day = body["venue"], body["date"]
    row = context.need(VENUE, venue)
    check_operator(context, venue)
    if row["session"] is not None:
        raise Refusal("session-open", venue=venue, date=row["session"])
    if day != business_date(context.at):
        raise Refusal("session-not-today", field="date", today=business_date(context.at))
    if not trades_on(context, venue, date.fromisoformat(day)):
        raise Refusal("not-a-trading-day", field="date", date=day)
    need_cash(context, venue, day)
    last = last_minute(context, venue)
    over = minute_of_day(context.at) >= last
    if over or context.get(SESSION, venue, day) is not None:
        raise Refusal("session-over", field="date", date=day)
    number = row["sessions"] + 1
    context.put(VENUE, {**row, "session": day, "sessions": number})
    context.put(
        SESSION,
        {
            "venue": venue,
            "date": day,
            "number": number,
            "state": OPEN,
            "opened_at": context.at,
            "ends_at": instant_of(day, last),
            "closed_at": None,
            "index": context.index,
        },
    )


def close_session(context: Context, body: Body) -> None:
    """The operator closes the session."""
    session = _running(context, body)
    check_operator(context, session["venue"])
    _close(context, session)


def end_session(context: Context, body: Body) -> None:
    """The scheduler closes a session whose hours are over, before anything else is decided."""
    session = _running(context, body)
    if context.at < session["ends_at"]:
        raise Refusal("not-due", date=session["date"])
    _close(context, session)


def due(state: State, at: int) -> Iterator[Due]:
    """Open sessions whose hours are over."""
    for row in state.overdue(SESSION, at):
        body = {"venue": row["venue"], "date": row["date"]}
        yield Due(row["ends_at"], f"{row['venue']}/{row['date']}", "session.end", body)


def _running(context: Context, body: Body) -> Row:
    session = context.get(SESSION, body["venue"], body["date"])
    if session is None or session["state"] != OPEN:
        raise Refusal("session-not-open", field="date", date=body["date"])
    return session


def _close(context: Context, session: Row) -> None:
    """Closing prices become references and facts; what it means for listings follows sealed."""
    venue, day = session["venue"], session["date"]
    context.put(SESSION, {**session, "state": CLOSED, "closed_at": context.at})
    context.put(VENUE, {**context.need(VENUE, venue), "session": None})
    for (code,) in context.children(INSTRUMENT, "venue", venue):
        _price(context, context.need(INSTRUMENT, code), day)
    context.emit("session-closed", venue=venue, date=day, number=session["number"])


def _price(context: Context, instrument: Row, day: str) -> None:
    """VWAP of the day's trades by the methods that make prices (DOMAIN.md §1.6: the listing's).

    Without any, the previous close.
    """
    code = instrument["instrument"]
    methods = price_methods(context, instrument["venue"])
    rows = [row for m in methods if (row := context.get(DAY, code, day, m))]
    volume = sum(row["volume"] for row in rows)
    if not volume:
        if instrument["state"] != InstrumentState.DELISTED:
            quiet = _quiet(instrument, day, methods[0])
            context.put(DAY, quiet)
            _observe(context, instrument, day, quiet["close_fen"], 0, CARRIED)
        return
    turnover = sum(row["turnover_fen"] for row in rows)
    close = terms(context, instrument, methods[0]).close(turnover, volume)
    for row in rows:
        context.put(DAY, {**row, "close_fen": close})
    context.put(INSTRUMENT, {**instrument, "reference_fen": close})
    _observe(context, instrument, day, close, volume, TRADED)


def _observe(
    context: Context, instrument: Row, day: str, close_fen: int, volume: int, source: str
) -> None:
    """Publish close and volume as facts, which is where policy meets the exchange."""
    code, party = instrument["instrument"], instrument["operator"]
    for indicator, value, unit in ((CLOSE, close_fen, "fen"), (VOLUME, volume, "credit")):
        observe_day(context, indicator, code, day, value, unit=unit, source=source, party=party)


def _quiet(instrument: Row, day: str, method: str) -> Row:
    price = instrument["reference_fen"]
    prices = ("reference_fen", "open_fen", "high_fen", "low_fen", "last_fen", "close_fen")
    return {
        "instrument": instrument["instrument"],
        "date": day,
        "method": method,
        **dict.fromkeys(prices, price),
        **dict.fromkeys(("volume", "turnover_fen", "trades"), 0),
    }
