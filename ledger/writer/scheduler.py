"""The scheduler: states what falls due, under a key of its own, each item exactly once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.statements.ed25519 import key_id, public_bytes
from ledger.statements.envelope import Payload, body_digest, sign_statement
from ledger.statements.ids import derived_uuid7
from ledger.statements.types import Circle
from ledger.writer.engine import Engine
from ledger.writer.errors import BrokenInvariant
from ledger.writer.room import Due

if TYPE_CHECKING:
    from ledger.writer.writer import Pending

PARTY = "scheduler"
VERSION = 1
LIFETIME_MS = 3_600_000


class Scheduler:
    """Signs the statements of due items for one log."""

    def __init__(self, origin: str, engine: Engine, key: Ed25519PrivateKey) -> None:
        self._origin = origin
        self._engine = engine
        self._key = key
        self._public = public_bytes(key)

    def id_of(self, due: Due) -> str:
        """The statement id of an item: whoever makes it, whenever, it is the same."""
        return derived_uuid7(due.at, f"{self._origin} {due.type}", due.item, 0)

    def _salt(self, id: str) -> str:
        """The salt of a confidential statement: it follows from the key, and from nothing else."""
        signed = self._key.sign(f"qingzhang/scheduler-salt/v1\n{self._origin}\n{id}".encode())
        return hashlib.sha256(signed).hexdigest()[:32]

    def state(self, due: Due, at: int) -> Pending:
        """The signed statement of a due item, made at ``at``.

        Raises BrokenInvariant for a type that no room declares, Malformed for a wrong body.
        """
        from ledger.writer.writer import Pending  # noqa: PLC0415  (the two name each other)

        declared = self._engine.type_of(due.type, VERSION)
        if declared is None:
            raise BrokenInvariant("due-type-unknown", type=due.type)
        body = dict(due.body)
        if declared.circle is not Circle.PUBLIC:
            body["salt"] = self._salt(self.id_of(due))
        declared.check(body)
        key = key_id(self._public)
        payload = Payload(
            self._origin,
            self.id_of(due),
            due.type,
            VERSION,
            PARTY,
            (key,),
            at,
            at + LIFETIME_MS,
            body_digest(body),
        )
        submission = sign_statement(payload, body, [self._key])
        return Pending(submission, declared, {key: self._public})
