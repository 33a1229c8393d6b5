"""Market data for everybody: tickers, candles, averages, composites, and history to keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from sqlalchemy import Connection, select

from ledger.parties.parameters import business_date, midnight
from ledger.statements.types import Circle
from ledger.writer.kinds import Kind, Row
from market import queries
from market.instruments.models import INSTRUMENT
from market.quotes import averages
from market.quotes.candles import begins, candles
from market.quotes.history import rows_of
from market.quotes.tickers import ticker
from market.sessions.models import DAY
from market.settlement.models import TRADE
from portal.exchange.floor import CODE_MAX, FIRST_DAY, at_head, found, interval_asked
from portal.exchange.quoting import as_lines, as_table
from portal.shell.answers import IMMUTABLE, json_resource
from portal.shell.asked import day_asked, plausible, span_asked
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import CSV, NDJSON, operation
from portal.shell.paging import limit_asked, page_of
from portal.shell.problems import Problem

DOOR = Blueprint("quotes", __name__, url_prefix="/v1/market")
PERIOD = ("from", "to")
CANDLES = ("interval", "limit", "before", *PERIOD)
INSTANT_MAX = 1 << 53
COMPOSITE = "/composites/<venue>/<credit_class>"
FILES: dict[str, Kind] = {"trades": TRADE, "days": DAY}
FILE = f"<any({', '.join(FILES)}):name>"


@DOOR.get("/tickers")
@operation("Tickers", query=("limit", "cursor"), kept=True)
@circle(Circle.PUBLIC)
def tickers() -> Response:
    """A page of the tickers of all instruments, in the order of their codes."""
    with ledger().record.reading() as connection:
        at = at_head(connection)

        def told(rows: list[Row]) -> list[Row]:
            return [one for row in rows if (one := ticker(connection, row["instrument"], at))]

        return page_of(connection, INSTRUMENT, select(INSTRUMENT.table), told)


@DOOR.get("/tickers/<code>")
@operation("Ticker", kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def one_ticker(code: str) -> Response:
    """One instrument's newest session: last price, change, range, volume, limits, best prices."""
    return json_resource(found(ticker, code))


