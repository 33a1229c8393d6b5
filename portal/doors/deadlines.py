"""The deadline board of the reader's own party."""

from __future__ import annotations

from flask import Blueprint, Response

from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.statements.types import Circle
from ledger.writer.kinds import Row
from ledger.writer.store import Head, Rows, read_head
from portal.desk.deadlines import board
from portal.shell.answers import json_resource
from portal.shell.asked import day_asked
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.reader import need_reader

DOOR = Blueprint("deadlines", __name__, url_prefix="/v1")


@DOOR.get("/deadlines")
@operation("Private", query=("as_of",))
@circle(Circle.PARTY)
def deadlines() -> Response:
    """What the reader's party must do or waits for, by day; ``?as_of=`` says which day is today."""
    today, items = board_asked()
    return json_resource({"as_of": today, "items": items})


def board_asked() -> tuple[str, list[Row]]:
    """The day that is asked for, without one the record's own, and the reader's board on it."""
    party, record = need_reader().party, ledger().record
    with record.reading() as connection:
        head = read_head(connection, record.origin) or Head(0, "", 0, 0)
        today = day_asked("as_of", business_date(head.at))
        row = Rows(connection).row(PARTY, (party,))
        return today, board(connection, party, today, row["roles"] if row else ())
