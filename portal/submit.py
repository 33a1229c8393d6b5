"""From bytes to an answer: the one path that API, CLI and demonstration share."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from sqlalchemy import Engine as Database
from sqlalchemy import select

from ledger.parties.authority import GENESIS
from ledger.parties.models import key_table
from ledger.statements.ed25519 import key_id
from ledger.statements.envelope import Submission, parse_submission, verify_signatures
from ledger.statements.errors import Malformed, StatementError, Unauthenticated
from ledger.writer.engine import Engine
from ledger.writer.errors import Unavailable
from ledger.writer.writer import Pending, Reply, Writer

WAIT_SECONDS = 30.0
"""How long a door waits for the writer before it answers that the result is unknown."""


class Desk:
    """Parses, checks and verifies statements, hands them to the writer, and waits.

    Everything before the writer may run in many threads; keys are cached, because the
    writer checks each again at the entry's own index.
    """

    def __init__(self, origin: str, engine: Engine, readers: Database, writer: Writer) -> None:
        self.origin = origin
        self.engine = engine
        self.readers = readers
        self.writer = writer
        self._keys: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def prepare(self, data: bytes) -> Pending:
        """A verified statement; raises StatementError for what leaves no trace."""
        submission = parse_submission(data)
        payload = submission.envelope.payload
        if payload.ledger != self.origin:
            raise Unauthenticated("ledger-other", "/envelope/payload/ledger", origin=self.origin)
        declared = self.engine.type_of(payload.type, payload.version)
        if declared is None:
            raise Malformed("type-unknown", "/envelope/payload/type", type=payload.type)
        declared.check(submission.body)
        keys = self._public_keys(submission)
        verify_signatures(submission.envelope, keys)
        return Pending(submission, declared, keys)

    def submit(self, data: bytes) -> Reply:
        """Prepare one statement and wait for its answer; raises StatementError, Unavailable."""
        return self.wait([self.prepare(data)])[0]

    def submit_many(self, items: Sequence[bytes]) -> list[Reply | StatementError]:
        """Prepare each, hand all good ones over together, and answer in order."""
        prepared: list[Pending | StatementError] = []
        for data in items:
            try:
                prepared.append(self.prepare(data))
            except StatementError as error:
                prepared.append(error)
        replies = iter(self.wait([item for item in prepared if isinstance(item, Pending)]))
        return [next(replies) if isinstance(item, Pending) else item for item in prepared]

    def wait(self, items: Sequence[Pending]) -> list[Reply]:
        """Hand statements to the writer; raises Unavailable where no answer comes in time."""
        futures = self.writer.submit(items)
        try:
            return [future.result(WAIT_SECONDS) for future in futures]
        except TimeoutError as error:
            raise Unavailable("writer-slow") from error

    def _public_keys(self, submission: Submission) -> dict[str, bytes]:
        payload = submission.envelope.payload
        if payload.type == GENESIS:
            public = bytes.fromhex(submission.body["operator_key"])
            return {key_id(public): public}
        missing = [key for key in payload.keys if key not in self._keys]
        if missing:
            query = select(key_table.c.key, key_table.c.public).where(key_table.c.key.in_(missing))
            with self.readers.connect() as connection:
                found = {row.key: bytes.fromhex(row.public) for row in connection.execute(query)}
            with self._lock:
                self._keys.update(found)
        return {key: self._keys[key] for key in payload.keys if key in self._keys}
