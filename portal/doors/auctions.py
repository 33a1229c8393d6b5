"""One-way auctions for everybody: what is announced, what is bid, what came out; nowhere who."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select

from ledger.statements.instants import format_instant
from ledger.statements.types import Circle
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market.costs import announced_costs
from market.one_way import queries
from market.one_way.models import AUCTION, ENTRY
from portal.api.guidance import may_state
from portal.desk.standing import colleagues
from portal.desk.trading import bidding_in, operated
from portal.doors.trading import SCRIPT_WORDS, asked_trade, present, trader
from portal.exchange.charting import shanghai
from portal.exchange.floor import at_head
from portal.shell.answers import json_answer, json_resource
from portal.shell.circles import circle
from portal.shell.current import ledger, ops
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.paging import page_of
from portal.shell.problems import Problem
from portal.shell.reader import Reader, need_reader
from portal.shell.scripted import scripted
from portal.shell.spoken import say

DOOR = Blueprint("auctions", __name__)
CODE_MAX = 40
BID_TERMS = (
    "auction",
    "direction",
    "tick_fen",
    "low_fen",
    "high_fen",
    "reserve_fen",
    "lot",
    "bid_minimum",
    "bid_maximum",
    "quantity",
    "forfeit_fen",
    "fees",
)
BID_FAULTS = (
    "price-off-tick",
    "auction-price-limits",
    "price-beyond-reserve",
    "quantity-off-lot",
    "quantity-too-small",
    "bid-too-large",
    "bid-least",
    "deposit-short",
)
SHOWN = 200
"""So many auctions, or bids of one, stand on a page; the API has them all."""


@DOOR.get("/v1/market/auctions")
@operation("Page.auctions", query=("instrument", "limit", "cursor"), kept=True)
@circle(Circle.PUBLIC)
def listed() -> Response:
    """A page of one-way auctions in the order of their codes; ``?instrument=`` narrows it."""
    query = select(AUCTION.table)
    if "instrument" in request.args:
        query = query.where(AUCTION.table.c.instrument == request.args["instrument"][:CODE_MAX])
    with ledger().record.reading() as connection:
        return page_of(connection, AUCTION, query)


@DOOR.get("/v1/market/auctions/<code>")
@operation("Auction", problems=(404,))
@circle(Circle.PUBLIC)
def auction(code: str) -> Response:
    """One auction: its terms, where it is now (``phase``), and its result."""
    return json_answer(_found(code))


@DOOR.get("/v1/market/auctions/<code>/entries")
@operation("Page.auction_entries", query=("limit", "cursor"), kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def entries(code: str) -> Response:
    """A page of an auction's entries: commitments, and bids once they are public."""
    _found(code)
    query = select(ENTRY.table).where(ENTRY.table.c.auction == code)
    with ledger().record.reading() as connection:
        return page_of(connection, ENTRY, query)


