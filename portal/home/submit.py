"""The one way in: bytes to a checked, verified statement in the writer's queue.

Shared by HTTP, shell and demonstration, so that no door knows a shorter way.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from sqlalchemy import select

from ledger.parties.models import KEY
from ledger.statements.envelope import (
    Submission,
    parse_submission,
    verify_signatures,
)
from ledger.statements.errors import Malformed
from ledger.writer.engine import Engine
from ledger.writer.errors import Unavailable
from ledger.writer.writer import Pending, Reply
from portal.home.record import Record

WAIT_SECONDS = 30
KEYS_KEPT = 100_000


class Writes(Protocol):
    """The writer, in this process or at the end of a socket."""

    @property
    def alive(self) -> bool:
        """Whether statements can be written."""

    def submit(self, items: Sequence[Pending]) -> list[Future[Reply]]:
        """Queue statements; each future resolves when its answer is durable."""


class Entrance:
    """Checks statements against the declared types and the key register, then queues them."""

    def __init__(self, engine: Engine, record: Record, writer: Writes) -> None:
        self._engine = engine
        self._record = record
        self._writer = writer
        # A key id is the hash of its key, so what is known once stays right; whether the key
        # is still valid is for the writer to say, at the entry's own index.
        self._keys: dict[str, bytes] = {}

    @property
    def alive(self) -> bool:
        """Whether statements can be written."""
        return self._writer.alive

    def prepare(self, data: bytes) -> Pending:
        """Parse, check and verify; raises StatementError and leaves no trace."""
        return self.check(parse_submission(data))

    def check(self, submission: Submission) -> Pending:
        """Check and verify a parsed submission; raises StatementError."""
        return self._checked(submission, partial=False)

    def check_draft(self, submission: Submission) -> None:
        """Check one that may still lack signatures; raises StatementError."""
        self._checked(submission, partial=True)

    def _checked(self, submission: Submission, *, partial: bool) -> Pending:
        payload = submission.envelope.payload
        if payload.ledger != self._record.origin:
            raise Malformed("ledger-differs", "/envelope/payload/ledger")
        declared = self._engine.type_of(payload.type, payload.version)
        if declared is None:
            raise Malformed("type-unknown", "/envelope/payload/type", type=payload.type)
        declared.check(submission.body)
        keys = self.public_keys(payload.keys)
        verify_signatures(submission.envelope, keys, partial=partial)
        return Pending(submission, declared, keys)

    def queue(self, items: Sequence[Pending]) -> list[Future[Reply]]:
        """Hand verified statements to the writer; raises Unavailable."""
        return self._writer.submit(items)

    def submit(self, data: bytes) -> Reply:
        """Prepare, queue and wait until the answer is durable."""
        return wait(self.queue([self.prepare(data)])[0])

    def public_keys(self, wanted: Sequence[str]) -> dict[str, bytes]:
        """The raw public keys of those ids that the register knows, valid or not."""
        missing = [key for key in wanted if key not in self._keys]
        if missing:
            query = select(KEY.table.c.key, KEY.table.c.public).where(KEY.table.c.key.in_(missing))
            with self._record.reading() as connection:
                found = {row.key: bytes.fromhex(row.public) for row in connection.execute(query)}
            if len(self._keys) > KEYS_KEPT:
                self._keys.clear()
            self._keys.update(found)
        return {key: self._keys[key] for key in wanted if key in self._keys}


def wait(future: Future[Reply]) -> Reply:
    """The durable answer; raises Unavailable where the writer does not give one in time.

    The statement may still be written; asking again with the same id tells.
    """
    try:
        return future.result(WAIT_SECONDS)
    except TimeoutError as error:
        raise Unavailable("writer-slow") from error
