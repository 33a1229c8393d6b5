"""The short way gives the answers of the long one: status, headers, bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from ledger.writer.errors import ForkRefused, Unavailable
from ledger.writer.writer import Pending, Reply
from portal.app import create_app
from portal.home.opening import Counter
from portal.home.submit import Entrance
from tests.factories.ledger import Voices, ledger

PARAMETER = {
    "code": "test-parameter",
    "valid_from": "2026-01-01",
    "value": "7",
    "unit": "days",
    "source": "test document",
    "confidence": "low",
}
STATUSES = ("accepted", "replayed", "refused", "conflict", "unauthenticated", "unsupported")


class Scripted:
    """A writer that always gives one answer, and counts what it was asked."""

    alive = True

    def __init__(self, reply: Reply | Exception | None) -> None:
        self.reply = reply
        self.asked = 0

    def submit(self, items: Sequence[Pending]) -> list[Future[Reply]]:
        self.asked += len(items)
        if self.reply is None:
            raise Unavailable("writer-stopped")
        if isinstance(self.reply, Exception):
            raise self.reply
        for item in items:
            item.future.set_result(self.reply)
        return [item.future for item in items]


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voices]:
    with ledger(tmp_path_factory.mktemp("express")) as opened:
        yield opened


def app(voices: Voices, writer: Scripted) -> Flask:
    inner = voices.ledger
    entrance = Entrance(inner.engine, inner.record, writer)
    return create_app(Counter(inner.settings, inner.engine, inner.record, entrance))


def both(
    voices: Voices, reply: Reply | Exception | None, data: bytes
) -> tuple[TestResponse, TestResponse]:
    """The answer of the short way and, by a media type it does not take, of the long one."""
    short, long = Scripted(reply), Scripted(reply)
    one = app(voices, short).test_client().post("/v1/statements", data=data, content_type=JSON)
    two = app(voices, long).test_client().post("/v1/statements", data=data, content_type=LONG)
    assert short.asked == long.asked <= 1
    return one, two


JSON, LONG = "application/json", "application/json; charset=utf-8"


def assert_equal(pair: tuple[TestResponse, TestResponse]) -> TestResponse:
    one, two = pair
    assert (one.status, one.data) == (two.status, two.data)
    assert sorted(one.headers) == sorted(two.headers)
    return one


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("index", [7, None])
def test_every_answer_of_the_writer_is_told_alike(
    voices: Voices, status: str, index: int | None
) -> None:
    if status == "accepted" and index is None:
        index = 0
    signed = voices.sign("regulator", "parameter.set", PARAMETER).encode()
    reply = Reply(status, index, 8, {"result": "x", "code": "四", "params": {"limit": 3}})
    answer = assert_equal(both(voices, reply, signed))
    assert (answer.headers.get("Location") == f"/v1/entries/{index}") is (index is not None)


def test_unavailable_is_told_alike(voices: Voices) -> None:
    signed = voices.sign("regulator", "parameter.set", PARAMETER).encode()
    for reply in (None, Reply("unavailable", answer={"code": "record-unavailable"})):
        answer = assert_equal(both(voices, reply, signed))
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("SELECT 1", None, Exception("gone")), 503),
        (ForkRefused("fork-refused"), 500),
        (ZeroDivisionError(), 500),
    ],
)
def test_what_breaks_is_told_alike(voices: Voices, error: Exception, status: int) -> None:
    signed = voices.sign("regulator", "parameter.set", PARAMETER).encode()
    answer = assert_equal(both(voices, error, signed))
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"envelope":1}', b"[" * 5_000, b"\xff"])
def test_what_is_no_statement_is_told_alike(voices: Voices, data: bytes) -> None:
    assert assert_equal(both(voices, Reply("accepted", 1, 2), data)).status_code == 400


def test_other_requests_go_the_long_way(voices: Voices) -> None:
    writer = Scripted(Reply("accepted", 1, 2))
    client = app(voices, writer).test_client()
    signed = voices.sign("regulator", "parameter.set", PARAMETER).encode()
    assert client.delete("/v1/statements").status_code == 405
    other = client.post("/v1/statements", data=signed, content_type="text/plain")
    assert other.status_code == 415
    large = client.post("/v1/statements", data=b" " * 8_000_001, content_type=JSON)
    assert large.status_code == 413
    assert writer.asked == 0


def test_an_answer_is_not_to_be_had_by_a_header(voices: Voices) -> None:
    writer = Scripted(Reply("accepted", 1, 2))
    client = app(voices, writer).test_client()
    sent = {"qingzhang.settled": "1"}
    answer = client.post("/v1/statements", data=b"{", headers=sent, content_type=JSON)
    assert answer.status_code == 400
