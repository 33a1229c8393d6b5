"""Serving an open ledger over HTTP until the process is told to stop."""

from __future__ import annotations

from collections.abc import Callable

import waitress  # type: ignore[import-untyped]  # it ships no types

from portal.app import create_app
from portal.opening import Ledger
from portal.processes.desk import WriterDesk
from portal.ticker import Ticker

THREADS = 16


def serve_ledger(ledger: Ledger, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve in this process; the lock file names the address; the ledger is closed at the end."""
    ticker = Ticker(ledger.writer.tick)
    desk = WriterDesk(ledger.settings.socket, ledger.engine, ledger.writer)
    try:
        desk.open()
        server = waitress.create_server(create_app(ledger), host=host, port=port, threads=THREADS)
        address = f"http://{host}:{server.effective_port}"
        ledger.lock.announce(address)
        say(address)
        ticker.start()
        server.run()
    finally:
        ticker.stop()
        ledger.writer.stop()
        desk.close()
        ledger.close()
