"""The exchange from the shell: instruments, what is offered, what was traded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import click
from sqlalchemy import Connection

from ledger.parties.parameters import midnight
from ledger.statements.instants import format_instant
from ledger.writer.kinds import Row
from ledger.writer.store import read_head
from market.one_way.queries import check
from market.queries import codes, depth, instruments, trades, venues
from market.queries import venue_rules as rules_of
from market.quotes.candles import INTERVALS, candles
from market.quotes.history import rows_of
from market.sessions.models import DAY as TRADING_DAY
from portal.cli import cores
from portal.cli.asof import DAY, span_of
from portal.cli.params import Whole
from portal.cli.shared import INTEGRITY, REFUSED, Failed, dump, json_option, tell
from portal.cli.watch import watch
from portal.config import from_environment
from portal.exchange.charting import clock
from portal.home.opening import open_record
from portal.home.record import Record

PRICES = ("open_fen", "high_fen", "low_fen", "close_fen")


@click.group()
def market() -> None:
    """The exchange; nothing here says who trades."""


@market.command("instruments")
@json_option
def listed(as_json: bool) -> None:
    """Every instrument with its reference price and today's limits."""
    with _reading() as (connection, at):
        rows = instruments(connection, at)
    lines = []
    for row in rows:
        limits = row["limits"]
        band = f"{yuan(limits['low_fen'])}–{yuan(limits['high_fen'])}" if limits else "-"
        state = "open" if row["open"] and row["state"] == "listed" else row["state"]
        reference = yuan(row["reference_fen"])
        lines.append(f"{row['instrument']:<12} {state:<9} {reference:>10}  {band}  {row['name']}")
    tell(as_json, rows, "\n".join(lines))


@market.command()
@click.argument("instrument")
@json_option
def listings(instrument: str, as_json: bool) -> None:
    """What may be taken of an instrument: the best prices and the listings there."""
    with _reading() as (connection, at):
        book = depth(connection, instrument, at)
    if book is None:
        raise Failed(REFUSED, "instrument-unknown")
    lines = [
        f"{yuan(level['price_fen']):>10}  {item['quantity']:>10,}  {item['listing']}"
        for level in book["levels"]
        for item in level["listings"]
    ]
    tell(as_json, book, "\n".join(lines) or _nothing(book))


@market.command("depth")
@click.argument("instrument")
@json_option
def sides(instrument: str, as_json: bool) -> None:
    """Both sides of a book by price, the dearest first: price, quantity, number of orders."""
    with _reading() as (connection, at):
        book = depth(connection, instrument, at)
    if book is None:
        raise Failed(REFUSED, "instrument-unknown")
    rows = [("ask", level) for level in reversed(book["asks"])]
    rows += [("bid", level) for level in book["bids"]]
    lines = [
        f"{side}  {yuan(level['price_fen']):>10}  {level['quantity']:>10,}  {level['count']:>4}"
        for side, level in rows
    ]
    if book["call"]:
        called = book["call"]
        lines.append(f"call {_price(called['price_fen']):>10}  {called['volume']:>10,}")
    tell(as_json, book, "\n".join(lines) or _nothing(book))


def _nothing(book: Row) -> str:
    """Why a book shows no price."""
    return "halted" if book["halted"] else "none" if book["open"] else "closed"


@market.command("trades")
@click.option("--instrument", help="Only of this instrument.")
@click.option("--after", default=0, show_default=True, type=Whole(0))
@click.option("--limit", default=50, show_default=True, type=Whole(1, 500))
@json_option
def traded(instrument: str | None, after: int, limit: int, as_json: bool) -> None:
    """Trades in their own sequence, oldest first."""
    with _reading() as (connection, _):
        rows = trades(connection, instrument, after, limit)
    lines = [
        f"{row['sequence']:>6}  {format_instant(row['at'])}  {row['instrument']:<12} "
        f"{yuan(row['price_fen']):>10} × {row['quantity']:,}"
        for row in rows
    ]
    tell(as_json, rows, "\n".join(lines))


