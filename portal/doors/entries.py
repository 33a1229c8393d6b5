"""Entries: the leaf, what anyone may read behind it, and the receipt."""

from __future__ import annotations

import base64
import hashlib

from flask import Blueprint, Response

from ledger.log.merkle import leaf_hash
from ledger.writer.store import StoredEntry
from portal.record import public_view
from portal.shell.answers import IMMUTABLE, json_resource, tagged
from portal.shell.current import ledger
from portal.shell.operations import TEXT, operation
from portal.shell.problems import Problem

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
def read(text: str) -> Response:
    """One entry as anyone may read it."""
    entry = entry_of(text)
    view = public_view(entry)
    view["leaf_hash"] = base64.b64encode(leaf_hash(entry.leaf)).decode()
    view["outcome_sha256"] = hashlib.sha256(entry.outcome).hexdigest()
    return json_resource(view)


@DOOR.get("/entries/<text>/leaf")  # where pages of earlier days have led
@DOOR.get("/v1/entries/<text>/leaf")
@operation("Leaf", kept=True, problems=(404,))
def leaf(text: str) -> Response:
    """The exact bytes that the log commits to."""
    response = Response(entry_of(text).leaf, mimetype="application/json")
    response.headers["Cache-Control"] = IMMUTABLE
    return tagged(response)


@DOOR.get("/v1/entries/<text>/proof")
@operation("Text", media=TEXT, kept=True, problems=(404,))
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
