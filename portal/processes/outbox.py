"""What waits to be sent on one connection: while a frame is on its way, the next one fills."""

from __future__ import annotations

import socket
import threading
from collections import deque
from typing import Any

from portal.processes.frames import FRAME_ITEMS_MAX, FrameTooLarge, send


class Outbox:
    """Sends in order from a thread of its own; ``closed`` once the peer is gone."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._items: deque[Any] = deque()
        self._wake = threading.Condition()
        self.closed = False
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def put(self, items: list[Any]) -> bool:
        """Queue items; False where nothing is sent any more."""
        with self._wake:
            if self.closed:
                return False
            if not self._items:
                self._wake.notify()  # it waits only where there is nothing, and looks again
            self._items.extend(items)
            return True

    def close(self) -> None:
        """Send what waits, then end."""
        with self._wake:
            self.closed = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._items and not self.closed:
                    self._wake.wait()
                if not self._items:
                    return
                count = min(len(self._items), FRAME_ITEMS_MAX)
                batch = [self._items.popleft() for _ in range(count)]
            try:
                send(self._connection, batch)
            except (OSError, FrameTooLarge):
                with self._wake:
                    self.closed = True
                    self._items.clear()
                hang_up(self._connection)
                return


def hang_up(connection: socket.socket) -> None:
    """End both directions, which wakes whoever reads; the peer may be gone already."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        connection.close()
