"""Whatever a witness sends, or does not send, the answer ends in bounded time and space."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portal.witnesses.posting import Poster


@contextmanager
def saying(data: bytes, hold: bool = False) -> Iterator[str]:
    """A server that reads a request's head and says ``data``; with ``hold`` it then says no more
    and stays on the line."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(data)
            if hold:
                done.wait(60)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        done.set()
        thread.join()
        listener.close()


@pytest.fixture
def post() -> Iterator[Poster]:
    made = Poster(1)
    yield made
    made.close()


def test_status_headers_and_body_come_back(post: Poster) -> None:
    answer = (
        b"HTTP/1.1 409 Conflict\r\nContent-Type: text/x.tlog.size\r\nContent-Length: 2\r\n\r\n5\n"
    )
    with saying(answer) as url:
        status, headers, body = post(url, b"x")
    assert (status, headers["content-type"], body) == (409, "text/x.tlog.size", b"5\n")


def test_nobody_is_followed_elsewhere(post: Poster) -> None:
    answer = b"HTTP/1.1 307 Away\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with saying(answer) as url:
        assert post(url, b"x")[0] == 307


def test_an_answer_beyond_the_limit_is_cut(post: Poster) -> None:
    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200_000) as url:
        assert 65_536 < len(post(url, b"x")[2]) < 200_000


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        b"nonsense\r\n\r\n",
    ],
)
def test_half_an_answer_is_an_error(post: Poster, said: bytes) -> None:
    with saying(said, hold=said != b"") as url, pytest.raises(OSError):
        post(url, b"x")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[::1", "nonsense", "ftp://x.y"])
def test_an_address_that_leads_nowhere_is_an_error(post: Poster, url: str) -> None:
    with pytest.raises(OSError):
        post(url, b"x")
