"""Garbage collection in processes that run long: what is there to stay is not looked at again.

A turn of the writer holds thousands of statements alive while it allocates more, so that the
usual thresholds walk all of them many times over for nothing: a fifth of the writer's time
(docs/performance.md). Reference counts free what matters; cycles are left to rarer passes.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

THRESHOLDS = (50_000, 20, 100)
OLDER_TURNS = 32
"""After so many turns what has outlived one pass is looked at once more."""
WHOLE_TURNS = 100_000
"""After so many turns everything is, though nobody has paused meanwhile."""
QUIET_SECONDS, WHOLE_SECONDS = 1, 60


@contextmanager
def loading() -> Iterator[None]:
    """Load modules: what they make is there to stay; to look through it is a sixth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def calm() -> None:
    """Set aside what start-up made, and collect cycles rarely from here on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


class BetweenTurns:
    """Collects when a turn has been answered, and never within one: to be called after each.

    A pass looks at what the last turn left and at no more, so that it is short. All that has been
    kept longer is looked at when nothing has been stated for a second, at most once a minute, and
    is then set aside like what start-up made.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        calm()
        gc.disable()
        self._clock = clock
        self._turns = 0
        self._last = self._whole = clock()

    def __call__(self, wrote: bool) -> None:
        """``wrote`` tells a turn with statements from a look at what has fallen due."""
        now = self._clock()
        quiet = not wrote and now - self._last >= QUIET_SECONDS
        if wrote:
            self._turns += 1
            self._last = now
        if (quiet and now - self._whole >= WHOLE_SECONDS) or self._turns >= WHOLE_TURNS:
            gc.unfreeze()  # what was set aside may have been let go since
            gc.collect()
            gc.freeze()
            self._turns, self._whole = 0, now
        else:
            gc.collect(0 if self._turns % OLDER_TURNS else 1)
