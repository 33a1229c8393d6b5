"""The timer of a running server: has the writer look for what falls due while nobody acts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from ledger.writer.errors import Unavailable

SECONDS = 1
"""An order or proposal ends at most this long after its instant on an idle ledger."""


class Ticker:
    """Calls ``tick`` each ``seconds`` until stopped, and never twice before it is answered."""

    def __init__(self, tick: Callable[[], Future[None]], seconds: int = SECONDS) -> None:
        self._tick = tick
        self._seconds = seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)

    def start(self) -> None:
        """Begin to tick."""
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it ticks."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End; the thread is gone when this returns."""
        self._stopped.set()
        if self.running:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(self._seconds):
            try:
                self._tick().result()
            except Unavailable:
                return  # the writer has stopped for good; health and doctor say so
