"""Serving an open ledger over HTTP until the process is told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import waitress  # type: ignore[import-untyped]  # it ships no types

from portal.app import create_app
from portal.home.opening import Ledger
from portal.processes.answering import THREADS, going_on, run_until
from portal.processes.desk import WriterDesk
from portal.running.collecting import calm
from portal.running.listening import listening
from portal.running.ticker import Ticker
from portal.witnesses.service import asking


def serve_ledger(ledger: Ledger, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve in this process; the lock file names the address; the ledger is closed at the end.

    Raises Unavailable ``address-taken`` or ``address-unusable``.
    """
    ticker = Ticker(ledger.writer.tick)
    desk = WriterDesk(ledger.settings.socket, ledger.engine, ledger.writer)
    try:
        desk.open()
        with asking(ledger):
            app = create_app(ledger)
            with listening(host, port):
                server = waitress.create_server(app, host=host, port=port, threads=THREADS)
            address = f"http://{host}:{server.effective_port}"
            ledger.lock.announce(address)
            say(address)
            ticker.start()
            calm()
            with going_on(app):
                run_until(server, _told_to_stop(server), app.extensions["streams"].close)
    finally:
        ticker.stop()
        ledger.writer.stop()
        desk.close()
        ledger.close()


def _told_to_stop(server: Any) -> threading.Event:
    """Set by SIGTERM or SIGINT, so that what was asked is still answered."""
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()
        server.pull_trigger()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    return stop
