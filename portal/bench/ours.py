"""Ours in one process: signed bytes in, durable answers out, no HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from portal.bench.figures import Row, row
from portal.bench.movers import MOVERS, answered, batches, moves
from portal.bench.stages import Clock, timing
from portal.config import Settings
from portal.home.opening import Ledger, open_ledger
from portal.home.submit import Entrance

SUBMITTERS, CALLERS = 32, 4
TOGETHER = 64
"""Statements of a call that are handed to the writer at once, as the door for many does."""


@dataclass(frozen=True)
class Volume:
    """How much is signed beforehand for each run."""

    singles: int
    bulks: int
    batches: int
    lines: int = 1_000


@dataclass(frozen=True)
class Work:
    """Signed statements of one kind: each call's, and how many acts a call makes."""

    name: str
    calls: list[list[bytes]]
    units: int
    submitters: int


def prepared(volume: Volume) -> list[Work]:
    """Every kind of work, spread over the movers and all on one account; once for each ledger."""
    made = []
    for where, movers in (("spread", MOVERS), ("hot", 1)):
        singles = [[one] for one in moves(volume.singles, movers)]
        lines = moves(volume.bulks * volume.lines, movers)
        bulks = [lines[n : n + volume.lines] for n in range(0, len(lines), volume.lines)]
        whole = [[one] for one in batches(volume.batches, volume.lines, movers)]
        made += [
            Work(f"single, {where}", singles, 1, SUBMITTERS),
            Work(f"bulk, {where}", bulks, volume.lines, CALLERS),
            Work(f"batch, {where}", whole, volume.lines, CALLERS),
        ]
    return made


def measured(place: str, settings: Settings, work: Sequence[Work], seconds: int) -> list[Row]:
    """Rates and waits of each kind.

    Raises RuntimeError where a statement is not accepted or the log does not hold what was said.
    """
    rows = []
    with closing(open_ledger(settings)) as ledger:
        for one in work:
            head = _size(ledger)
            waits, took, done = timed_calls(ledger.entrance, one, seconds)
            if _size(ledger) - head != done:
                raise RuntimeError(f"{one.name}: {done} answers, {_size(ledger) - head} entries")
            rows.append(row(f"{one.name}, {place}", one.units, waits, took))
    return rows


def staged(
    settings: Settings, singles: int, lines: int, clock: Clock = time.perf_counter
) -> dict[str, dict[str, int]]:
    """Each stage's share of the time, in thousandths: checked first, then written, one at a time.

    Single statements are written in turns of as many as there are submitters.
    """
    kinds: list[tuple[str, list[bytes], int]] = [
        ("single", moves(singles, MOVERS), SUBMITTERS),
        ("bulk", moves(lines, MOVERS), lines),
        ("batch", batches(2, lines, MOVERS), 1),
    ]
    shares = {}
    with closing(open_ledger(settings)) as ledger:
        answered(ledger.entrance, [ledger.entrance.prepare(one) for one in moves(MOVERS, MOVERS)])
        for name, said, each in kinds:
            with timing(ledger.writer, clock) as timer:
                for first in range(0, len(said), each):
                    items = [ledger.entrance.prepare(one) for one in said[first : first + each]]
                    answered(ledger.entrance, items)
            shares[name] = timer.shares()
    return shares


def timed_calls(entrance: Entrance, work: Work, seconds: int) -> tuple[list[float], float, int]:
    """The waits of so many submitters' calls, the seconds it took, and the statements answered."""
    waits: list[float] = []
    faults: list[BaseException] = []
    done: list[int] = []
    begun = time.monotonic()

    def loop(mine: Sequence[list[bytes]]) -> None:
        try:
            for said in mine:
                sent = time.monotonic()
                if sent > begun + seconds:
                    break
                _call(entrance, said)
                waits.append(time.monotonic() - sent)
                done.append(len(said))
        except BaseException as error:
            faults.append(error)

    started = [
        threading.Thread(target=loop, args=(work.calls[n :: work.submitters],))
        for n in range(work.submitters)
    ]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    if faults:
        raise RuntimeError(f"{work.name}: {faults[0]!r}")
    return waits, time.monotonic() - begun, sum(done)


def _call(entrance: Entrance, said: Sequence[bytes]) -> None:
    """Check and write what one call says; raises RuntimeError where it is not all accepted."""
    futures: list[Any] = []
    for first in range(0, len(said), TOGETHER):
        items = [entrance.prepare(one) for one in said[first : first + TOGETHER]]
        futures += entrance.queue(items)
    for future in futures:
        reply = future.result(60)
        if reply.status != "accepted":
            raise RuntimeError(f"{reply.status}: {reply.answer}")


def _size(ledger: Ledger) -> int:
    with ledger.record.reading() as connection:
        return ledger.record.head(connection).size
