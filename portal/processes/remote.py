"""A worker's end: the writer of another process, spoken to as if it were here."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from ledger.writer.errors import Unavailable
from ledger.writer.writer import Pending, Reply
from portal.processes.frames import FrameTooLarge, receive, short
from portal.processes.outbox import Outbox, hang_up
from portal.processes.wire import pack, unpack_reply


class RemoteWriter:
    """Many threads submit over one connection; once it is lost, everything is unavailable.

    A statement whose answer is lost may have been written: the same id asks again and is told.
    """

    def __init__(self, path: Path) -> None:
        """Connect; raises OSError where nobody listens."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with short(path) as name:
                self._socket.connect(name)
        except OSError:
            self._socket.close()
            raise
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[Reply]] = {}
        self._alive = True
        self._outbox = Outbox(self._socket)
        self._reader = threading.Thread(target=self._read, name="remote-writer", daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        """Whether the writer is there."""
        return self._alive

    def submit(self, items: Sequence[Pending]) -> list[Future[Reply]]:
        """Send statements; each future resolves when its answer is durable. Raises Unavailable."""
        numbered = [(next(self._numbers), item) for item in items]
        packed = [[number, pack(item)] for number, item in numbered]
        with self._lock:
            if not self._alive:
                raise Unavailable("writer-stopped")
            self._waiting.update((number, item.future) for number, item in numbered)
        self._outbox.put(packed)  # where the connection is lost, the reader answers for it
        return [item.future for item in items]

    def stop(self) -> None:
        """Send what waits and hang up."""
        self._outbox.close()
        hang_up(self._socket)
        self._reader.join()
        self._socket.close()

    def _read(self) -> None:
        try:
            for items in receive(self._socket):
                for number, value in items:
                    with self._lock:
                        future = self._waiting.pop(number)
                    future.set_result(unpack_reply(value))
        except (OSError, FrameTooLarge, ValueError, KeyError, TypeError):
            hang_up(self._socket)
        with self._lock:
            self._alive = False
            waiting, self._waiting = self._waiting, {}
        gone = Reply("unavailable", answer={"code": "writer-stopped", "retry": True})
        for future in waiting.values():
            future.set_result(gone)
