"""Reads of the exchange: instruments with their limits, depth, rules in force; never who."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from ledger.credits.queries import locked_of
from ledger.parties.models import parameter_table
from ledger.parties.parameters import business_date, in_force
from ledger.parties.reading import reading
from ledger.parties.stated import UNVERIFIED
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from ledger.writer.store import plain
from ledger.writer.tables import tally
from market.instruments.models import INSTRUMENT, VENUE, instrument_table
from market.listings.models import LISTING as LISTINGS
from market.listings.models import ListingState, listing_table
from market.orders.models import ORDER
from market.orders.queries import book_of, terms_of
from market.quotes.methods import quoted
from market.readers import GATED, LISTING, QUOTED
from market.rules import PREFIX, delivers_locked
from market.sessions.models import day_table
from market.settlement.models import trade_table
from market.soundness import unsound
from market.stops.standing import halted
from market.terms import Terms

SHOWN_A_LEVEL = 50
METHODS = ".methods"
SIDE = ("price_fen", "quantity", "count")
"""What a side of the book says of a price."""


def instruments(connection: Connection, at: int) -> list[Row]:
    """Every instrument with today's limits, its newest day, and whether it trades now."""
    return [found for code in codes(connection) if (found := instrument(connection, code, at))]


def codes(connection: Connection) -> list[str]:
    """The codes of all instruments, in order."""
    query = select(instrument_table.c.instrument).order_by("instrument")
    return list(connection.execute(query).scalars())


def instrument(connection: Connection, code: str, at: int) -> Row | None:
    """One instrument, or None; ``limits`` are None where its rules are not in force.

    ``halted`` says that an order of the venue's operator or the regulator stops its trading,
    whether or not a session is on.  ``locked`` is how many serials of a named batch are locked; a
    class is never delivered any.
    """
    context = reading(connection, at)
    row = context.get(INSTRUMENT, code)
    if row is None:
        return None
    venue = context.get(VENUE, row["venue"])
    newest = select(day_table).where(day_table.c.instrument == code, quoted(day_table))
    day = connection.execute(newest.order_by(day_table.c.date.desc()).limit(1)).mappings().first()
    today, stopped = business_date(at), halted(context, row["venue"])
    return {
        **row,
        "open": venue is not None and venue["session"] == today and not stopped,
        "halted": stopped,
        "limits": limits(context, row, row["reference_fen"]),
        "day": plain(day) if day else None,
        "locked": None if row["batch"] is None else locked_of(connection, row["batch"]),
        "delivers_locked": delivers_locked(context, row),
    }


def limits(context: Context, row: Row, reference_fen: int) -> Row | None:
    """Between which prices orders are taken beside a reference, by the rules of the context's day.

    None where these are not in force.
    """
    stated = quoting_terms(context, row)
    if stated is None:
        return None
    low, high = stated.price_band(reference_fen)
    return {"low_fen": low, "high_fen": high}


def depth(connection: Connection, code: str, at: int) -> Row | None:
    """The best prices of an instrument, or None.

    ``bids`` and ``asks`` are what is wanted and offered, the best first; ``levels`` are the prices
    asked again with the listings that may be taken there; ``call`` stands in for the book while an
    auction gathers orders.  What rests is kept while trading is ``halted`` or not ``open``, and is
    not shown.  ``sequence`` grows with every change of the book and is no entry's
    index: it is the sum of the revisions of all its orders and listings, which the record keeps.
    """
    row = instrument(connection, code, at)
    if row is None:
        return None
    context = reading(connection, at)
    stated = terms_of(context, row, LISTING)
    levels = _levels(connection, code, stated.best_levels) if stated and row["open"] else []
    asks = [{name: level[name] for name in SIDE} for level in levels]
    return {
        "instrument": code,
        "sequence": _changes(connection, code),
        "open": row["open"],
        "halted": row["halted"],
        "reference_fen": row["reference_fen"],
        "limits": row["limits"],
        "bids": [],
        "asks": asks,
        "levels": levels,
        "call": None,
        **book_of(connection, context, row),
    }


