"""A thread of a running server that does one thing again and again."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod


class Repeating(ABC):
    """Calls ``once`` with a rest of ``seconds`` before each, until stopped or told to end."""

    def __init__(self, name: str, seconds: float) -> None:
        self._seconds = seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @abstractmethod
    def once(self) -> bool:
        """Do it, and say whether to go on."""

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
        while not self._stopped.wait(self._seconds) and self.once():
            pass
