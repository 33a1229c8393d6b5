"""How a child process hangs on its parent: it leaves when the parent's end of a pipe closes.

The kernel closes that end however the parent ends, so that nothing is left behind.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

READY = b"ready\n"


class Fence:
    """The parent's word: ``down`` is set once the pipe has closed."""

    def __init__(self, handle: int, leave: Callable[[], None] = lambda: None) -> None:
        self.down = threading.Event()
        self._handle = handle
        self._leave = leave

    def watch(self) -> None:
        """Begin to watch; a signal to the whole group is for the parent alone to follow."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        threading.Thread(target=self._run, name="fence", daemon=True).start()

    def _run(self) -> None:
        while os.read(self._handle, 1):
            pass
        self.down.set()
        self._leave()


def tell_ready(handle: int) -> None:
    """Say that this process serves; the handle stays open, and its closing tells of the end."""
    os.write(handle, READY)
