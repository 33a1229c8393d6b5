"""Pages for those who trade: their own book of listings, deals and cash, and what a trade costs."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, render_template, request

from ledger.statements.canonical import INTEGER_MAX
from ledger.statements.types import Circle
from ledger.writer.errors import Refusal
from market import queries
from market.costs import costs
from market.readers import METHODS
from portal.api.guidance import may_state
from portal.desk.standing import colleagues
from portal.desk.trading import standing_in, trading
from portal.exchange.charting import shanghai
from portal.exchange.floor import at_head, found
from portal.shell.answers import json_resource
from portal.shell.asked import head_times
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.problems import Problem
from portal.shell.reader import Reader, need_reader, reader
from portal.shell.scripted import scripted
from portal.shell.spoken import say, spoken

DOOR = Blueprint("trading", __name__)
HTML = "text/html"
DIGITS = 15
SCRIPT_WORDS = ("ticket.script.", "room.script.")


@DOOR.get("/desk/trading")
@operation(media=HTML)
@circle(Circle.PARTY)
def sheet() -> Response:
    """What the reader's party may sell, its cash, its listings and deals, the newest first."""
    who = need_reader()
    with ledger().record.reading() as connection:
        shown = trading(connection, who.party, at_head(connection))
        others = colleagues(connection, who.party, who.person)
        proved, _ = head_times(connection)
    return scripted(
        "trading.html",
        more=SCRIPT_WORDS,
        who=who,
        others=others,
        shanghai=shanghai,
        proved=proved,
        **shown,
    )


@DOOR.get("/market/<code>/own")
@operation(media=HTML)
@circle(Circle.PARTY)
def own(code: str) -> Response:
    """What the reader's party has in an instrument, as the instrument's page shows it."""
    who, row = need_reader(), found(queries.instrument, code)
    with ledger().record.reading() as connection:
        shown = standing_in(connection, row, who.party)
    words = {"say": say, "language": spoken(), "shanghai": shanghai}
    return Response(render_template("ticket_own.html", who=who, own=shown, **words))


@DOOR.get("/v1/market/costs")
@operation(
    "Costs",
    needs=("instrument", "price_fen", "quantity"),
    query=("method",),
    kept=True,
    problems=(404,),
)
@circle(Circle.PUBLIC)
def cost() -> Response:
    """What a trade of ``?quantity=`` at ``?price_fen=`` would cost each side, fees included.

    It goes by ``?method=``, or else by the one by which the instrument's venue quotes prices.
    Fees alone: whether tick, lot, band and holdings allow it, ``POST /v1/rehearsals/TYPE`` says.
    """
    code, method = request.args["instrument"], request.args.get("method")
    if method is not None and method not in METHODS:
        raise Problem(400, "parameter-invalid", field="method", rule="|".join(sorted(METHODS)))
    price, quantity = asked_trade()
    found(queries.instrument, code)
    try:
        with ledger().record.reading() as connection:
            told = costs(connection, code, method, price, quantity, at_head(connection))
    except Refusal as refusal:
        raise Problem(404, refusal.code, **refusal.params) from refusal
    return json_resource(told)


def present() -> Reader | None:
    """The reader; nobody where a session is over, for all may read the page."""
    try:
        return reader()
    except Problem as problem:
        if problem.status != HTTPStatus.UNAUTHORIZED:
            raise
        return None


def trader() -> Reader | None:
    """The reader where it may trade."""
    who = present()
    if who is None or not may_state(ledger().engine, "listing.place", who.roles):
        return None
    return who


def asked_trade() -> tuple[int, int]:
    """``?price_fen=`` and ``?quantity=``; raises Problem ``parameter-invalid``."""
    price, quantity = _whole("price_fen"), _whole("quantity")
    if price * quantity > INTEGER_MAX:
        raise Problem(400, "parameter-invalid", field="quantity", rule=f"amount<={INTEGER_MAX}")
    return price, quantity


def _whole(name: str) -> int:
    """A query parameter as a whole number from 1; raises Problem ``parameter-invalid``."""
    text = request.args[name]
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS and int(text) > 0):
        raise Problem(400, "parameter-invalid", field=name, rule=f"1..{10**DIGITS - 1}")
    return int(text)
