"""Which thresholds each detector asks for, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping

from market.readers import Reader, percent, positive

THRESHOLDS: Mapping[str, Mapping[str, Reader]] = {
    "wash": {
        "days": positive,
        "quantity": positive,
        "net-percent": percent,
        "share-percent": percent,
    },
    "ring": {
        "days": positive,
        "quantity": positive,
        "net-percent": percent,
        "share-percent": percent,
        "parties": positive,
    },
    "layering": {
        "multiple": positive,
        "minutes": positive,
        "filled": percent,
        "repeats": positive,
    },
    "close": {"minutes": positive, "move-percent": percent},
    "ramp": {"trades": positive, "move-percent": percent, "share-percent": percent},
    "block": {"off-percent": percent},
    "corner": {"share-percent": percent, "quantity": positive},
    "velocity": {
        "opened-days": positive,
        "out-days": positive,
        "out-percent": percent,
        "quantity": positive,
    },
    "names": {"days": positive, "names": positive},
}
