"""The exchange for everybody: instruments, best prices, trades, days; nowhere who."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, request
from sqlalchemy import Connection, Select, select

from ledger.parties.parameters import business_date
from ledger.statements.types import Circle
from ledger.writer.kinds import Kind, Row
from market import queries
from market.instruments.models import INSTRUMENT, InstrumentState
from market.quotes import averages
from market.quotes.candles import INTERVALS, candles
from market.quotes.tickers import status, ticker
from market.readers import METHODS
from market.rules import PREFIX
from market.sessions.models import DAY
from market.settlement.models import TRADE
from portal.desk.standing import colleagues
from portal.desk.trading import standing_in, ways
from portal.doors.trading import SCRIPT_WORDS, trader
from portal.exchange.charting import Chart, shanghai
from portal.exchange.charting import chart as laid_out
from portal.exchange.floor import FIRST_DAY, at_head, found, interval_asked
from portal.shell.answers import IMMUTABLE, json_resource
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.paging import page_of, read_cursor
from portal.shell.scripted import scripted
from portal.shell.spoken import say

DOOR = Blueprint("market", __name__)
LATEST = 20
LAST = (TRADE.table.c.at, TRADE.table.c.sequence)
"""Each venue numbers its own trades, so that their time comes first."""
BROAD, SLIM = (940, 60), (360, 24)
"""Width of a chart, and how many candles it has at most."""
APART = 90
"""Pixels between two times that are written on a chart."""
NARROWED = ("instrument", "limit", "cursor")


@DOOR.get("/v1/market/instruments")
@operation("Page.instruments", query=("limit", "cursor"), kept=True)
@circle(Circle.PUBLIC)
def instruments() -> Response:
    """A page of the instruments, in the order of their codes."""
    with ledger().record.reading() as connection:
        return page_of(connection, INSTRUMENT)


@DOOR.get("/v1/market/instruments/<code>")
@operation("Instrument", kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def instrument(code: str) -> Response:
    """One instrument with today's price limits and its newest trading day."""
    return json_resource(found(queries.instrument, code))


@DOOR.get("/v1/market/quotes")
@operation("Quotes", needs=("instrument",), kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def quotes() -> Response:
    """The best prices of ``?instrument=`` and the listings that may be taken there."""
    return json_resource(found(queries.depth, request.args["instrument"]))


@DOOR.get("/v1/market/trades")
@operation("Page.trades", query=NARROWED, kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def trades() -> Response:
    """A page of the trades in their own sequence; ``?instrument=`` narrows it."""
    response = _paged(TRADE)
    if _behind_the_end(response):
        response.headers["Cache-Control"] = IMMUTABLE
    return response


@DOOR.get("/v1/market/days")
@operation("Page.days", query=NARROWED, kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def days() -> Response:
    """A page of trading days: open, high, low, close, volume; ``?instrument=`` narrows it."""
    return _paged(DAY)


@DOOR.get("/market")
@circle(Circle.PUBLIC)
def board() -> Response:
    """The instruments with their prices, composites, the latest trades and the rules in force."""
    with ledger().record.reading() as connection:
        at = at_head(connection)
        rows = [ticker(connection, code, at) for code in queries.codes(connection)]
        composites = averages.composites_now(connection, at)
        latest = _newest(connection, TRADE, LAST)
        rules = queries.rules_in_force(connection, at)
    return page(
        "market.html",
        instruments=rows,
        composites=composites,
        trades=latest,
        rules=rules,
        shanghai=shanghai,
    )


@DOOR.get("/market/<code>")
@circle(Circle.PUBLIC)
def sheet(code: str) -> Response:
    """One instrument: its prices, chart, best prices, trades, days, session and rules.

    It follows the event stream where the browser runs scripts.
    """
    interval, row, who = interval_asked(), found(queries.instrument, code), trader()
    with ledger().record.reading() as connection:
        at = at_head(connection)
        standing = status(connection, code, at) or {}
        return scripted(
            "instrument.html",
            more=SCRIPT_WORDS,
            who=who,
            ways=ways(connection, row, at),
            own=standing_in(connection, row, who.party) if who else None,
            others=colleagues(connection, who.party, who.person) if who else [],
            instrument=row,
            quote=ticker(connection, code, at),
            book=queries.depth(connection, code, at),
            session=standing["session"],
            hours=standing["hours"],
            trades=_newest(connection, TRADE, LAST, code),
            days=_newest(connection, DAY, (DAY.table.c.date,), code),
            rules=_rules(connection, row, at),
            charts=_charts(connection, code, interval, at),
            code=code,
            interval=interval,
            intervals=INTERVALS,
            shanghai=shanghai,
            words=_words(),
        )


@DOOR.get("/market/<code>/chart")
@circle(Circle.PUBLIC)
def chart(code: str) -> Response:
    """The candles of ``?interval=`` as the instrument's page shows them."""
    interval = interval_asked()
    found(queries.instrument, code)
    with ledger().record.reading() as connection:
        charts = _charts(connection, code, interval, at_head(connection))
    return page("chart.html", charts=charts, code=code)


def _charts(connection: Connection, code: str, interval: str, at: int) -> list[Chart]:
    """A broad chart, and a slim one with fewer candles for small screens."""
    days = (FIRST_DAY, business_date(at))
    rows = candles(connection, [code], interval, days, None, BROAD[1])
    return [laid_out(rows[-count:], interval, width, APART) for width, count in (BROAD, SLIM)]


def _rules(connection: Connection, instrument: Row, at: int) -> list[Row]:
    """The rules that bind an instrument: its own, and its venue's where it has none."""
    own = f"{PREFIX}{instrument['instrument']}."
    venue = f"{PREFIX}{instrument['venue']}."
    rows = queries.rules_in_force(connection, at)
    special = {row["code"].removeprefix(own) for row in rows if row["code"].startswith(own)}
    return [
        row
        for row in rows
        if row["code"].startswith(own)
        or (row["code"].startswith(venue) and row["code"].removeprefix(venue) not in special)
    ]


SAID = ("open", "closed", "halted", "no_listings")


def _words() -> dict[str, Any]:
    """What the page's script writes, in the language of the request."""
    spoken = {name: say(f"market.{name}") for name in SAID}
    states = {state.value: say(f"market.state.{state}") for state in InstrumentState}
    live = ("live", "live_waiting", "live_lost", "session_of")
    methods = {method: say(f"market.method_of.{method}") for method in sorted(METHODS)}
    return {**spoken, **states, **{n: say(f"quotes.{n}") for n in live}, "methods": methods}


def _paged(kind: Kind) -> Response:
    query: Select[Any] = select(kind.table)
    if "instrument" in request.args:
        code = request.args["instrument"]
        found(queries.instrument, code)
        query = query.where(kind.table.c.instrument == code)
    with ledger().record.reading() as connection:
        return page_of(connection, kind, query)


def _behind_the_end(response: Response) -> bool:
    """Whether a page of trades is full and lies within one venue's own sequence.

    The tape only grows at its end, so such a page will always be the same.
    """
    after, end = read_cursor(TRADE), response.headers.get("Link")
    if after is None or end is None or response.status_code != 200:
        return False
    rows = orjson.loads(response.get_data())["items"]
    return all(row["venue"] == after[0] for row in rows)


def _newest(
    connection: Connection, kind: Kind, order: tuple[Any, ...], code: str | None = None
) -> list[Row]:
    query = select(kind.table).order_by(*(column.desc() for column in order)).limit(LATEST)
    if code is not None:
        query = query.where(kind.table.c.instrument == code)
    return [dict(row) for row in connection.execute(query).mappings()]
