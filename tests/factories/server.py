"""A ledger behind a real socket of this machine, for commands and clients that speak HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event

import waitress
from flask import Flask
from werkzeug.serving import make_server

from portal.processes.answering import run_until


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of an application that is served until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving(app: Flask, threads: int = 4) -> Iterator[tuple[str, Event, threading.Thread]]:
    """The address of a server as `serve` runs it, what tells it to leave, and its thread.

    It leaves as `serve` does, so that no thread is left with sockets that are closed.
    """
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=threads)
    leave, ending = Event(), app.extensions["streams"].close
    thread = threading.Thread(target=run_until, args=(server, leave, ending))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}", leave, thread
    finally:
        leave.set()
        with suppress(OSError):  # it has left already
            server.pull_trigger()
        thread.join(30)
        assert not thread.is_alive()
        server.asyncore.close_all(server._map)
