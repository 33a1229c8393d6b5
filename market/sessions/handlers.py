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
from market.instruments.models import INSTRUMENT, InstrumentState
from market.rules import LISTING, hours, methods, terms, trades_on
from market.sessions.models import CLOSED, DAY, OPEN, SESSION, VENUE
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
    if not trades_on(context, venue, date.fromisoformat(day)):
        raise Refusal("not-a-trading-day", field="date", date=day)
    need_cash(context, venue, day)
    last = max(end for _, end in hours(context, venue))
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
    _close(context, _running(context, body))


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
    """VWAP of the day's listing trades; without any, the previous close (DOMAIN.md §1.6)."""
    row = context.get(DAY, instrument["instrument"], day, LISTING)
    if row is None:
        if instrument["state"] != InstrumentState.DELISTED:
            quiet = _quiet(instrument, day)
            context.put(DAY, quiet)
            _observe(context, instrument, quiet, CARRIED)
        return
    close = terms(context, instrument).close(row["turnover_fen"], row["volume"])
    closed = {**row, "close_fen": close}
    context.put(DAY, closed)
    context.put(INSTRUMENT, {**instrument, "reference_fen": close})
    _observe(context, instrument, closed, TRADED)


def _observe(context: Context, instrument: Row, day: Row, source: str) -> None:
    """Publish close and volume as facts, which is where policy meets the exchange."""
    code, date_, party = instrument["instrument"], day["date"], instrument["operator"]
    for indicator, value, unit in (
        (CLOSE, day["close_fen"], "fen"),
        (VOLUME, day["volume"], "credit"),
    ):
        observe_day(context, indicator, code, date_, value, unit=unit, source=source, party=party)


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
    ``session-closed`` and ``outside-hours``.
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
    now = minute_of_day(context.at)
    if not any(start <= now < end for start, end in hours(context, instrument["venue"], method)):
        raise Refusal("outside-hours", venue=instrument["venue"], minute=now)
    return instrument, context.need(SESSION, instrument["venue"], day)
