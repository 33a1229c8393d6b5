"""The writer's end: takes frames of statements from workers and commands, answers each one."""

from __future__ import annotations

import socket
import struct
import threading
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from ledger.statements.errors import StatementError
from ledger.writer.engine import Engine
from ledger.writer.errors import Unavailable
from ledger.writer.writer import Reply, Writer
from portal.processes.frames import FrameTooLarge, receive, short
from portal.processes.outbox import Outbox, hang_up
from portal.processes.wire import pack_reply, unpack

BACKLOG = 64
SEND_SECONDS = 5
WAITING_MAX = 20_000
"""Unanswered statements of one connection, above which no more are read from it."""


class WriterDesk:
    """Listens from ``open`` to ``close``; only who holds the home's lock may open one."""

    def __init__(self, path: Path, engine: Engine, writer: Writer) -> None:
        self._path = path
        self._engine = engine
        self._writer = writer
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._lock = threading.Lock()
        self._peers: dict[socket.socket, Outbox] = {}
        self._closed = False

    def open(self) -> None:
        """Listen at the path, clearing what a killed writer left there."""
        self._path.unlink(missing_ok=True)
        with short(self._path) as name:
            self._listener.bind(name)
        self._path.chmod(0o600)  # before anybody can connect: nothing listens yet
        self._listener.listen(BACKLOG)
        threading.Thread(target=self._accept, name="desk", daemon=True).start()

    def close(self) -> None:
        """Take nothing new; send the answers that are known. Stop the writer first."""
        self._path.unlink(missing_ok=True)
        hang_up(self._listener)
        with self._lock:
            self._closed = True
            peers = dict(self._peers)
        for connection, outbox in peers.items():
            outbox.close()
            hang_up(connection)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        _patient(connection)
        outbox = Outbox(connection)
        room = threading.Semaphore(WAITING_MAX)
        with self._lock:
            late = self._closed  # accepted, but not yet known, when the others were hung up on
            if not late:
                self._peers[connection] = outbox
        if late:
            hang_up(connection)
            outbox.close()
            connection.close()
            return
        try:
            for items in receive(connection):
                for _ in items:
                    room.acquire()
                self._take(items, outbox, room)
        except (OSError, ValueError, KeyError, TypeError, FrameTooLarge):
            hang_up(connection)  # not one of ours, or gone
        finally:
            with self._lock:
                self._peers.pop(connection, None)
            outbox.close()
            connection.close()

    def _take(self, items: list[Any], outbox: Outbox, room: threading.Semaphore) -> None:
        waiting = []
        for number, value in items:
            try:
                item = unpack(self._engine, value)
            except StatementError as error:
                reply = Reply("unsupported", answer={"code": error.code, "params": error.params})
                _answer(outbox, room, number, reply)
                continue
            item.future.add_done_callback(partial(_settled, outbox, room, number))
            waiting.append(item)
        try:
            self._writer.submit(waiting)
        except Unavailable as error:
            lost = Reply("unavailable", answer={"code": error.code, "retry": error.retry})
            for item in waiting:
                item.future.set_result(lost)


def _patient(connection: socket.socket) -> None:
    """Give up on a peer that does not read, so that it cannot hold the writer's end."""
    limit = struct.pack("ll", SEND_SECONDS, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def _settled(outbox: Outbox, room: threading.Semaphore, number: int, future: Future[Reply]) -> None:
    _answer(outbox, room, number, future.result())


def _answer(outbox: Outbox, room: threading.Semaphore, number: int, reply: Reply) -> None:
    room.release()
    outbox.put([[number, pack_reply(reply)]])
