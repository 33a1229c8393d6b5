"""Market data as it happens: server-sent events of one instrument, resumed by trade number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import orjson
from flask import Blueprint, Response, current_app, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from ledger.statements.types import Circle
from ledger.writer.tables import log_head
from market import queries
from market.quotes import tickers
from market.quotes.feed import CHANNELS, Event, Feed
from portal.exchange.floor import found
from portal.home.record import Record
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.problems import LOGGER, Problem
from portal.shell.streams import BEAT_LOOKS, RETRY_MS, Streams

DOOR = Blueprint("stream", __name__)
MEDIA = "text/event-stream; charset=utf-8"
LAST_EVENT = "Last-Event-ID"
DIGITS_MAX = 15
BEAT = b": beat\n\n"


@DOOR.get("/v1/market/stream")
@operation(
    "Events", media=MEDIA, needs=("instrument",), query=("channels", "after"), problems=(404,)
)
@circle(Circle.PUBLIC)
def listen() -> Response:
    """Trades, depth, ticker and status of ``?instrument=`` as server-sent events.

    An event's id is the number of the newest trade: whoever comes back with it as Last-Event-ID is
    told each trade since, and of the rest how it stands.  Without one, trades begin with the next.
    """
    channels, row = _channels(), found(queries.instrument, request.args["instrument"])
    record = ledger().record
    with record.reading() as connection:
        newest = tickers.newest(connection, row["venue"])
    position = _position()
    # A number beyond the tape is of another ledger; what it stood for is not known.
    start = newest if position is None or position > newest else position
    streams = cast(Streams, current_app.extensions["streams"])
    place = streams.enter()
    if place is None:
        raise Problem(503, "streams-full")
    feed = Feed(row["instrument"], row["venue"], channels, start)
    response = Response(_told(record, feed, streams), content_type=MEDIA)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # a proxy must hand on each event at once
    response.call_on_close(place.leave)
    return response


def _told(record: Record, feed: Feed, streams: Streams) -> Iterator[bytes]:
    yield f"retry: {RETRY_MS}\n\n".encode()
    # The head's own row by its key: the cheapest question whether anything has happened.
    head = select(log_head.c.size, log_head.c.at).where(log_head.c.origin == record.origin)
    seen, quiet, going = -1, 0, True
    while going:
        try:
            with record.reading() as connection:
                size, at = connection.execute(head).one()
                events = feed.news(connection, at) if size != seen or feed.behind else []
        except SQLAlchemyError as error:
            LOGGER.error("stream ends: record unreachable", exc_info=error)
            return  # the browser comes back with what it knows
        seen, quiet = size, 0 if events else quiet + 1
        if events:
            yield b"".join(map(_written, events))
        elif quiet % BEAT_LOOKS == 0:
            yield BEAT
        going = feed.behind or streams.pause()


def _written(event: Event) -> bytes:
    data = orjson.dumps(event.data, option=orjson.OPT_NON_STR_KEYS)
    return b"event: %s\nid: %d\ndata: %s\n\n" % (event.name.encode(), event.position, data)


def _channels() -> tuple[str, ...]:
    """``?channels=``; raises Problem ``parameter-invalid``."""
    asked = request.args.get("channels", ",".join(CHANNELS)).split(",")
    if not set(asked) <= set(CHANNELS):
        raise Problem(400, "parameter-invalid", field="channels", rule=",".join(CHANNELS))
    return tuple(name for name in CHANNELS if name in asked)


def _position() -> int | None:
    """Where the listener left off; raises Problem ``parameter-invalid`` for no number of ours."""
    text = request.headers.get(LAST_EVENT) or request.args.get("after")
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX:
        return int(text)
    raise Problem(400, "parameter-invalid", field="after", rule="number-of-a-trade")
