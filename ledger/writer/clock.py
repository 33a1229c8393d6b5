"""The writer's time: UTC milliseconds that never go back."""

from __future__ import annotations

import time
from typing import Protocol

from ledger.writer.errors import Unavailable

TOLERANCE_MS = 5_000
"""How far the clock may lie behind the last entry, or jump against the monotonic clock."""


class Clock(Protocol):
    """What tells the time in UTC milliseconds."""

    def now(self) -> int:
        """Milliseconds since 1970-01-01T00:00:00Z."""


class SystemClock:
    """The host's clock, watched against its monotonic clock."""

    def __init__(self) -> None:
        self._offset: int | None = None

    def now(self) -> int:
        """Milliseconds; raises Unavailable when the wall clock has jumped back."""
        wall = time.time_ns() // 1_000_000
        offset = wall - time.monotonic_ns() // 1_000_000
        if self._offset is not None and offset < self._offset - TOLERANCE_MS:
            raise Unavailable("clock-jumped", by_ms=self._offset - offset)
        self._offset = offset
        return wall


def advance(clock: Clock, last: int) -> int:
    """The time of the next batch: now, but never before ``last``.

    Raises Unavailable where the clock is more than TOLERANCE_MS behind (DESIGN.md §3, Time).
    """
    now = clock.now()
    if now < last - TOLERANCE_MS:
        raise Unavailable("clock-behind", by_ms=last - now)
    return max(now, last)
