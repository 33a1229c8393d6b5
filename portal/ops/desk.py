"""What the doors find in the disposable store, made once for each application."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from ledger.writer.clock import Clock
from portal.ops import counts
from portal.ops.drafts import Drafts
from portal.ops.inquiries import Inquiries
from portal.ops.limits import Counters, Limit
from portal.ops.reads import Reads
from portal.ops.sessions import Sessions
from portal.ops.store import Store


@dataclass(frozen=True)
class Ops:
    """Sessions, drafts, reads, lists and counters over one store, and the clock that they go by."""

    store: Store
    clock: Clock
    sessions: Sessions
    drafts: Drafts
    counters: Counters
    reads: Reads
    inquiries: Inquiries

    def now(self) -> int:
        """UTC milliseconds."""
        return self.clock.now()


def open_ops(url: str, limits: Mapping[str, Limit], clock: Clock) -> Ops:
    """The store of an address; nothing is opened before it is needed."""
    store = Store(url)

    def take(name: str, window_end: int, more: int) -> int:
        return counts.take(store, clock.now(), name, window_end, more)

    sessions, counters = Sessions(store, os.urandom), Counters(limits, take)
    more = Reads(store), Inquiries(store)
    return Ops(store, clock, sessions, Drafts(store), counters, *more)
