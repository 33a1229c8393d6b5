"""The exchange for everybody: instruments, best prices, trades, days; nowhere who."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection, Select, select

from ledger.statements.instants import format_instant
from ledger.statements.types import Circle
from ledger.writer.kinds import Kind, Row
from ledger.writer.store import read_head
from market import queries
from market.instruments.models import INSTRUMENT
from market.sessions.models import DAY
from market.settlement.models import TRADE
from portal.shell.answers import json_resource
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.paging import page_of
from portal.shell.problems import Problem

DOOR = Blueprint("market", __name__)
CODE_MAX = 12
LATEST = 20
NARROWED = ("instrument", "limit", "cursor")
Find = Callable[[Connection, str, int], Row | None]


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
    return json_resource(_found(queries.instrument, code))


@DOOR.get("/v1/market/quotes")
@operation("Quotes", needs=("instrument",), kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def quotes() -> Response:
    """The best prices of ``?instrument=`` and the listings that may be taken there."""
    return json_resource(_found(queries.depth, request.args["instrument"]))


@DOOR.get("/v1/market/trades")
@operation("Page.trades", query=NARROWED, kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def trades() -> Response:
    """A page of the trades in their own sequence; ``?instrument=`` narrows it."""
    return _paged(TRADE)


@DOOR.get("/v1/market/days")
@operation("Page.days", query=NARROWED, kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def days() -> Response:
    """A page of trading days: open, high, low, close, volume; ``?instrument=`` narrows it."""
    return _paged(DAY)


@DOOR.get("/market")
@circle(Circle.PUBLIC)
def board() -> Response:
    """The instruments, the latest trades and the rules in force."""
    with ledger().record.reading() as connection:
        at = _at(connection)
        rows = queries.instruments(connection, at)
        latest = _newest(connection, TRADE, TRADE.table.c.sequence)
        rules = queries.rules_in_force(connection, at)
    return page("market.html", instruments=rows, trades=latest, rules=rules, instant=format_instant)


@DOOR.get("/market/<code>")
@circle(Circle.PUBLIC)
def sheet(code: str) -> Response:
    """One instrument: its best prices, days and trades."""
    row = _found(queries.instrument, code)
    book = _found(queries.depth, code)
    with ledger().record.reading() as connection:
        latest = _newest(connection, TRADE, TRADE.table.c.sequence, code)
        past = _newest(connection, DAY, DAY.table.c.date, code)
    return page(
        "instrument.html",
        instrument=row,
        book=book,
        trades=latest,
        days=past,
        instant=format_instant,
    )


def _at(connection: Connection) -> int:
    """The time of the log's head: the pages say what was so then."""
    head = read_head(connection, ledger().record.origin)
    return head.at if head else 0


def _found(find: Find, code: str) -> Row:
    """What a query finds for an instrument; raises Problem 404."""
    found = None
    if len(code) <= CODE_MAX and "\x00" not in code:
        with ledger().record.reading() as connection:
            found = find(connection, code, _at(connection))
    if found is None:
        raise Problem(404, "instrument-unknown", key=code[:CODE_MAX])
    return found


def _paged(kind: Kind) -> Response:
    query: Select[Any] = select(kind.table)
    if "instrument" in request.args:
        code = request.args["instrument"]
        _found(queries.instrument, code)
        query = query.where(kind.table.c.instrument == code)
    with ledger().record.reading() as connection:
        return page_of(connection, kind, query)


def _newest(connection: Connection, kind: Kind, order: Any, code: str | None = None) -> list[Row]:
    query = select(kind.table).order_by(order.desc()).limit(LATEST)
    if code is not None:
        query = query.where(kind.table.c.instrument == code)
    return [dict(row) for row in connection.execute(query).mappings()]