@DOOR.get("/v1/market/auctions/<code>/check")
@operation("AuctionCheck", kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def check(code: str) -> Response:
    """What of the result does not follow from the public entries; nothing, if all is well.

    Of an auction that has no result there is nothing to check: 404 ``auction-unfinished``.
    """
    _found(code)
    try:
        with ledger().record.reading() as connection:
            differences = queries.check(connection, code)
    except Refusal as refusal:
        raise Problem(404, refusal.code, **refusal.params) from refusal
    return json_resource({"auction": code, "differences": differences})


@DOOR.get("/market/auctions")
@circle(Circle.PUBLIC)
def board() -> Response:
    """The auctions, the newest first."""
    now = ops().now()
    with ledger().record.reading() as connection:
        rows = queries.auctions(connection, now, SHOWN)
    shown = [{**row, "left": _left(row, now)} for row in rows]
    return page("auctions.html", auctions=shown)


@DOOR.get("/v1/market/auctions/<code>/costs")
@operation("Costs", needs=("price_fen", "quantity"), kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def cost(code: str) -> Response:
    """What ``?quantity=`` at ``?price_fen=`` would cost each side by the announced fees."""
    row, (price, quantity) = _found(code), asked_trade()
    try:
        with ledger().record.reading() as connection:
            told = announced_costs(connection, row, price, quantity, at_head(connection))
    except Refusal as refusal:
        raise Problem(404, refusal.code, **refusal.params) from refusal
    return json_resource(told)


@DOOR.get("/desk/auctions/announce")
@operation(media="text/html")
@circle(Circle.PARTY)
def announcing() -> Response:
    """The form by which an exchange announces an auction of an instrument that it operates."""
    who = need_reader()
    may = may_state(ledger().engine, "auction.announce", who.roles)
    with ledger().record.reading() as connection:
        instruments = operated(connection, who.party)
        others = colleagues(connection, who.party, who.person)
    return scripted(
        "announce.html",
        more=SCRIPT_WORDS,
        who=who,
        may=may,
        instruments=instruments,
        others=others,
    )


@DOOR.get("/market/auctions/<code>")
@circle(Circle.PUBLIC)
def sheet(code: str) -> Response:
    """One auction: announced terms, times, bids and result; who bids or runs it, its acts."""
    row, who = _found(code), trader()
    here = present()
    keeper = here if here is not None and here.party == row["operator"] else None
    signs = who or keeper
    with ledger().record.reading() as connection:
        over = row["state"] in ("cleared", "unsold")
        wrong = queries.check(connection, code) if over else None
        others = colleagues(connection, signs.party, signs.person) if signs else []
    return scripted(
        "auction.html",
        more=SCRIPT_WORDS,
        wrong=wrong,
        keeper=keeper,
        others=others,
        terms=_sealed_terms(row),
        instant=format_instant,
        local=_local,
        **_room(row, who),
    )


@DOOR.get("/market/auctions/<code>/room")
@circle(Circle.PUBLIC)
def room(code: str) -> Response:
    """What moves while an auction runs, as its page shows it: phase, best bid, bids, one's own."""
    return page("auction_room.html", **_room(_found(code), trader()))


def _sealed_terms(row: Row) -> dict[str, Any]:
    """By what the browser judges a sealed bid, which the server must not be told before the end."""
    told = {name: row[name] for name in BID_TERMS}
    return {**told, "faults": {code: say(f"problem.{code}") for code in BID_FAULTS}}


def _room(row: Row, who: Reader | None) -> dict[str, Any]:
    now = ops().now()
    with ledger().record.reading() as connection:
        bids = queries.entries(connection, row["auction"], SHOWN)
        own = bidding_in(connection, row, who.party, at_head(connection)) if who else None
    shown = {**row, "left": _left(row, now)}
    best = queries.best(row, bids)
    return {"auction": shown, "entries": bids, "best": best, "who": who, "own": own}


def _found(code: str) -> Row:
    """An auction by its code; raises Problem 404."""
    found = None
    if len(code) <= CODE_MAX and "\x00" not in code:
        with ledger().record.reading() as connection:
            found = queries.auction(connection, code, ops().now())
    if found is None:
        raise Problem(404, "auction-unknown", key=code[:CODE_MAX])
    return found


def _local(at: int) -> str:
    """An instant as the exchange's clock shows it."""
    return shanghai(at)[:16]


def _left(row: Row, now: int) -> tuple[str, str] | None:
    """What comes next and how long that is from now, as days, hours and minutes; or None."""
    following = queries.following(row, now)
    if following is None or following[1] <= now:
        return None
    minutes = -(-(following[1] - now) // 60_000)
    days, rest = divmod(minutes, 24 * 60)
    parts = ((days, "d"), (rest // 60, "h"), (rest % 60, "min"))
    told = " ".join(f"{n} {say(f'auctions.unit.{unit}')}" for n, unit in parts if n)
    return following[0], told
