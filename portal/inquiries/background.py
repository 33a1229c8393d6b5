"""The thread of a running server that goes on with lists while nobody looks at them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from ledger.writer.errors import Unavailable

SECONDS = 1.0
"""How long it rests after each part, and before it looks for another list: requests come first."""
LOGGER = logging.getLogger("qingzhang.portal")


class Background:
    """Calls ``step`` again and again, with a rest after each, until stopped.

    What one step breaks is logged, and the next one is tried: a list whose part broke is left
    alone for as long as it is held, so that it keeps no other waiting.
    """

    def __init__(self, step: Callable[[], object], seconds: float = SECONDS) -> None:
        self._step = step
        self._seconds = seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lists", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End; the thread is gone when this returns."""
        self._stopped.set()
        if self.running:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(self._seconds):
            try:
                self._step()
            except (Unavailable, SQLAlchemyError) as error:
                LOGGER.warning("lists wait: %s", error)  # store or record is away for a while
            except Exception as error:
                LOGGER.error("defect in a list", exc_info=error)
