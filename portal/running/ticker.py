"""The timer of a running server: has the writer look for what falls due while nobody acts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from ledger.writer.errors import Unavailable
from portal.running.repeating import Repeating

SECONDS = 1
"""An order or proposal ends at most this long after its instant on an idle ledger."""


class Ticker(Repeating):
    """Calls ``tick`` again and again, and never twice before it is answered."""

    def __init__(self, tick: Callable[[], Future[None]], seconds: float = SECONDS) -> None:
        super().__init__("ticker", seconds)
        self._tick = tick

    def once(self) -> bool:
        """Tick; where the writer has stopped for good, which health and doctor tell, end."""
        try:
            self._tick().result()
        except Unavailable:
            return False
        return True
