"""Drafts: statements that wait for a second signature.

A draft is what its author signed, byte for byte; whoever signs next signs the same payload, and
when the last signature is there the whole is an ordinary statement.  The store holds no rights:
who may do what is decided by the callers, by the keys that the payload names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from ledger.statements.envelope import Envelope, Submission, parse_draft
from ledger.statements.errors import StatementError
from ledger.writer.errors import Unavailable
from portal.ops.store import Store
from portal.ops.tables import draft

WAITING_A_PARTY = 500
KEPT_MS = 7 * 24 * 3600 * 1000
"""How long a draft stays to be seen after its statement's life is over."""


class DraftState(StrEnum):
    """Where a draft stands; whether a ``signed`` one is an entry, the record alone can say."""

    WAITING = "waiting"
    SIGNED = "signed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


LIVING = (DraftState.WAITING, DraftState.SIGNED)


@dataclass(frozen=True)
class Draft:
    """A stored draft; ``state`` is as of the time at which it was read."""

    party: str
    id: str
    type: str
    payload_sha256: str
    data: bytes
    author: str
    state: DraftState
    reason: str | None
    decided_by: str | None
    created_at: int
    expires_at: int

    @cached_property
    def submission(self) -> Submission:
        """The statement as far as it is signed; raises Unavailable where the store is damaged."""
        try:
            return parse_draft(self.data)
        except StatementError as error:
            raise Unavailable("ops-unavailable") from error


class DraftConflict(Exception):
    """Another draft has that id, or the draft is no longer open; ``state`` says how it stands."""

    def __init__(self, state: DraftState | None = None) -> None:
        super().__init__(state)
        self.state = state


class DraftsFull(Exception):
    """A party has as many open drafts as it may."""


class Drafts:
    """The drafts of a store; every method may raise Unavailable.  Times in UTC milliseconds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, submission: Submission, author: str, now: int) -> tuple[Draft, bool]:
        """Keep a draft; gives it and whether it is new.

        Raises DraftConflict where another draft has its id, DraftsFull.
        """
        payload = submission.envelope.payload
        row = {
            "party": payload.party,
            "id": payload.id,
            "type": payload.type,
            "payload_sha256": submission.envelope.payload_sha256,
            "submission": submission.encode(),
            "author": author,
            "state": DraftState.WAITING.value,
            "created_at": now,
            "expires_at": payload.expires_at,
        }

        def work(connection: Connection) -> tuple[Draft, bool]:
            connection.execute(delete(draft).where(draft.c.expires_at <= now - KEPT_MS))
            found = _one(connection, payload.party, payload.id, now)
            if found is not None:
                if found.payload_sha256 != row["payload_sha256"]:
                    raise DraftConflict(found.state)
                return found, False
            own = _waits(now) & (draft.c.party == payload.party)
            count = connection.execute(select(func.count()).where(own)).scalar_one()
            if count >= WAITING_A_PARTY:
                raise DraftsFull
            connection.execute(draft.insert(), row)
            made = _one(connection, payload.party, payload.id, now)
            assert made is not None
            return made, True

        return self._store.run(work)

    def one(self, party: str, id: str, now: int) -> Draft | None:
        """A draft of a party."""
        return self._store.run(lambda connection: _one(connection, party, id, now), reads=True)

    def list(self, party: str, now: int, *, waiting: bool = False) -> list[Draft]:
        """Every draft of a party that is still kept, or waits, in the order of their ids."""
        query = select(draft).where(draft.c.party == party).order_by(draft.c.id)
        if waiting:
            query = query.where(_waits(now))
        rows = self._store.run(
            lambda connection: list(connection.execute(query).mappings()), reads=True
        )
        return [_draft(row, now) for row in rows]

    def sign(self, found: Draft, key: str, signature: bytes, now: int) -> Draft:
        """Add a signature that the caller has verified; raises DraftConflict once it is over."""

        def change(current: Draft) -> dict[str, Any]:
            envelope = current.submission.envelope
            signed = {**dict(envelope.signatures), key: signature}
            whole = Envelope(
                envelope.payload_bytes,
                envelope.payload,
                tuple((k, signed[k]) for k in envelope.payload.keys if k in signed),
            )
            state = DraftState.WAITING if whole.missing else DraftState.SIGNED
            submission = Submission(whole, current.submission.body, current.submission.attachments)
            return {"submission": submission.encode(), "state": state.value}

        return self._change(found, change, now)

    def close(
        self, found: Draft, state: DraftState, key: str, now: int, reason: str | None = None
    ) -> Draft:
        """Reject or withdraw a draft that waits; raises DraftConflict once it is over."""
        row = {"state": state.value, "decided_by": key, "reason": reason}
        return self._change(found, lambda _: row, now)

    def _change(self, found: Draft, change: Callable[[Draft], dict[str, Any]], now: int) -> Draft:
        def work(connection: Connection) -> Draft:
            current = _one(connection, found.party, found.id, now, lock=True)
            if current is None or current.state is not DraftState.WAITING:
                raise DraftConflict(None if current is None else current.state)
            query = update(draft).where(draft.c.party == found.party, draft.c.id == found.id)
            connection.execute(query.values(**change(current)))
            changed = _one(connection, found.party, found.id, now)
            assert changed is not None
            return changed

        return self._store.run(work)


def _waits(now: int) -> ColumnElement[bool]:
    return (draft.c.state == DraftState.WAITING.value) & (draft.c.expires_at > now)


def _one(
    connection: Connection, party: str, id: str, now: int, *, lock: bool = False
) -> Draft | None:
    query = select(draft).where(draft.c.party == party, draft.c.id == id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    return None if row is None else _draft(row, now)


def _draft(row: Any, now: int) -> Draft:
    values = dict(row)
    state = DraftState(values.pop("state"))
    if state in LIVING and values["expires_at"] <= now:
        state = DraftState.EXPIRED
    return Draft(state=state, data=bytes(values.pop("submission")), **values)
