"""Where the time of a statement goes, found by timing the parts of the path that everybody takes.

The parts are wrapped for the length of a block and unwrapped after it;
time spent in a part that another part calls counts for the inner one alone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ledger.log.tiles import Edge
from ledger.statements.types import StatementType
from ledger.writer import engine, store, turn
from ledger.writer.headfile import HeadFile
from ledger.writer.turn import Turn, WriterState
from ledger.writer.writer import Writer
from portal.home import submit
from portal.home.keyring import Keyring

PARTS: tuple[tuple[str, Any, str], ...] = (
    ("parse", submit, "parse_submission"),
    ("parse", StatementType, "check"),
    ("verify", submit, "verify_signatures"),
    ("read", WriterState, "begin"),
    ("read", store, "known_ids"),
    ("decide", Turn, "_one"),
    ("encode", turn, "make_leaf"),
    ("encode", turn, "make_body"),
    ("encode", turn, "pack"),
    ("encode", engine, "compose"),
    ("tree and head", Edge, "extend"),
    ("tree and head", Edge, "root"),
    ("tree and head", Keyring, "sign"),
    ("write", Turn, "_write"),
    ("head fsync", HeadFile, "append"),
    ("other", Writer, "_turn"),
)
"""Stage, owner and name of each part; what is left of a turn is ``other``."""
Clock = Callable[[], float]
STAGES = tuple(dict.fromkeys([*(stage for stage, _, _ in PARTS[:-1]), "commit", "other"]))


class Timer:
    """Seconds of each stage by a clock; no two threads may be in parts of one stage at once."""

    def __init__(self, clock: Clock = time.perf_counter) -> None:
        self._clock = clock
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self._own = threading.local()

    def timed(self, stage: str, part: Callable[..., Any]) -> Callable[..., Any]:
        """The part, with its own time added to the stage."""

        def run(*args: Any, **kwargs: Any) -> Any:
            inner: list[float] = self._own.__dict__.setdefault("inner", [])
            inner.append(0.0)
            begun = self._clock()
            try:
                return part(*args, **kwargs)
            finally:
                took = self._clock() - begun
                self.seconds[stage] += took - inner.pop()
                if inner:
                    inner[-1] += took

        return run

    def shares(self) -> dict[str, int]:
        """Each stage's share of the whole, in thousandths."""
        whole = sum(self.seconds.values())
        return {stage: round(1000 * took / whole) for stage, took in self.seconds.items()}


@contextmanager
def timing(writer: Writer, clock: Clock = time.perf_counter) -> Iterator[Timer]:
    """Time the parts, and the commits of a writer, for the length of a block."""
    timer = Timer(clock)
    dialect: Any = writer._database.dialect
    kept = [(owner, name, getattr(owner, name)) for _, owner, name in PARTS]
    for (stage, owner, name), (_, _, part) in zip(PARTS, kept, strict=True):
        setattr(owner, name, timer.timed(stage, part))
    commit = dialect.do_commit
    dialect.do_commit = timer.timed("commit", commit)
    try:
        yield timer
    finally:
        dialect.do_commit = commit
        for owner, name, part in kept:
            setattr(owner, name, part)
