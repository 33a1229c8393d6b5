"""The one path that writes: group commit behind a fence.

Workers hand in verified statements and wait; one thread drains what waits, decides each
in order, writes everything in one transaction, commits once, and only then answers.
See DESIGN.md §3 for the turn, and ``turn.py`` for what happens inside it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy.exc import SQLAlchemyError

from ledger.statements.envelope import Submission
from ledger.statements.types import StatementType
from ledger.writer.errors import ForkRefused, LedgerError, Unavailable
from ledger.writer.turn import Turn, WriterState

TURN_STATEMENTS = 4_000
"""The most statements that one commit carries."""


@dataclass(frozen=True)
class Reply:
    """The answer to one submission.

    ``status``: accepted, refused, replayed (the first answer again), conflict (same id,
    other payload), unauthenticated, unsupported (asks for what this software does not know),
    broken (our defect; nothing logged), unavailable.
    """

    status: str
    index: int | None = None
    checkpoint_size: int | None = None
    answer: dict[str, Any] = field(default_factory=dict)


@dataclass
class Pending:
    """A statement in the queue, its signatures already checked against ``keys``."""

    submission: Submission
    declared: StatementType
    keys: dict[str, bytes]
    future: Future[Reply] = field(default_factory=Future)


class Writer:
    """Owns the record of one origin; ``submit`` may be called from any thread."""

    def __init__(self, database: Database, state: WriterState) -> None:
        self._database = database
        self._state = state
        self._queue: deque[Pending] = deque()
        self._ticks: list[Future[None]] = []
        self._wake = threading.Condition()
        self._stopping = False
        self._fenced_out = False
        self._thread: threading.Thread | None = None
        self.alarm: Callable[[str, BaseException], None] = lambda code, error: None
        self.rest: Callable[[bool], None] = lambda wrote: None
        """Called when a turn has been answered, with whether it had statements."""

    def start(self) -> None:
        """Take over the log and begin to write; raises ForkRefused or Unavailable."""
        with self._database.begin() as connection:
            self._state.take_over(connection)
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, then stop."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join()
        self._state.close()
        self._database.dispose()

    @property
    def alive(self) -> bool:
        """Whether the writing thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def submit(self, items: Sequence[Pending]) -> list[Future[Reply]]:
        """Queue statements in order; each future resolves when its answer is durable."""
        with self._wake:
            self._refuse_if_stopped()
            self._queue.extend(items)
            self._wake.notify()
        return [item.future for item in items]

    def tick(self) -> Future[None]:
        """Look for what has fallen due though nobody states anything.

        The future resolves when it is durable; raises Unavailable where nothing is written.
        """
        done: Future[None] = Future()
        with self._wake:
            self._refuse_if_stopped()
            self._ticks.append(done)
            self._wake.notify()
        return done

    def _refuse_if_stopped(self) -> None:
        if self._fenced_out:
            raise Unavailable("fork-refused", retry=False)
        if self._stopping or not self.alive:
            raise Unavailable("writer-stopped")

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._queue and not self._ticks and not self._stopping:
                    self._wake.wait()
                ticks, self._ticks = self._ticks, []
                if self._stopping and not self._queue:
                    resolve(ticks)
                    return
                count = min(len(self._queue), TURN_STATEMENTS)
                batch = [self._queue.popleft() for _ in range(count)]
            try:
                if batch or not self._state.idle():
                    self._turn(batch)
            except ForkRefused as fork:
                self._fail(batch, Unavailable("fork-refused", retry=False, **fork.params), fork)
                self._abandon()
                return
            except Exception as error:
                self._fail(batch, error, error)
            finally:
                resolve(ticks)
            wrote = bool(batch)
            del batch  # what is answered need not outlive the rest
            self.rest(wrote)

    def _turn(self, batch: list[Pending]) -> None:
        turn = Turn(self._state)
        try:
            with self._database.begin() as connection:
                replies = turn.run(connection, batch)
            self._state.committed(turn)
        except (SQLAlchemyError, OSError) as error:
            self._state.drop()
            replies = self._resolve(batch, error)
        except BaseException:
            self._state.drop()
            raise
        for item, reply in zip(batch, replies, strict=True):
            item.future.set_result(reply)
        if turn.broken:
            for code, cause in turn.broken:
                self.alarm(code, cause)

    def _resolve(self, batch: list[Pending], error: Exception) -> list[Reply]:
        """Whether a commit of unknown result took: look for each id in the log.

        What is found was written by the turn that failed, for the ids are exactly once.
        """
        self.alarm("turn-failed", error)
        try:
            with self._database.begin() as connection:
                found = self._state.replies(connection, batch)
        except (SQLAlchemyError, OSError) as again:
            self.alarm("record-unreachable", again)
            found = [None] * len(batch)
        lost = Reply("unavailable", answer={"code": "record-unavailable", "retry": True})
        return [first_answer(reply) if reply else lost for reply in found]

    def _fail(self, batch: list[Pending], error: Exception, cause: Exception) -> None:
        self.alarm("turn-failed", cause)
        code = error.code if isinstance(error, LedgerError) else "writer-defect"
        retry = isinstance(error, Unavailable) and error.retry
        answer = {"code": code, "retry": retry}
        for item in batch:
            if not item.future.done():
                item.future.set_result(Reply("unavailable", answer=answer))

    def _abandon(self) -> None:
        with self._wake:
            self._stopping = self._fenced_out = True
            waiting, self._queue = list(self._queue), deque()
            ticks, self._ticks = self._ticks, []
        resolve(ticks)
        for item in waiting:
            answer = {"code": "fork-refused", "retry": False}
            item.future.set_result(Reply("unavailable", answer=answer))


def resolve(ticks: Sequence[Future[None]]) -> None:
    """Tell those who asked for a look that it was taken."""
    for done in ticks:
        done.set_result(None)


def first_answer(reply: Reply) -> Reply:
    """A statement that the failed turn itself wrote has not been answered before."""
    if reply.status != "replayed":
        return reply
    return Reply(reply.answer["result"], reply.index, reply.checkpoint_size, reply.answer)
