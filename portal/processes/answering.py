"""The child processes that speak HTTP."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import waitress  # type: ignore[import-untyped]  # it ships no types
from flask import Flask

from ledger.writer.errors import Unavailable
from portal.app import create_app
from portal.config import Settings
from portal.doors.inquiries import go_on
from portal.home.opening import Counter, open_record
from portal.home.submit import Entrance
from portal.house import make_engine
from portal.inquiries.background import Background
from portal.processes.fence import Fence, tell_ready
from portal.processes.remote import RemoteWriter
from portal.running.collecting import calm

THREADS = 16
DRAIN_SECONDS = 5
"""How long a worker that leaves goes on answering what it has taken."""


def work(settings: Settings, fence_handle: int, ready_handle: int, listener: int) -> None:
    """Answer HTTP on an inherited socket, until the fence falls.

    Raises Unavailable ``writer-stopped`` where no writer listens in the home.
    """
    record = open_record(settings)
    engine = make_engine()
    try:
        writer = RemoteWriter(settings.socket)
    except OSError as error:
        raise Unavailable("writer-stopped") from error
    counter = Counter(settings, engine, record, Entrance(engine, record, writer))
    app = create_app(counter)
    server = serving(app, socket.socket(fileno=listener))
    fence = Fence(fence_handle, server.pull_trigger)
    fence.watch()
    calm()
    tell_ready(ready_handle)
    with going_on(app):
        run_until(server, fence.down, app.extensions["streams"].close)
    writer.stop()
    record.database.dispose()


def serving(app: Flask, listener: socket.socket) -> Any:
    """A server of the application on a socket that several processes may share."""
    listener.setblocking(False)
    # A request that waits for a thread is the usual thing under load, not an event to log.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return waitress.create_server(app, sockets=[listener], threads=THREADS)


@contextmanager
def going_on(app: Flask) -> Iterator[None]:
    """Go on with the application's lists inside, in a thread of their own."""

    def step() -> None:
        with app.app_context():
            go_on()

    background = Background(step)
    background.start()
    try:
        yield
    finally:
        background.stop()


def run_until(server: Any, leave: threading.Event, ending: Callable[[], None]) -> None:
    """Serve; once it is time to leave take no new connection and finish what was asked.

    ``ending`` tells what would otherwise go on for ever.
    """
    turn = {"timeout": 1, "map": server._map, "use_poll": True, "count": 1}
    while not leave.is_set():
        server.asyncore.loop(**turn)
    ending()
    server.del_channel()
    server.socket.close()
    until = time.monotonic() + DRAIN_SECONDS
    turn["timeout"] = 0.05
    while _busy(server) and time.monotonic() < until:
        server.asyncore.loop(**turn)
    server.task_dispatcher.shutdown()


def _busy(server: Any) -> bool:
    channels = list(server.active_channels.values())
    return any(channel.requests or channel.total_outbufs_len for channel in channels)
