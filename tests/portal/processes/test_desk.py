"""Statements through the socket get the answers that they get from the writer itself."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.writer.errors import Unavailable
from portal.app import create_app
from portal.home.opening import Counter
from portal.home.submit import Entrance, wait
from portal.processes.desk import WriterDesk
from portal.processes.entering import entrance
from portal.processes.frames import receive, short
from portal.processes.remote import RemoteWriter
from tests.factories.ledger import Voices, ledger

PARAMETER = {
    "code": "test-parameter",
    "valid_from": "2026-01-01",
    "value": "7",
    "unit": "days",
    "source": "test document",
    "confidence": "low",
}


@pytest.fixture
def voices(tmp_path: Path) -> Iterator[Voices]:
    with ledger(tmp_path) as opened:
        yield opened


@pytest.fixture
def desk(voices: Voices) -> Iterator[WriterDesk]:
    inner = voices.ledger
    opened = WriterDesk(inner.settings.socket, inner.engine, inner.writer)
    opened.open()
    yield opened
    opened.close()


def far(voices: Voices) -> tuple[RemoteWriter, Entrance]:
    inner = voices.ledger
    writer = RemoteWriter(inner.settings.socket)
    return writer, Entrance(inner.engine, inner.record, writer)


def test_the_socket_belongs_to_its_owner_alone(voices: Voices, desk: WriterDesk) -> None:
    mode = stat.S_IMODE(os.stat(voices.ledger.settings.socket).st_mode)
    assert mode == 0o600


def test_an_answer_is_the_one_that_the_writer_gives(voices: Voices, desk: WriterDesk) -> None:
    signed = voices.sign("regulator", "parameter.set", PARAMETER).encode()
    writer, way = far(voices)
    first = way.submit(signed)
    assert (first.status, first.index) == ("accepted", 1)
    again = way.submit(signed)
    assert again == voices.ledger.entrance.submit(signed)
    assert (again.status, again.index) == ("replayed", 1)
    alone = voices.sign("regulator", "parameter.set", PARAMETER, voices.keys["regulator"][:1])
    assert way.submit(alone.encode()).status in ("refused", "unauthenticated")
    writer.stop()


def test_many_answers_come_back_to_those_who_asked(voices: Voices, desk: WriterDesk) -> None:
    writer, way = far(voices)
    items = [
        way.prepare(
            voices.sign("regulator", "parameter.set", {**PARAMETER, "code": f"test-{n}"}).encode()
        )
        for n in range(50)
    ]
    replies = [wait(future) for future in way.queue(items)]
    assert [reply.index for reply in replies] == list(range(1, 51))
    writer.stop()


def test_a_key_that_was_not_checked_is_not_taken(voices: Voices, desk: WriterDesk) -> None:
    writer, way = far(voices)
    item = way.prepare(voices.sign("regulator", "parameter.set", PARAMETER).encode())
    item.keys.clear()
    reply = wait(way.queue([item])[0])
    assert (reply.status, reply.answer["code"]) == ("unauthenticated", "key-not-checked")
    writer.stop()


def test_a_lost_writer_is_503_with_a_time_to_come_back(voices: Voices, desk: WriterDesk) -> None:
    inner = voices.ledger
    writer, way = far(voices)
    client = create_app(Counter(inner.settings, inner.engine, inner.record, way)).test_client()
    assert client.get("/readyz").status_code == 200
    desk.close()
    writer._reader.join()
    signed = voices.sign("regulator", "parameter.set", PARAMETER).encode()
    answer = client.post("/v1/statements", data=signed, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (503, "writer-stopped")
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/readyz").status_code == 503
    assert client.get("/log/checkpoint").status_code == 200
    writer.stop()


def test_what_is_no_frame_is_hung_up_on_and_others_go_on(voices: Voices, desk: WriterDesk) -> None:
    for rubbish in (b"GET / HTTP/1.1\r\n\r\n", b"\x00\x00\x00\x03[1]", b"\x00\x00\x00\x02{}"):
        with (
            socket.socket(socket.AF_UNIX) as stranger,
            short(voices.ledger.settings.socket) as name,
        ):
            stranger.connect(name)
            stranger.sendall(rubbish)
            assert list(receive(stranger)) == []
    writer, way = far(voices)
    signed = voices.sign("regulator", "parameter.set", PARAMETER).encode()
    assert way.submit(signed).status == "accepted"
    writer.stop()


def test_what_a_killed_writer_left_is_cleared(voices: Voices) -> None:
    inner = voices.ledger
    with socket.socket(socket.AF_UNIX) as dead, short(inner.settings.socket) as name:
        dead.bind(name)
    with pytest.raises(ConnectionRefusedError):
        RemoteWriter(inner.settings.socket)
    with pytest.raises(Unavailable, match="home-locked"), entrance(inner.settings):
        pass
    desk = WriterDesk(inner.settings.socket, inner.engine, inner.writer)
    desk.open()
    signed = voices.sign("regulator", "parameter.set", PARAMETER).encode()
    with entrance(inner.settings) as way:
        assert way.submit(signed).status == "accepted"
    desk.close()
    assert not inner.settings.socket.exists()


def test_who_connects_while_the_desk_closes_is_hung_up_on(voices: Voices) -> None:
    inner = voices.ledger
    desk = WriterDesk(inner.settings.socket, inner.engine, inner.writer)
    desk.open()
    desk.close()
    ours, theirs = socket.socketpair()
    desk._serve(theirs)  # as if it had been accepted just before
    with ours:
        ours.settimeout(10)
        assert ours.recv(1) == b""
