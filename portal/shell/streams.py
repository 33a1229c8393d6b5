"""Event streams of one process: how many there may be, and how they end.

A stream holds a thread of the server for as long as somebody listens, so there are fewer streams
than threads, and the rest go on answering.
"""

from __future__ import annotations

import threading

STREAMS_MAX = 8
"""Half the threads of a process (portal/processes/answering.py)."""
LOOK_MS = 250
"""How often a stream looks whether the log has grown; the same behind a writer in this process and
behind one in another, since both end in the same row."""
BEAT_LOOKS = 20
"""Looks without news after which a comment is sent, which finds out who has gone: five seconds."""
RETRY_MS = 2_000
"""After which a browser comes back."""


class Streams:
    """Counts the open streams and ends them all when the server leaves."""

    def __init__(self, most: int = STREAMS_MAX, look_ms: int = LOOK_MS) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._seconds = look_ms / 1000
        self._leaving = threading.Event()

    def enter(self) -> Place | None:
        """A place for one stream, or None where all are taken or the server leaves."""
        if self._leaving.is_set() or not self._free.acquire(blocking=False):
            return None
        return Place(self._free)

    def pause(self) -> bool:
        """Wait for the next look; False when it is time to end."""
        return not self._leaving.wait(self._seconds)

    def close(self) -> None:
        """End every stream after its current event, and let no further one begin."""
        self._leaving.set()


class Place:
    """One taken place; ``leave`` may be called by everybody who knows that the stream is over."""

    def __init__(self, free: threading.BoundedSemaphore) -> None:
        self._tokens = [free]

    def leave(self) -> None:
        """Give the place back, once."""
        try:
            token = self._tokens.pop()  # of two threads one gets it
        except IndexError:
            return
        token.release()
