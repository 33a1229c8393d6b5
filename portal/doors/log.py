"""The public log in the C2SP tlog-tiles layout, under two prefixes.

``/log`` ends with the newest head at once; ``/log/cosigned`` ends with the newest head that the
quorum of witnesses has signed.  Each of the two only ever grows.
"""

from __future__ import annotations

from flask import Blueprint, Response

from ledger.log.errors import TileError
from ledger.log.tiles import parse_tile_path
from ledger.statements.types import Circle
from portal.shell.answers import IMMUTABLE, tagged
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import TEXT, operation
from portal.shell.problems import Problem

DOOR = Blueprint("log", __name__, url_prefix="/log")
NUMBER_MAX = 1 << 48
BYTES = "application/octet-stream"


@DOOR.get("/checkpoint")
@operation("Text", media=TEXT)
@circle(Circle.PUBLIC)
def checkpoint() -> Response:
    """The newest signed tree head, with cosignatures once the quorum has signed it."""
    record = ledger().record
    with record.reading() as connection:
        note = record.published(connection).note
    return _text(note)


@DOOR.get("/cosigned/checkpoint")
@operation("Text", media=TEXT, problems=(404,))
@circle(Circle.PUBLIC)
def cosigned_checkpoint() -> Response:
    """The newest tree head that the quorum of witnesses has cosigned; 404 without one."""
    record = ledger().record
    with record.reading() as connection:
        head = record.cosigned(connection)
    if head is None:
        raise Problem(404, "checkpoint-not-cosigned")
    return _text(head.note)


@DOOR.get("/vkey")
@operation("Text", media=TEXT)
@circle(Circle.PUBLIC)
def vkey() -> Response:
    """The verifier key that signs now, to be pinned by those who check."""
    return _text(f"{ledger().record.current_vkey()}\n")


@DOOR.get("/keys")
@operation("KeyHistory")
@circle(Circle.PUBLIC)
def keys() -> Response:
    """How the log's keys have followed each other, to be checked from any key once pinned."""
    record = ledger().record
    with record.reading() as connection:
        history = record.key_history(connection)
    response = Response(history, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


@DOOR.get("/cosigned/tile/<path:path>", endpoint="cosigned_tile")
@DOOR.get("/tile/<path:path>")
@operation("Bytes", media=BYTES, kept=True, problems=(404,))
@circle(Circle.PUBLIC)
def tile(path: str) -> Response:
    """A hash tile or an entry bundle, full or partial; 404 where the tree does not reach."""
    try:
        level, number, width = parse_tile_path(path)
    except TileError as error:
        raise Problem(404, "tile-unknown", rule=error.code) from error
    if number > NUMBER_MAX:
        raise Problem(404, "tile-unknown", rule="beyond-the-tree")
    record = ledger().record
    with record.reading() as connection:
        if level is None:
            data = record.bundle(connection, number, width)
        else:
            data = record.tile(connection, level, number, width)
    if data is None:
        raise Problem(404, "tile-unknown", rule="beyond-the-tree")
    response = Response(data, mimetype=BYTES)
    response.headers["Cache-Control"] = IMMUTABLE
    return tagged(response)


def _text(text: str) -> Response:
    response = Response(text, content_type=TEXT)
    response.headers["Cache-Control"] = "no-store"
    return response
