"""What a board shows of an instrument: the day's prices, the change, the limits, the session."""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy import Connection, func, select

from ledger.parties.parameters import in_force
from ledger.parties.reading import reading
from ledger.writer.kinds import Row
from market import queries
from market.quotes.averages import average
from market.quotes.methods import quoted
from market.readers import QUOTED
from market.rounding import rounded
from market.rules import PREFIX
from market.sessions.models import CLOSED, day_table, session_table
from market.settlement.models import trade_table

PRICES = ("open_fen", "high_fen", "low_fen", "last_fen")
SESSION_TOLD = ("date", "number", "state", "opened_at", "ends_at", "closed_at")
STANDING = ("instrument", "venue", "state", "open", "halted")
NAMED = (*STANDING, "name", "name_en", "class", "vintage", "batch")


def ticker(connection: Connection, code: str, at: int) -> Row | None:
    """The figures of the venue's newest session, or None for no such instrument.

    ``date`` is its day, and all but ``next`` is of that day: the reference, the limits about it,
    and ``change_fen`` from it, with ``change_bp`` in ten-thousandths; the change and the prices are
    None while nothing has been traded in an open session.  ``next`` has the reference and limits
    that bind the next session's orders, None while a session is on.
    """
    row = queries.instrument(connection, code, at)
    book = queries.depth(connection, code, at)
    if row is None or book is None:
        return None
    held = session(connection, row["venue"])
    date = held["date"] if held else None
    told = _day(connection, code, date) if date else {}
    reference: int = {**row, **told}["reference_fen"]
    over = held is not None and held["state"] == CLOSED
    then = reading(connection, held["closed_at"]) if held is not None and over else None
    following = {name: row[name] for name in ("reference_fen", "limits")}
    last = told.get("last_fen")
    span = (date or "", date or "")
    sums = average(connection, row["venue"], [code], span, at)
    return {
        **{name: row[name] for name in NAMED},
        "date": date,
        "reference_fen": reference,
        **{name: told.get(name) for name in PRICES},
        "change_fen": None if last is None else last - reference,
        "change_bp": None if last is None else _points(last - reference, reference),
        **{name: sums[name] for name in ("volume", "turnover_fen", "trades", "vwap_fen")},
        "limits": queries.limits(then, row, reference) if then else row["limits"],
        "next": following if held is None or over else None,
        "best_bid": _best(book["bids"]),
        "best_ask": _best(book["asks"]),
        "sequence": newest(connection, row["venue"]),
    }


def status(connection: Connection, code: str, at: int) -> Row | None:
    """Whether and when an instrument trades, and between which prices; None for no such one.

    Reference and limits are those of the next order: of the session that is on, or of the next.
    """
    row = queries.instrument(connection, code, at)
    if row is None:
        return None
    return {
        **{name: row[name] for name in STANDING},
        "session": session(connection, row["venue"]),
        "hours": _hours(connection, row["venue"], at),
        "reference_fen": row["reference_fen"],
        "limits": row["limits"],
    }


def _hours(connection: Connection, venue: str, at: int) -> str | None:
    """When a venue trades today: by listings, or by its book where it has no listings."""
    context = reading(connection, at)
    stated = (in_force(context, f"{PREFIX}{venue}.{method}.hours") for method in QUOTED)
    return next((hours for hours in stated if hours is not None), None)


def session(connection: Connection, venue: str) -> Row | None:
    """A venue's newest session, or None before its first."""
    table = session_table
    query = select(*(table.c[name] for name in SESSION_TOLD)).where(table.c.venue == venue)
    found = connection.execute(query.order_by(table.c.date.desc()).limit(1)).mappings().first()
    return None if found is None else dict(found)


def newest(connection: Connection, venue: str) -> int:
    """The number of a venue's newest trade, 0 before the first."""
    table = trade_table
    query = select(func.max(table.c.sequence)).where(table.c.venue == venue)
    return int(connection.execute(query).scalar() or 0)


def _day(connection: Connection, code: str, date: str) -> Row:
    """The day's prices over every method that makes the quote; empty before the first trade."""
    table = day_table
    query = select(table).where(table.c.instrument == code, table.c.date == date, quoted(table))
    rows = connection.execute(query.order_by(table.c.method)).mappings().all()
    if len(rows) < 2:
        return dict(rows[0]) if rows else {}
    tape = trade_table
    of = (tape.c.instrument == code, tape.c.date == date, quoted(tape))
    prices = select(tape.c.price_fen).where(*of).limit(1)
    first = connection.execute(prices.order_by(tape.c.sequence)).scalar()
    last = connection.execute(prices.order_by(tape.c.sequence.desc())).scalar()
    return {
        "reference_fen": rows[0]["reference_fen"],
        "open_fen": first,
        "high_fen": max(row["high_fen"] for row in rows),
        "low_fen": min(row["low_fen"] for row in rows),
        "last_fen": last,
    }


def _points(change: int, reference: int) -> int:
    points = rounded(Fraction(abs(change) * 10_000, reference), "half-up")
    return points if change >= 0 else -points


def _best(levels: list[Row]) -> Row | None:
    return {name: levels[0][name] for name in ("price_fen", "quantity")} if levels else None
