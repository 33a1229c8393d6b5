"""Reading a log from afar: what may pass is asked again, what is no log is said."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from ledger.writer.errors import IntegrityFault, Unavailable
from portal.proofs import published
from portal.proofs.published import Published

URL = "http://ledger.example"


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits in a test; how long would have been waited is written down."""
    waited: list[float] = []
    monkeypatch.setattr(published.time, "sleep", waited.append)
    return waited


def reader(answers: Iterator[httpx2.Response]) -> Published:
    return Published(URL, httpx2.MockTransport(lambda request: next(answers)))


def test_a_busy_server_is_asked_again(pauses: list[float]) -> None:
    answers = iter([httpx2.Response(503), httpx2.Response(200, text="head")])
    with reader(answers) as log:
        assert log.checkpoint() == "head"
    assert pauses == [1.0]


def test_a_server_that_stays_away_is_unavailable(pauses: list[float]) -> None:
    with reader(iter([httpx2.Response(503)] * 9)) as log, pytest.raises(Unavailable) as caught:
        log.checkpoint()
    assert caught.value.code == "server-unreachable"
    assert pauses == [1.0, 2.0, 3.0]


def test_a_refusal_is_not_asked_again(pauses: list[float]) -> None:
    with reader(iter([httpx2.Response(404)])) as log, pytest.raises(Unavailable):
        log.checkpoint()
    assert pauses == []


def test_a_missing_tile_is_none() -> None:
    with reader(iter([httpx2.Response(404)])) as log:
        assert log.tile(0, 0) is None


@pytest.mark.parametrize("body", [b"", b"{}\n", b"x\n", b"[1]\n", b'{"index":0,"leaf":{"at":1}}'])
def test_an_answer_that_is_no_entry_is_said(body: bytes) -> None:
    answers = iter([httpx2.Response(200, content=body)])
    with reader(answers) as log, pytest.raises(IntegrityFault):
        list(log.entries(1))
