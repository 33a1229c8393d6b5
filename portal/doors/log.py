"""The public log in the C2SP tlog-tiles layout."""

from __future__ import annotations

from flask import Blueprint, Response

from ledger.log.errors import TileError
from ledger.log.tiles import parse_tile_path
from ledger.statements.types import Circle
from portal.shell.answers import IMMUTABLE
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.problems import Problem

DOOR = Blueprint("log", __name__, url_prefix="/log")
NUMBER_MAX = 1 << 48


@DOOR.get("/checkpoint")
@circle(Circle.PUBLIC)
def checkpoint() -> Response:
    """The newest signed tree head."""
    record = ledger().record
    with record.reading() as connection:
        note = record.head(connection).note
    return _text(note)


@DOOR.get("/vkey")
@circle(Circle.PUBLIC)
def vkey() -> Response:
    """The verifier key that signs now, to be pinned by those who check."""
    return _text(f"{ledger().record.current_vkey()}\n")


@DOOR.get("/keys")
@circle(Circle.PUBLIC)
def keys() -> Response:
    """How the log's keys have followed each other, to be checked from any key once pinned."""
    record = ledger().record
    with record.reading() as connection:
        history = record.key_history(connection)
    response = Response(history, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


@DOOR.get("/tile/<path:path>")
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
    response = Response(data, mimetype="application/octet-stream")
    response.headers["Cache-Control"] = IMMUTABLE
    return response


def _text(text: str) -> Response:
    response = Response(text, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