@market.command("days")
@click.argument("instrument")
@click.option("--from", "start", type=DAY, help="First day; from the beginning without it.")
@click.option("--to", "end", type=DAY, help="Last day; up to now without it.")
@json_option
def days(instrument: str, start: date | None, end: date | None, as_json: bool) -> None:
    """An instrument's trading days with their closes and volumes, oldest first."""
    span = span_of(start, end)
    with _told() as record:
        _known(record, instrument)
        rows = list(rows_of(record.reading, TRADING_DAY, instrument, span))
    lines = [
        f"{row['date']}  {row['method']}  "
        + "".join(f"{_price(row[name]):>10}" for name in PRICES)
        + f"  {row['volume']:>10,}"
        for row in rows
    ]
    tell(as_json, rows, "\n".join(lines))


@market.command("candles")
@click.argument("instrument")
@click.option("--interval", default="1d", show_default=True, type=click.Choice(list(INTERVALS)))
@click.option("--limit", default=50, show_default=True, type=Whole(1, 500))
@json_option
def candlesticks(instrument: str, interval: str, limit: int, as_json: bool) -> None:
    """An instrument's newest candles, oldest first; times are those of Shanghai."""
    with _told() as record:
        _known(record, instrument)
        with record.reading() as connection:
            rows = candles(connection, [instrument], interval, span_of(None, None), None, limit)
    lines = [
        f"{clock(row['start'], interval):<12}"
        + "".join(f"{_price(row[name]):>10}" for name in PRICES)
        + f"  {row['volume']:>10,}"
        for row in rows
    ]
    tell(as_json, rows, "\n".join(lines))


@market.command("rules")
@click.argument("venue")
@click.option("--on", type=DAY, help="Without it the day of the newest entry.")
@json_option
def venue_rules(venue: str, on: date | None, as_json: bool) -> None:
    """The dated rules of VENUE and its instruments, and which of them would stop a session.

    VENUE is the id of one, such as zhejiang; a wrong one names them all.
    """
    with _reading() as (connection, at):
        when = at if on is None else midnight(on.isoformat())
        found = rules_of(connection, venue, when)
        if found is None:
            known = venues(connection, when)
            raise Failed(REFUSED, "venue-unknown", {"key": venue, "allowed": known})
    lines = [f"{venue} on {found['on']}, session open: {found['session'] or 'none'}"]
    lines += [
        f"  {row['code'].removeprefix('market.'):<40} {row['value']}  from {row['valid_from']}"
        f"{'' if row['verified'] else '  (unverified)'}"
        for row in found["rules"]
    ]
    lines += [f"  in the way: {item['code']} {dump(item['params'])}" for item in found["faults"]]
    if not found["faults"]:
        lines.append("  no rule stands in the way of a session")
    tell(as_json, found, "\n".join(lines))


@market.command()
@click.argument("auction")
@json_option
def recompute(auction: str, as_json: bool) -> None:
    """Find a one-way auction's result again from its public entries; exit 3 where it differs."""
    with _reading() as (connection, _):
        differences = check(connection, auction)
    if differences:
        raise Failed(INTEGRITY, "auction-differs", {"differences": ", ".join(differences)})
    tell(as_json, {"auction": auction, "differences": []})


def yuan(fen: int) -> str:
    """A price in yuan, exactly."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def _price(fen: int | None) -> str:
    return "-" if fen is None else yuan(fen)


def _known(record: Record, code: str) -> None:
    """Raises Failed for an instrument that is not there."""
    with record.reading() as connection:
        if code not in codes(connection):
            raise Failed(REFUSED, "instrument-unknown")


@contextmanager
def _told() -> Iterator[Record]:
    record = open_record(from_environment())
    try:
        yield record
    finally:
        record.database.dispose()


@contextmanager
def _reading() -> Iterator[tuple[Connection, int]]:
    with _told() as record, record.reading() as connection:
        head = read_head(connection, record.origin)
        yield connection, head.at if head else 0


market.add_command(watch)
for command in (cores.replayed, cores.auction, cores.one_way):
    market.add_command(command)
