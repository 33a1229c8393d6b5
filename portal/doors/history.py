"""The log's entries in bulk, for those who replay it: newline-delimited JSON, a span at a time."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ledger.statements.canonical import dumps
from ledger.writer.store import StoredEntry, read_entries
from portal.record import public_view
from portal.shell.current import ledger
from portal.shell.problems import Problem

DOOR = Blueprint("history", __name__)
NDJSON = "application/x-ndjson"
SPAN, SPAN_MAX = 256, 1_000
BYTES_GOAL = 4_000_000
"""A span ends early rather than grow beyond this: one entry may be large."""
DIGITS_MAX = 16


@DOOR.get("/v1/entries")
def span() -> Response:
    """Entries from ``first`` on, as anyone may read them, one a line, with a Link to the next."""
    first = _number("first", 0, 0, 10**DIGITS_MAX)
    limit = _number("limit", SPAN, 1, SPAN_MAX)
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


def _number(name: str, default: int, low: int, high: int) -> int:
    text = request.args.get(name, str(default))
    plain = text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX
    if not plain or not low <= int(text) <= high:
        raise Problem(400, "parameter-invalid", field=name, rule=f"{low}..{high}")
    return int(text)
