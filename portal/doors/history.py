"""The log's entries in bulk, for those who replay it: newline-delimited JSON, a span at a time."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ledger.statements.canonical import dumps
from ledger.statements.types import Circle
from ledger.writer.store import StoredEntry, read_entries
from portal.home.record import public_view
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import NDJSON, operation
from portal.shell.paging import limit_asked
from portal.shell.problems import Problem

DOOR = Blueprint("history", __name__)
BYTES_GOAL = 4_000_000
"""A span ends early rather than grow beyond this: one entry may be large."""
DIGITS_MAX = 16


@DOOR.get("/v1/entries")
@operation("Lines", media=NDJSON, query=("first", "limit"), problems=(404,))
@circle(Circle.PUBLIC)
def span() -> Response:
    """Entries from ``first`` on, as anyone may read them, one a line, with a Link to the next."""
    first = _first_asked()
    limit = limit_asked()
    record = ledger().record
    lines: list[bytes] = []
    size, held = first, 0
    with record.reading() as connection:
        end = record.head(connection).size
        if first > end:
            raise Problem(404, "entry-unknown", index=str(first))
        for entry in read_entries(connection, first, min(first + limit, end)):
            lines.append(_line(entry))
            size, held = size + 1, held + len(lines[-1])
            if held > BYTES_GOAL:
                break
    response = Response(b"".join(lines), mimetype=NDJSON)
    response.headers["Cache-Control"] = "no-cache"
    if size < end:
        response.headers["Link"] = f'</v1/entries?first={size}&limit={limit}>; rel="next"'
    return response


def _line(entry: StoredEntry) -> bytes:
    return dumps(public_view(entry)) + b"\n"


def _first_asked() -> int:
    text = request.args.get("first", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX):
        raise Problem(400, "parameter-invalid", field="first", rule="index")
    return int(text)
