"""The core alone, beside its rate: pauses, depth, memory, rebuilding, auctions."""

from __future__ import annotations

import gc
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from market.auctions.call import Bid, clear
from market.matching.book import Book
from market.matching.kinds import Kind, Resting
from market.matching.resting import restored
from portal.bench.books import BAND
from portal.bench.stream import Message
from portal.running.collecting import BetweenTurns

PASSES = 5
TURN = 100
ADDS = 1_000
SHALLOW = 100
MIDDLE = 10_000
Row = tuple[str, str, bool, int, int, str]
Clock = Callable[[], int]


def pauses(messages: Sequence[Message], collects: bool) -> dict[str, int]:
    """Nanoseconds a message: quantiles and the longest.

    A message's wait is its least of five passes: what else runs on the machine strikes another
    message each time, what the core and the collector do strikes the same.  ``max, processor``
    is the longest by the processor time of the thread, which nobody else can lengthen.
    ``collects`` collects after each turn of so many messages as the process that writes does
    (``portal.running.collecting``); the first message of the next turn has waited for it.
    """
    rows = [(*message, f"{'bs'[message.buys]}{int(message.id) % 32}") for message in messages]
    least = sorted(_least(rows, collects, time.perf_counter_ns))
    last = len(least) - 1
    return {
        "p50": least[last // 2],
        "p99": least[last * 99 // 100],
        "p99.9": least[last * 999 // 1000],
        "max": least[last],
        "max, processor": max(_least(rows, collects, time.thread_time_ns)),
    }


def _least(rows: Sequence[Row], collects: bool, clock: Clock) -> list[int]:
    least: list[int] = []
    for _ in range(PASSES):
        with _collector():
            waits = _waits(rows, clock, BetweenTurns() if collects else None)
        least = [min(pair) for pair in zip(least, waits, strict=True)] if least else waits
    return least


def _waits(rows: Sequence[Row], clock: Clock, rest: BetweenTurns | None) -> list[int]:
    book, limit = Book(BAND), Kind.LIMIT
    submit, cancel = book.submit, book.cancel
    waits = [0] * len(rows)
    for place, (op, id, buys, price, quantity, owner) in enumerate(rows):
        start = clock()
        if rest is not None and place % TURN == 0:
            rest(True)
        if op == "C":
            cancel(id)
        else:
            submit(id, buys, price, quantity, limit, owner)
        waits[place] = clock() - start
    return waits


@contextmanager
def _collector() -> Iterator[None]:
    """Nothing is collected of itself meanwhile."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.set_threshold(*before)
        gc.unfreeze()


def rows_of(count: int) -> list[Resting]:
    """So many orders at 2,000 prices on either side of the middle, in the order of arrival."""
    rng = random.Random(count)
    rows = []
    for number in range(count):
        buys = rng.random() < 0.5
        offset = rng.randint(1, 1_000)
        price = MIDDLE - offset if buys else MIDDLE + offset
        owner = f"{'bs'[buys]}{number % 32}"
        rows.append(Resting(f"r{number}", buys, price, rng.randint(1, 100), owner))
    return rows


def add_time(resting: int) -> float:
    """Microseconds of processor time an add, in a book of so many orders: the least of passes.

    What is added lies at the same prices whatever rests, so that depth alone differs.
    """
    book, limit = restored(rows_of(resting), BAND), Kind.LIMIT
    prices = [row.price for row in rows_of(SHALLOW) if row.buys]
    orders = [(f"a{number}", prices[number % len(prices)]) for number in range(ADDS)]
    least = 0.0
    with _collector():
        for _ in range(3 * PASSES):
            start = time.process_time()
            for id, price in orders:
                book.submit(id, True, price, 5, limit, "b1")
            took = time.process_time() - start
            least = min(least or took, took)
            for id, _ in orders:
                book.cancel(id)
    return least * 1_000_000 / ADDS


def memory(count: int) -> dict[str, int]:
    """Bytes that so many resting orders take, and what is left once each is cancelled."""
    ids = [f"r{number}" for number in range(count)]
    book = Book(BAND)
    tracemalloc.start()
    for number, id in enumerate(ids):
        book.submit(id, True, MIDDLE - number % 1_000, 5, owner=f"b{number % 32}")
    full = tracemalloc.get_traced_memory()[0]
    for id in ids:
        book.cancel(id)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return {"orders": count, "resting_bytes": full, "kept_bytes": kept}


def bids_of(count: int, sells: bool = True) -> list[Bid]:
    """An auction's orders: prices around the middle, a twentieth of them market orders."""
    rng = random.Random(count)
    return [
        Bid(
            f"b{number}",
            not sells or rng.random() < 0.5,
            None if rng.random() < 0.05 else MIDDLE + rng.randint(-500, 500),
            rng.randint(1, 500),
        )
        for number in range(count)
    ]


def seconds(work: Callable[[], Any]) -> float:
    """Processor time, the median of five."""
    waits = []
    for _ in range(PASSES):
        gc.collect()
        start = time.process_time()
        work()
        waits.append(time.process_time() - start)
    return statistics.median(waits)


def auction_seconds(count: int) -> float:
    """One call auction of so many orders."""
    bids = bids_of(count)
    return seconds(lambda: clear(bids, MIDDLE))


def rebuild_seconds(count: int) -> float:
    """A book of so many orders out of rows that are in memory already."""
    rows = rows_of(count)
    return seconds(lambda: restored(rows, BAND))
