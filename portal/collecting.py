"""Garbage collection in processes that run long: what is there to stay is not looked at again.

A turn of the writer holds thousands of statements alive while it allocates more, so that the
usual thresholds walk all of them many times over for nothing: a fifth of the writer's time
(docs/performance.md). Reference counts free what matters; cycles are left to rarer passes.
"""

from __future__ import annotations

import gc

THRESHOLDS = (50_000, 20, 100)


def calm() -> None:
    """Set aside what start-up made, and collect cycles rarely from here on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
