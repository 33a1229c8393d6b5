"""What a party held, to print and to prove: the holding certificate, the confirmation letter."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from ledger.accounts.commitments.queries import AsOf, Proved, Receipt, confirm
from ledger.accounts.commitments.rows import COUNTED
from ledger.parties.models import PARTY
from ledger.parties.parameters import business_date
from ledger.statements.canonical import parse
from ledger.statements.types import Circle
from ledger.writer.store import Head, Rows
from portal.doors.own import packet, proved
from portal.home.record import signers
from portal.proofs.holdings import rows_told
from portal.shell.answers import MEDIA_TYPE
from portal.shell.asked import head_times, word_asked
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.reader import need_reader

DOOR = Blueprint("proofs", __name__)
BYTES_MAX = 1 << 26


@DOOR.get("/v1/confirmation")
@operation("Private", query=("as_of", "known_at"))
@circle(Circle.PARTY)
def confirmation() -> Response:
    """All that the reader's party held by the last commitment of a day, provable offline.

    The day is ``?as_of=`` in Asia/Shanghai; with ``?known_at=`` it is the newest commitment up to
    that log size.  The answer is 404 where nothing was held, or nothing was committed yet.
    """
    return Response(_confirmed(), mimetype=MEDIA_TYPE)


@DOOR.get("/confirmation")
@circle(Circle.PARTY)
def letter() -> Response:
    """The confirmation in both languages, to be printed.

    ``?addressee=`` and ``?letter=`` are printed as they come, and said to be no part of the proof.
    """
    value = parse(_confirmed(), max_bytes=BYTES_MAX)
    stated: dict[str, Any] = {name: word_asked(name) for name in ("addressee", "letter")}
    rows = [item["row"] for item in value["items"]]
    shown = [row for row in rows if row["asset"] != COUNTED]
    stated["complete"] = len(shown) < len(rows)
    return _printed("confirmation", value, shown, "/v1/confirmation", **stated)


@DOOR.get("/accounts/<any(registry, trading):side>/<asset>/certificate")
@circle(Circle.PARTY)
def holding(side: str, asset: str) -> Response:
    """The holding certificate of the reader's party in both languages, to be printed."""
    value = parse(proved(side, asset), max_bytes=BYTES_MAX)
    path = f"/v1/accounts/{side}/{quote(asset, safe='')}/certificate"
    return _printed("holding", value, [value["row"]], path)


def _confirmed() -> bytes:
    party = need_reader().party

    def make(connection: Connection, head: Head, receipt: Receipt, asked: AsOf) -> Proved:
        return confirm(connection, head, party, receipt, asked)

    return packet(make)


def _printed(
    kind: str, value: dict[str, Any], rows: list[dict[str, Any]], path: str, **stated: Any
) -> Response:
    """The page of a packet; it leads to the packet of that very commitment, whatever comes."""
    record, party = ledger().record, need_reader().party
    leaf, made = parse(value["leaf"].encode()), _commitment(value["outcome"])
    with record.reading() as connection:
        told = rows_told(connection, rows)
        named = Rows(connection).row(PARTY, (party,))
        vkey = signers(connection, record.origin)[0]
        today, _ = head_times(connection)
    return page(
        "balances.html",
        scripts=True,
        kind=kind,
        rows=told,
        party=named,
        at=leaf["at"],
        asked=request.args.get("as_of"),
        today=today,
        day=business_date(made["at"]),
        index=made["index"],
        root=made["root"],
        receipt=value["receipt"],
        vkey=vkey,
        origin=record.origin,
        packet=f"{path}?known_at={made['index']}",
        **stated,
    )


def _commitment(outcome: dict[str, Any]) -> dict[str, Any]:
    """The newest commitment among the rows of an outcome, which also passes on the one before."""
    rows = [row for kind, row in outcome["public"]["changes"]["rows"] if kind == "commitment"]
    return max(rows, key=lambda row: int(row["index"]))