@DOOR.get("/candles")
@operation("Candles", needs=("instrument",), query=CANDLES, kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def instrument_candles() -> Response:
    """The newest candles of ``?instrument=``, oldest first; ``next`` leads to those before.

    Blocks and one-way auctions are in none, and an interval without a trade has none.
    """
    code = request.args["instrument"]
    found(ticker, code)
    with ledger().record.reading() as connection:
        return _candles(connection, [code])


@DOOR.get("/vwap")
@operation("Average", needs=("instrument",), query=PERIOD, kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def vwap() -> Response:
    """The average of ``?instrument=`` weighted by volume; without days, of its newest session."""
    row = found(ticker, request.args["instrument"])
    with ledger().record.reading() as connection:
        at = at_head(connection)
        days = days_asked(at)
        if not set(PERIOD) & set(request.args):
            days = (row["date"] or days[1],) * 2
        told = averages.average(connection, row["venue"], [row["instrument"]], days, at)
    named = {"instrument": row["instrument"], "from": days[0], "to": days[1]}
    return _lasting({**named, **told}, settled(days, at))


@DOOR.get("/composites")
@operation("Composites", kept=True)
@circle(Circle.PUBLIC)
def composites() -> Response:
    """Each venue's classes with turnover over volume of all instruments on the newest day."""
    with ledger().record.reading() as connection:
        return json_resource(
            {"items": averages.composites_now(connection, at_head(connection)), "next": None}
        )


@DOOR.get("/venues/<venue>/rules")
@operation("VenueRules", query=("as_of",), kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def venue(venue: str) -> Response:
    """The rules of a venue and its instruments on a day, and what stands in the way of trading."""
    with ledger().record.reading() as connection:
        at = at_head(connection)
        if "as_of" in request.args:
            at = midnight(day_asked("as_of"))
        found = queries.venue_rules(connection, venue, at) if plausible(venue) else None
        if found is None:
            known = queries.venues(connection, at)
            raise Problem(404, "venue-unknown", key=venue[:60], allowed=known)
    return json_resource(found)


@DOOR.get(COMPOSITE)
@operation("Composite", query=PERIOD, kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def composite(venue: str, credit_class: str) -> Response:
    """A class of a venue over a period: turnover over volume of all its instruments, by day too.

    It is the average price that was paid and no chained index: it moves with the mix of vintages.
    """
    with ledger().record.reading() as connection:
        codes, at = _members(connection, venue, credit_class), at_head(connection)
        days = days_asked(at)
        told = {
            **averages.named(venue, credit_class, codes),
            **{"from": days[0], "to": days[1]},
            **averages.average(connection, venue, codes, days, at),
            "days": averages.daily(connection, venue, codes, days, at),
        }
    return _lasting(told, settled(days, at))


@DOOR.get(f"{COMPOSITE}/candles")
@operation("Candles", query=CANDLES, kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def composite_candles(venue: str, credit_class: str) -> Response:
    """The candles of every trade in a venue's class, whichever the instrument."""
    with ledger().record.reading() as connection:
        return _candles(connection, _members(connection, venue, credit_class))


@DOOR.get(f"/{FILE}.ndjson")
@operation("MarketLines", media=NDJSON, query=("instrument", *PERIOD), problems=(404,))
@circle(Circle.PUBLIC)
def lines(name: str) -> Response:
    """Every row from a day to a day, both included, one a line; ``?instrument=`` narrows it."""
    return _file(as_lines(_asked(name)), NDJSON)


@DOOR.get(f"/{FILE}.csv")
@operation("MarketTable", media=CSV, query=("instrument", *PERIOD), problems=(404,))
@circle(Circle.PUBLIC)
def table(name: str) -> Response:
    """The same as comma-separated values, for spreadsheets."""
    return _file(as_table(FILES[name], _asked(name)), CSV)


def days_asked(at: int) -> tuple[str, str]:
    """``?from=`` and ``?to=``; without them since ever and until the day of the newest entry."""
    first, last = span_asked(first=FIRST_DAY, last=business_date(at))
    return str(first), str(last)


def settled(days: tuple[str, str], at: int) -> bool:
    """Whether a period is over for good: the newest entry is of a later day."""
    return "to" in request.args and days[1] < business_date(at)


def _candles(connection: Connection, codes: Sequence[str]) -> Response:
    interval, limit, at = interval_asked(), limit_asked(), at_head(connection)
    days, before = days_asked(at), _before()
    rows = candles(connection, codes, interval, days, before, limit + 1)
    items, following = rows[-limit:], None
    if len(rows) > limit:
        words = {**request.args.to_dict(), "before": str(items[0]["start"])}
        following = f"{request.path}?{urlencode(words)}"
    until = midnight(days[1], 1) if before is None else before
    lasting = settled(days, at) or (before is not None and until <= begins(at, interval))
    response = _lasting({"interval": interval, "items": items, "next": following}, lasting)
    if following is not None:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _before() -> int | None:
    text = request.args.get("before")
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) < 17 and 0 < int(text) < INSTANT_MAX:
        return int(text)
    raise Problem(400, "parameter-invalid", field="before", rule="instant-in-milliseconds")


def _members(connection: Connection, venue: str, credit_class: str) -> list[str]:
    known = plausible(venue) and plausible(credit_class)
    codes = averages.members(connection, venue, credit_class) if known else []
    if not codes:
        raise Problem(404, "composite-unknown", key=f"{venue[:16]}/{credit_class[:16]}")
    return codes


def _asked(name: str) -> Iterator[Row]:
    """The rows of a file; what is wrong with the question is said before the file begins."""
    code = request.args.get("instrument")
    if code is not None:
        found(ticker, code[: CODE_MAX + 1])
    record = ledger().record
    with record.reading() as connection:
        days = days_asked(at_head(connection))
    return rows_of(record.reading, FILES[name], code, days)


def _file(pieces: Iterator[bytes], media: str) -> Response:
    response = Response(pieces, content_type=media)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _lasting(value: Row, lasting: bool) -> Response:
    response = json_resource(value)
    if lasting:
        response.headers["Cache-Control"] = IMMUTABLE
    return response
