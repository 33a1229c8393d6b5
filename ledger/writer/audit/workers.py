"""Taking entries apart beside the replay: in processes of their own where the log is long."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from ledger.writer.audit.opening import Opened, open_all
from ledger.writer.store import StoredEntry

CHUNK = 512
AHEAD = 6
"""Chunks on their way at once: enough that nobody waits, few enough that memory stays flat."""
ALONE_MAX = 4_000
"""Up to so many entries are read without starting processes, which takes a second."""
_HINTS: dict[str, bytes] = {}
_WHOLE: list[bool] = []

Chunk = list[StoredEntry]


def opened(
    entries: Iterable[StoredEntry],
    count: int,
    hints: Mapping[str, bytes],
    processes: int,
    *,
    whole: bool = True,
) -> Generator[tuple[Chunk, list[Opened]]]:
    """Chunks of entries in order, each with what was found in them."""
    stream = iter(entries)
    if count <= ALONE_MAX or processes < 1:
        while chunk := list(islice(stream, CHUNK)):
            yield chunk, open_all(chunk, hints, whole=whole)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _begin, (dict(hints), whole)) as pool:
        waiting: deque[tuple[Chunk, Future[list[Opened]]]] = deque()
        while True:
            while len(waiting) < AHEAD and (chunk := list(islice(stream, CHUNK))):
                waiting.append((chunk, pool.submit(_open, [_plain(entry) for entry in chunk])))
            if not waiting:
                return
            chunk, future = waiting.popleft()
            yield chunk, future.result()


def processes_for_this_machine() -> int:
    """As many as there are processors that this process may use."""
    return len(os.sched_getaffinity(0))


def _plain(entry: StoredEntry) -> tuple[int, int, bytes, bytes, bytes]:
    return entry.index, entry.at, entry.leaf, entry.outcome, entry.body


def _begin(hints: dict[str, bytes], whole: bool) -> None:
    _HINTS.update(hints)
    _WHOLE.append(whole)


def _open(rows: list[tuple[int, int, bytes, bytes, bytes]]) -> list[Opened]:
    return open_all([StoredEntry(*row) for row in rows], _HINTS, whole=_WHOLE[-1])
