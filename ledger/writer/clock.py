"""The writer's time: UTC milliseconds that never go back."""

from __future__ import annotations

import time
from typing import Protocol

from ledger.writer.errors import Unavailable

TOLERANCE_MS = 5_000
"""How far the clock may lie behind the last entry, or jump against the monotonic clock."""
_UNSET: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
# The first, where there is one, runs on while the host sleeps: to sleep is not to jump.


class Clock(Protocol):
    """What tells the time in UTC milliseconds."""

    def now(self) -> int:
        """Milliseconds since 1970-01-01T00:00:00Z."""


class SystemClock:
    """The host's clock, watched against one that nobody sets."""

    def __init__(self) -> None:
        self._offset: int | None = None

    def now(self) -> int:
        """Milliseconds; raises Unavailable when the wall clock has been set, either way.

        A time too late is as wrong as one too early, and cannot be taken back: everything after
        it waits until it has come true, and what it lets expire has expired.
        """
        wall = time.time_ns() // 1_000_000
        offset = wall - _unset_ms()
        if self._offset is not None and abs(offset - self._offset) > TOLERANCE_MS:
            raise Unavailable("clock-jumped", by_ms=offset - self._offset)
        self._offset = offset
        return wall


class WallClock:
    """The host's clock as it is set, for what is disposable: nobody is kept out for its sake."""

    def now(self) -> int:
        """Milliseconds."""
        return time.time_ns() // 1_000_000


def _unset_ms() -> int:
    return time.clock_gettime_ns(_UNSET) // 1_000_000


def advance(clock: Clock, last: int) -> int:
    """The time of the next batch: now, but never before ``last``.

    Raises Unavailable where the clock is more than TOLERANCE_MS behind (DESIGN.md §3, Time).
    """
    now = clock.now()
    if now < last - TOLERANCE_MS:
        raise Unavailable("clock-behind", by_ms=last - now)
    return max(now, last)
