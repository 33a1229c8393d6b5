"""Taking entries apart beside the replay: in processes of their own where the log is long."""

from __future__ import annotations

import marshal
import multiprocessing
import os
from collections import deque
from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Any

from ledger.statements.envelope import Payload
from ledger.writer.audit.opening import Opened, open_all
from ledger.writer.store import StoredEntry

CHUNK = 512
AHEAD = 6
"""Chunks on their way at once: enough that nobody waits, few enough that memory stays flat."""
ALONE_MAX = 4_000
"""Up to so many entries are read without starting processes, which takes a second."""
_GIVEN: list[tuple[dict[str, bytes], bool]] = []
"""In a process of the pool: the keys to check with, and whether every part is at hand."""

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
        waiting: deque[tuple[Chunk, Future[bytes]]] = deque()
        while True:
            while len(waiting) < AHEAD and (chunk := list(islice(stream, CHUNK))):
                waiting.append((chunk, pool.submit(_open, _packed(chunk))))
            if not waiting:
                return
            chunk, future = waiting.popleft()
            yield chunk, [_opened(*plain) for plain in marshal.loads(future.result())]


def processes_for_this_machine() -> int:
    """As many as there are processors that this process may use."""
    return len(os.sched_getaffinity(0))


# Between the processes goes marshal: both run this same interpreter, and it takes a third of the
# time that pickling takes.


def _packed(chunk: Chunk) -> bytes:
    return marshal.dumps([(e.index, e.at, e.leaf, e.outcome, e.body) for e in chunk])


def _begin(hints: dict[str, bytes], whole: bool) -> None:
    _GIVEN.append((hints, whole))


def _open(packed: bytes) -> bytes:
    hints, whole = _GIVEN[-1]
    entries = [StoredEntry(*row) for row in marshal.loads(packed)]
    found = open_all(entries, hints, whole=whole)
    return marshal.dumps([_plain(opened) for opened in found])


def _plain(opened: Opened) -> tuple[Any, ...]:
    payload = None if opened.payload is None else tuple(opened.payload)
    return (opened.leaf_hash, opened.public, payload, *opened[3:])


def _opened(leaf_hash: bytes, public: bool, payload: tuple[Any, ...] | None, *rest: Any) -> Opened:
    return Opened(leaf_hash, public, None if payload is None else Payload._make(payload), *rest)
