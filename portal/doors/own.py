"""What the reader's own party has: accounts, what is done with them, claims on them, proofs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from ledger.accounts.commitments.queries import AsOf, Proved, Receipt, prove_holding
from ledger.credits.models import RETIREMENT
from ledger.statements.types import Circle
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.store import Head, Rows, read_head
from portal.desk.own import COLLECTIONS, NAMES, NARROWED, STATEMENT, Collection, answered, given
from portal.doors.entries import entry_of, packet_of
from portal.doors.resources import NAME_MAX, one
from portal.shell.answers import MEDIA_TYPE, json_resource
from portal.shell.asked import day_asked
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.paging import page_of, rows_of
from portal.shell.problems import Problem
from portal.shell.reader import need_reader

DOOR = Blueprint("own", __name__, url_prefix="/v1")
SIZE_DIGITS = 16


@DOOR.get(f"/{NAMES}")
@operation("Private", query=NARROWED)
@circle(Circle.PARTY)
def listed(name: str) -> Response:
    """A page of the reader's own, narrowed by ``?state=`` and the like."""
    party = need_reader().party
    return paged(name, of=party, viewer=party)


@DOOR.get("/statements/<id>")
@operation("Private", kept=True)
@circle(Circle.PARTY)
def statement(id: str) -> Response:
    """One statement of the reader's party by its id, with the answer it has got."""
    refused = Problem(404, "statement-unknown", key=id[:NAME_MAX])
    if len(id) > NAME_MAX or "\x00" in id:
        raise refused
    with ledger().record.reading() as connection:
        row = Rows(connection).row(STATEMENT, (id, need_reader().party))
        if row is None:
            raise refused
        (found,) = answered(connection, [row])
    return json_resource(found)


@DOOR.get("/accounts/<any(registry, trading):side>/<asset>/certificate")
@operation("Private", query=("as_of", "known_at"))
@circle(Circle.PARTY)
def holding(side: str, asset: str) -> Response:
    """What the reader's party held of an asset by the last commitment of a day, provable offline.

    The day is ``?as_of=`` in Asia/Shanghai; with ``?known_at=`` it is the newest commitment up to
    that log size.  The answer is 404 where nothing was held, or nothing was committed yet.
    """
    return Response(proved(side, asset), mimetype=MEDIA_TYPE)


def proved(side: str, asset: str) -> bytes:
    """The certificate of what the reader's party held; raises Problem 404, or 400 for a time."""
    account = f"{need_reader().party}/{side}"
    if len(asset) > NAME_MAX or "\x00" in asset:
        raise Problem(404, "holding-unknown", asset=asset[:NAME_MAX])

    def make(connection: Connection, head: Head, receipt: Receipt, asked: AsOf) -> Proved:
        return prove_holding(connection, head, account, asset, receipt, asked)

    return packet(make)


def packet(make: Callable[[Connection, Head, Receipt, AsOf], Proved]) -> bytes:
    """What proves balances by the commitment of ``?as_of=`` or ``?known_at=``.

    Raises Problem 400 for a day or a size that is none or is not reached, 404 where nothing was
    held or committed.
    """
    asked = AsOf(size_known(), day_asked("as_of") if "as_of" in request.args else None)
    record = ledger().record
    try:
        with record.reading() as connection:
            head = read_head(connection, record.origin) or Head(0, "", 0, 0)
            return make(connection, head, partial(record.receipt, connection), asked).content
    except Refusal as error:
        if error.code == "day-not-reached":
            rule = f"..{error.params['today']}"
            raise Problem(400, "parameter-invalid", field="as_of", rule=rule) from error
        if error.code == "size-beyond-head":
            rule = f"0..{error.params['size']}"
            raise Problem(400, "parameter-invalid", field="known_at", rule=rule) from error
        raise Problem(404, error.code, **error.params) from error


@DOOR.get("/retirements/<name>/certificate")
@operation("Private", kept=True)
@circle(Circle.PARTY)
def retirement(name: str) -> Response:
    """A retirement of the reader's party with all that proves it offline."""
    row = one(RETIREMENT, name)
    party = need_reader().party
    if row["party"] != party:
        raise Problem(404, "retirement-unknown", key=name[:NAME_MAX])
    return json_resource({"retirement": row, **packet_of(entry_of(str(row["index"])), party)})


def paged(name: str, *, of: str | None, viewer: str | None) -> Response:
    """A page of a collection: a party's, or everybody's (None), as the viewer sees it.

    No viewer stands for the supervisor, who sees every column but the secrets.
    """
    found = COLLECTIONS[name]
    asked = narrowing(found)
    with ledger().record.reading() as connection:

        def shape(rows: list[Row]) -> list[Row]:
            shown = [found.shown(row, viewer) for row in rows]
            if name == "statements":
                return _told(connection, shown, asked.get("state"))
            return given(connection, name, shown)

        return page_of(connection, found.kind, found.query(of, asked), shape)


def rows_asked(
    connection: Connection, name: str, of: str | None, viewer: str | None
) -> tuple[list[Row], str | None]:
    """The same page as rows, for those who are shown a table, and where the next one is."""
    found = COLLECTIONS[name]
    rows, following = rows_of(connection, found.kind, found.query(of, narrowing(found)))
    return given(connection, name, [found.shown(row, viewer) for row in rows]), following


def narrowing(found: Collection) -> dict[str, str]:
    """The query parameters that narrow a collection; raises Problem 400 naming one at fault."""
    asked = {}
    for name, words in found.narrowed.items():
        value = request.args.get(name)
        if value is None:
            continue
        if words and value not in words:
            raise Problem(400, "parameter-invalid", field=name, rule="|".join(words))
        if len(value) > NAME_MAX or "\x00" in value:
            raise Problem(400, "parameter-invalid", field=name, rule=f"1..{NAME_MAX}")
        asked[name] = value
    return asked


def _told(connection: Connection, rows: list[Row], state: str | None) -> list[Row]:
    """Statements with their answers, less those in another state than is asked for."""
    told = answered(connection, rows)
    return told if state is None else [row for row in told if row["state"] == state]


def size_known() -> int | None:
    """``?known_at=`` as a log size, or None; raises Problem ``parameter-invalid``."""
    text = request.args.get("known_at")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= SIZE_DIGITS and int(text) > 0):
        raise Problem(400, "parameter-invalid", field="known_at", rule="size")
    return int(text)
