"""The event stream over a real socket, behind the server that is used."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.doors import stream
from portal.shell.streams import Streams
from tests.factories.listening import listening
from tests.factories.market import Floor
from tests.factories.scene import scene
from tests.factories.server import serving


@pytest.fixture
def floor(home: Path) -> Iterator[Floor]:
    with scene(home, None) as stage:
        made = Floor(stage)
        made.prepare()
        yield made


@pytest.fixture
def app(floor: Floor) -> Flask:
    made = create_app(floor.stage.ledger)
    made.extensions["streams"] = Streams(most=2, look_ms=10)
    return made


def test_a_trade_arrives_while_somebody_listens(floor: Floor, app: Flask) -> None:
    with serving(app) as (url, _, _), listening(url) as heard:
        assert heard.status == 200
        assert heard.answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert heard.answer.headers["Cache-Control"] == "no-store"
        assert heard.until("status").data["open"] is True
        floor.take(floor.place(7_000, 30), 10)
        trade = heard.until("trade")
        assert (trade.id, trade.data["price_fen"], trade.data["quantity"]) == ("1", 7_000, 10)
        assert heard.until("depth").data["asks"][0]["quantity"] == 20


def test_a_listener_that_comes_back_misses_nothing(floor: Floor, app: Flask) -> None:
    listing = floor.place(7_000, 30)
    with serving(app) as (url, _, _):
        with listening(url, "instrument=FS&channels=trades") as heard:
            floor.take(listing, 1)
            last = heard.until("trade").id
        floor.take(listing, 2)
        floor.take(listing, 3)
        # The header of one who comes back goes before the parameter of the page's first request.
        again = {"Last-Event-ID": last}
        with listening(url, "instrument=FS&channels=trades&after=0", again) as heard:
            told = [heard.until("trade") for _ in range(2)]
    assert [(event.id, event.data["quantity"]) for event in told] == [("2", 2), ("3", 3)]


def test_a_page_names_the_last_trade_that_it_shows(floor: Floor, app: Flask) -> None:
    floor.take(floor.place(7_000, 30), 10)
    with serving(app) as (url, _, _), listening(url, "instrument=FS&after=0") as heard:
        assert heard.until("trade").id == "1"


def test_a_number_of_another_ledger_is_not_waited_for(floor: Floor, app: Flask) -> None:
    with serving(app) as (url, _, _), listening(url, "instrument=FS&after=999") as heard:
        heard.until("status")
        floor.take(floor.place(7_000, 30), 10)
        assert heard.until("trade").id == "1"


def test_silence_is_broken_by_a_heartbeat(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "BEAT_LOOKS", 2)
    with serving(app) as (url, _, _), listening(url, "instrument=FS&channels=trades") as heard:
        beat = heard.next()
    assert beat is not None and (beat.name, beat.data) == ("", "beat")


def test_beyond_the_most_one_is_told_when_to_come_back(app: Flask) -> None:
    with serving(app) as (url, _, _), listening(url) as first, listening(url) as second:
        assert first.until("depth") and second.until("depth")
        with listening(url) as third:
            assert (third.status, third.answer.headers["Retry-After"]) == (503, "2")
            assert b"streams-full" in third.answer.read()


def test_a_place_is_free_again_when_a_listener_has_gone(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BEAT_LOOKS", 1)
    streams = app.extensions["streams"]
    with serving(app) as (url, _, _):
        for _ in range(3):
            with listening(url) as one, listening(url) as two:
                assert one.until("depth") and two.until("depth")
            places = [wait_for_place(streams) for _ in range(2)]
            for place in places:
                place.leave()


def wait_for_place(streams: Streams) -> object:
    pause = threading.Event()
    for _ in range(1_000):
        if (place := streams.enter()) is not None:
            return place
        pause.wait(0.02)
    raise AssertionError("nobody left")


def test_streams_end_when_the_server_leaves(app: Flask) -> None:
    with serving(app) as (url, leave, thread), listening(url) as heard:
        heard.until("status")
        leave.set()
        while heard.next() is not None:
            pass
        assert heard.answer.isclosed()  # a whole answer, not a broken connection
        thread.join(30)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("", 400, "instrument"),
        ("instrument=NONE", 404, None),
        ("instrument=FS&channels=orders", 400, "channels"),
        ("instrument=FS&channels=", 400, "channels"),
        ("instrument=FS&after=-1", 400, "after"),
        ("instrument=FS&after=9999999999999999", 400, "after"),
    ],
)
def test_what_cannot_be_listened_to_is_a_typed_refusal(
    app: Flask, query: str, status: int, field: str | None
) -> None:
    answer = app.test_client().get(f"/v1/market/stream?{query}")
    assert (answer.status_code, answer.json["params"].get("field")) == (status, field)


def test_a_strange_place_to_go_on_from_is_refused(app: Flask) -> None:
    client = app.test_client()
    for text in ("x", "1.5", "٣", "9" * 40):
        answer = client.get("/v1/market/stream?instrument=FS", headers={"Last-Event-ID": text})
        assert (answer.status_code, answer.json["params"]["field"]) == (400, "after")


def test_a_request_that_is_not_listened_to_keeps_no_place(app: Flask) -> None:
    client = app.test_client()
    for _ in range(5):
        for ask in (client.head, client.get):
            answer = ask("/v1/market/stream?instrument=FS")
            assert answer.status_code == 200
            answer.close()
