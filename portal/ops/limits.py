"""How often one may ask: what a limit is, and how it is counted across processes.

Time is cut into windows that begin at multiples of their length, so every process and every
restart counts the same ones.  A process takes a share of the quota from the store at a time and
serves it from memory; while the store is away it counts alone, for a limit protects and must not
itself be what fails.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ledger.writer.errors import Unavailable

READ, WRITE, SIGN_IN, SESSION = "read", "write", "sign-in", "session"
SHARE = 200
"""A process takes this part of a quota at a time, and at least one."""
COUNTED_MAX = 50_000
_FORM = re.compile(r"(read|write|sign-in|session)=(0|[1-9][0-9]{0,8}/[1-9][0-9]{0,4})", re.ASCII)
Take = Callable[[str, int, int], int]
"""Adds to the count of a name in a window (its end, UTC milliseconds); gives the new count."""


@dataclass(frozen=True)
class Limit:
    """``quota`` requests in ``window_s`` seconds; a quota of 0 sets no limit."""

    quota: int
    window_s: int = 60


DEFAULTS: Mapping[str, Limit] = {
    READ: Limit(3_000),
    WRITE: Limit(0),
    SIGN_IN: Limit(120),
    SESSION: Limit(1_200),
}
"""For each client, and for each session where somebody has signed in.

Statements are bound by their signatures and the writer's queue, unless a limit is set.
"""


def parse_limits(text: str) -> Mapping[str, Limit]:
    """Limits from ``read=3000/60,write=0,sign-in=120/60``; those not named keep their default.

    Raises ValueError naming the part at fault.
    """
    found = dict(DEFAULTS)
    for part in filter(None, text.split(",")):
        if not _FORM.fullmatch(part):
            raise ValueError(part)
        name, _, value = part.partition("=")
        quota, _, window = value.partition("/")
        found[name] = Limit(int(quota), int(window or 60))
    return found


@dataclass(frozen=True)
class Standing:
    """Where somebody stands with a limit: what is left, and the seconds until it begins anew."""

    name: str
    limit: Limit
    left: int
    reset_s: int
    allowed: bool


class Counters:
    """Counts requests of one process; ``take`` is the count that all processes share."""

    def __init__(self, limits: Mapping[str, Limit], take: Take) -> None:
        self._limits = limits
        self._take = take
        self._lock = threading.Lock()
        self._held: dict[tuple[str, str, int], list[int]] = {}

    def count(self, name: str, who: str, now: int) -> Standing | None:
        """Count one request of ``who`` at ``now`` (UTC milliseconds); None without a limit."""
        limit = self._limits[name]
        if limit.quota == 0:
            return None
        window_ms = limit.window_s * 1000
        end = (now // window_ms + 1) * window_ms
        with self._lock:
            known = self._held.get((name, who, end))
            if known is None:
                if len(self._held) >= COUNTED_MAX:
                    self._held.clear()  # the store knows what was taken
                known = self._held[name, who, end] = [0, 0]
            if known[0] == 0 and known[1] < limit.quota:
                self._refill(known, f"{name}:{who}", end, limit)
            allowed = known[0] > 0
            known[0] -= allowed
            left = known[0] + max(0, limit.quota - known[1])
        return Standing(name, limit, left, -(-(end - now) // 1000), allowed)

    def _refill(self, known: list[int], name: str, end: int, limit: Limit) -> None:
        share = max(1, limit.quota // SHARE)
        try:
            taken = self._take(name, end, share)
        except Unavailable:
            taken = known[1] + share
        # Of this share, what lies within the quota may be served.
        known[0] = max(0, min(share, limit.quota - (taken - share)))
        known[1] = taken
