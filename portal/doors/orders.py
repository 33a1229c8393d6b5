"""The page of an own order of the book: reduced, replaced or cancelled, and what becomes of it."""

from __future__ import annotations

from flask import Blueprint, Response

from ledger.statements.types import Circle
from market import queries
from portal.desk.standing import colleagues
from portal.desk.trading import own_order, ways
from portal.doors.trading import SCRIPT_WORDS
from portal.exchange.charting import shanghai
from portal.exchange.floor import at_head
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.problems import Problem
from portal.shell.reader import need_reader
from portal.shell.scripted import scripted

DOOR = Blueprint("orders", __name__)
NAME_MAX = 32


@DOOR.get("/desk/orders/<order>")
@operation(media="text/html", problems=(404,))
@circle(Circle.PARTY)
def sheet(order: str) -> Response:
    """One order of the reader's party, with what may still be done to it."""
    who, known = need_reader(), len(order) <= NAME_MAX and "\x00" not in order
    with ledger().record.reading() as connection:
        row = own_order(connection, order, who.party) if known else None
        if row is None:
            raise Problem(404, "order-unknown", key=order[:NAME_MAX])
        at = at_head(connection)
        told = queries.instrument(connection, str(row["instrument"]), at)
        method = ways(connection, told, at)["method"] if told else None
        others = colleagues(connection, who.party, who.person)
    return scripted(
        "order.html",
        more=SCRIPT_WORDS,
        who=who,
        order=row,
        method=method,
        others=others,
        shanghai=shanghai,
    )
