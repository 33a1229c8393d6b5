"""All detectors over one stretch of the past: the same stretch gives the same findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from market.watching.finding import DETECTORS, Found, Limits
from market.watching.history import History
from market.watching.holders import corner, names, velocity
from market.watching.layering import layering
from market.watching.prices import block, close, ramp
from market.watching.rings import ring
from market.watching.wash import wash

Detector = Callable[[History, Limits], Iterable[Found]]
_BY_NAME: Mapping[str, Detector] = {
    "wash": wash,
    "ring": ring,
    "layering": layering,
    "close": close,
    "ramp": ramp,
    "block": block,
    "corner": corner,
    "velocity": velocity,
    "names": names,
}


def watch(history: History, limits: Mapping[str, Limits | None]) -> list[Found]:
    """What the detectors find whose thresholds are stated; in the order of the detectors."""
    found: list[Found] = []
    for name in DETECTORS:
        stated = limits.get(name)
        if stated is not None:
            found += _BY_NAME[name](history, stated)
    return found
