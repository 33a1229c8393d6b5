"""Entries: the leaf, what anyone may read behind it, and the receipt."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from flask import Blueprint, Response

from ledger.log.merkle import leaf_hash
from ledger.statements.types import Circle
from ledger.writer.store import StoredEntry
from portal.home.record import public_view
from portal.proofs.disclosure import disclosed, packet
from portal.shell.answers import IMMUTABLE, json_resource, tagged
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import TEXT, operation
from portal.shell.problems import Problem
from portal.shell.reader import need_reader, reader
from portal.statements.made import made

DOOR = Blueprint("entries", __name__)
INDEX_DIGITS = 16


def index_of(text: str) -> int:
    """An entry's index from a path; raises Problem 404 for anything else."""
    canonical = text.isascii() and text.isdigit() and (text == "0" or not text.startswith("0"))
    if not canonical or len(text) > INDEX_DIGITS:
        raise Problem(404, "entry-unknown", index=text[:80])
    return int(text)


def entry_of(text: str) -> StoredEntry:
    """A stored entry; raises Problem 404 beyond the head."""
    index = index_of(text)
    record = ledger().record
    with record.reading() as connection:
        entry = record.entry(connection, index)
    if entry is None:
        raise Problem(404, "entry-unknown", index=text)
    return entry


@DOOR.get("/v1/entries/<text>")
@operation("Entry", kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def read(text: str) -> Response:
    """One entry as anyone may read it, what it made, and what is behind it for the concerned."""
    entry = entry_of(text)
    view = public_view(entry)
    who = reader()
    if who is not None:
        view |= disclosed(entry, who.party, supervisor=who.supervisor)
    view["made"] = made(view, ledger().engine.kinds)
    view["leaf_hash"] = base64.b64encode(leaf_hash(entry.leaf)).decode()
    view["outcome_sha256"] = hashlib.sha256(entry.outcome).hexdigest()
    return json_resource(view)


@DOOR.get("/entries/<text>/leaf")  # where pages of earlier days have led
@DOOR.get("/v1/entries/<text>/leaf")
@operation("Leaf", kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def leaf(text: str) -> Response:
    """The exact bytes that the log commits to."""
    response = Response(entry_of(text).leaf, mimetype="application/json")
    response.headers["Cache-Control"] = IMMUTABLE
    return tagged(response)


@DOOR.get("/v1/entries/<text>/disclosure")
@operation("Private", kept=True)
@circle(Circle.PARTY)
def disclosure(text: str) -> Response:
    """A packet with which the reader's party proves, offline, what it stated or received."""
    entry, party = entry_of(text), need_reader().party
    made = packet_of(entry, party)
    if made.keys().isdisjoint(("envelope", "parts")):
        raise Problem(404, "entry-unknown", index=text)
    return json_resource(made)


def packet_of(entry: StoredEntry, party: str) -> dict[str, Any]:
    """The packet of an entry with a receipt against the newest checkpoint."""
    record = ledger().record
    with record.reading() as connection:
        receipt = record.receipt(connection, entry.index)
    if receipt is None:
        raise Problem(404, "entry-unknown", index=entry.index)
    return packet(entry, party, receipt)


@DOOR.get("/v1/entries/<text>/proof")
@operation("Text", media=TEXT, kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def proof(text: str) -> Response:
    """The receipt: c2sp.org/tlog-proof@v1 against the newest checkpoint."""
    index = index_of(text)
    record = ledger().record
    with record.reading() as connection:
        receipt = record.receipt(connection, index)
    if receipt is None:
        raise Problem(404, "entry-unknown", index=text)
    response = Response(receipt, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return tagged(response)
