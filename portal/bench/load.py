"""Load on loopback: keep-alive connections in processes of their own, each a closed loop."""

from __future__ import annotations

import multiprocessing
import socket
import threading
import time
from collections.abc import Sequence
from typing import IO

PROCESSES = 2
TIMEOUT_SECONDS = 60


def post(
    port: int, path: str, kind: str, bodies: Sequence[bytes], connections: int, seconds: int
) -> tuple[list[float], float]:
    """Post bodies until they or the seconds run out: each wait, and the seconds that it took.

    Raises RuntimeError where an answer is not one of acceptance.
    """
    each = connections // PROCESSES
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        work = [(port, path, kind, bodies[n::PROCESSES], each, seconds) for n in range(PROCESSES)]
        parts = pool.starmap(_process, work, chunksize=1)
    waits = [wait for part, _, _ in parts for wait in part]
    begun, ended = min(part[1] for part in parts), max(part[2] for part in parts)
    return waits, ended - begun


def _process(
    port: int, path: str, kind: str, bodies: Sequence[bytes], connections: int, seconds: int
) -> tuple[list[float], float, float]:
    waits: list[float] = []
    faults: list[BaseException] = []
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: "
    begun = time.monotonic()

    def loop(mine: Sequence[bytes]) -> None:
        try:
            _loop(port, head.encode(), mine, begun + seconds, waits)
        except BaseException as error:
            faults.append(error)

    threads = [
        threading.Thread(target=loop, args=(bodies[n::connections],)) for n in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(f"load: {faults[0]!r}")
    return waits, begun, time.monotonic()


def _loop(port: int, head: bytes, bodies: Sequence[bytes], end: float, waits: list[float]) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = connection.makefile("rb")
        for body in bodies:
            sent = time.monotonic()
            if sent > end:
                break
            connection.sendall(head + b"%d\r\n\r\n" % len(body) + body)
            answer = _answer(stream)
            waits.append(time.monotonic() - sent)
            if any(line and b'"status":' in line and b'"status":201' not in line
                   for line in answer.split(b"\n")):  # fmt: skip
                raise RuntimeError(answer[:300].decode(errors="replace"))


def _answer(stream: IO[bytes]) -> bytes:
    """One answer's body; raises RuntimeError where its status is not one of success."""
    status = stream.readline()
    size = 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            size = int(value)
    body = stream.read(size) or b""
    if b" 20" not in status:
        raise RuntimeError(f"{status!r} {body[:300]!r}")
    return body