def _changes(connection: Connection, code: str) -> int:
    table, kinds = tally.c, (LISTINGS.name, ORDER.name)
    query = select(table.total).where(table.kind.in_(kinds), table.value == code)
    return sum(connection.execute(query).scalars())


def _levels(connection: Connection, code: str, count: int) -> list[Row]:
    table = listing_table
    offered = (table.c.instrument == code, table.c.state == ListingState.OPEN)
    best = (
        select(table.c.price_fen, func.sum(table.c.remaining), func.count())
        .where(*offered)
        .group_by(table.c.price_fen)
        .order_by(table.c.price_fen)
        .limit(count)
    )
    levels: list[Row] = []
    for price, quantity, listings in connection.execute(best).all():
        earliest = (
            select(table.c.listing, table.c.remaining.label("quantity"))
            .where(*offered, table.c.price_fen == price)
            .order_by(table.c.index)
            .limit(SHOWN_A_LEVEL)
        )
        levels.append(
            {
                "price_fen": int(price),
                "quantity": int(quantity),
                "count": int(listings),
                "listings": [plain(row) for row in connection.execute(earliest).mappings()],
            }
        )
    return levels


def trades(connection: Connection, code: str | None, after: int, limit: int) -> list[Row]:
    """Trades beyond a sequence number, oldest first."""
    table = trade_table
    query = select(table).where(table.c.sequence > after).order_by(table.c.venue, table.c.sequence)
    if code is not None:
        query = query.where(table.c.instrument == code)
    return [plain(row) for row in connection.execute(query.limit(limit)).mappings()]


def rules_in_force(connection: Connection, at: int) -> list[dict[str, Any]]:
    """The dated rules of the exchange on the day of ``at``, each marked where unverified."""
    table = parameter_table
    query = (
        select(table)
        .where(table.c.code.like("market.%"), table.c.valid_from <= business_date(at))
        .order_by(table.c.code, table.c.valid_from)
    )
    newest = {row["code"]: plain(row) for row in connection.execute(query).mappings()}
    return [{**row, "verified": row["confidence"] not in UNVERIFIED} for row in newest.values()]


def venue_rules(connection: Connection, venue: str, at: int) -> dict[str, Any] | None:
    """The rules of a venue on the day of ``at``, with what they lack; None for no such venue.

    A venue is what has methods; ``session`` is the day of the one that is open.  ``rules`` are
    those of it, of its instruments, and those that bind every venue; each of ``faults`` is a code
    with its parameters: what would stop an opening, or every order.
    """
    context = reading(connection, at)
    if in_force(context, f"{PREFIX}{venue}{METHODS}") is None:
        return None
    table = instrument_table
    query = select(table).where(table.c.venue == venue).order_by(table.c.instrument)
    members = [plain(row) for row in connection.execute(query).mappings()]
    scopes = {venue, *(row["instrument"] for row in members)}
    stated = [
        row
        for row in rules_in_force(connection, at)
        if row["code"].removeprefix(PREFIX).partition(".")[0] in scopes
        or row["code"] == PREFIX + GATED
    ]
    faults, row = unsound(context, venue, members), context.get(VENUE, venue)
    return {
        "venue": venue,
        "on": business_date(at),
        "session": None if row is None else row["session"],
        "rules": stated,
        "faults": [{"code": fault.code, "params": fault.params} for fault in faults],
    }


def venues(connection: Connection, at: int) -> list[str]:
    """The ids of all venues on the day of ``at``: a venue is what has methods."""
    stated = (row["code"].removeprefix(PREFIX) for row in rules_in_force(connection, at))
    scopes = {code.removesuffix(METHODS) for code in stated if code.endswith(METHODS)}
    return sorted(scopes - set(codes(connection)))  # an instrument may have methods of its own


def quoting_terms(context: Context, row: Row) -> Terms | None:
    """The terms of the first method that the venue quotes prices by now, or None."""
    found = (terms_of(context, row, method) for method in QUOTED)
    return next((terms for terms in found if terms is not None), None)
