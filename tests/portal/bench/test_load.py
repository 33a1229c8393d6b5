"""The load generator counts answers of acceptance, and nothing else."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portal.bench.load import _answer, post


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """A server that reads one request of a connection after the other and always says the same."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            while stream.readline():
                size = 0
                while (line := stream.readline().strip()) != b"":
                    if line.lower().startswith(b"content-length:"):
                        size = int(line.partition(b":")[2])
                stream.read(size)
                connection.sendall(answer)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()


def test_each_accepted_body_is_one_wait() -> None:
    with answering(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}") as port:
        waits, seconds = post(port, "/", "application/json", [b"{}"] * 20, 4, 30)
    assert len(waits) == 20
    assert seconds > 0


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 503 Unavailable\r\nContent-Length: 2\r\n\r\n{}",
        b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"status":422}\n',
    ],
)
def test_what_was_not_accepted_ends_the_measurement(answer: bytes) -> None:
    with answering(answer) as port, pytest.raises(RuntimeError):
        post(port, "/", "application/json", [b"{}"] * 4, 2, 30)


def test_an_answer_is_read_to_its_end() -> None:
    stream = io.BytesIO(b"HTTP/1.1 200 OK\r\nX: y\r\nContent-length: 3\r\n\r\nabcHTTP")
    assert _answer(stream) == b"abc"
    assert stream.read() == b"HTTP"
