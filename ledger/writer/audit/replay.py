"""Deciding every statement again, in the order of the log, from nothing but the entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import orjson

from ledger.statements.canonical import dumps
from ledger.statements.ed25519 import check_public_key, key_id, verify
from ledger.statements.envelope import Payload
from ledger.statements.errors import StatementError
from ledger.statements.types import Circle
from ledger.writer.audit.gone import Gone
from ledger.writer.audit.opening import Opened
from ledger.writer.audit.own import Own
from ledger.writer.audit.report import Report
from ledger.writer.engine import Engine
from ledger.writer.errors import LedgerError
from ledger.writer.outcome import Outcome, apply, concerned
from ledger.writer.scheduler import PARTY
from ledger.writer.state import Nothing, State
from ledger.writer.store import StoredEntry

PublicKey = Callable[[State, str], bytes | None]
BROKEN = (StatementError, LedgerError, KeyError, TypeError, ValueError, AttributeError)


class Read(NamedTuple):
    """What an entry makes beside its rows: attachments stated, and whom else it concerns.

    Each is None where it cannot be told: the body is not read, or its parts are not.
    """

    attachments: dict[str, str] | None = None
    concerned: tuple[str, ...] | None = None


UNREAD = Read()


class Replay:
    """The state that the entries make, as a supervisor, the public, or one party sees it.

    ``at`` is the time of the last entry; ``gone`` gathers the bodies found erased.
    """

    def __init__(
        self,
        engine: Engine,
        public_key: PublicKey,
        report: Report,
        *,
        supervisor: bool,
        own: Own | None = None,
    ) -> None:
        self.state = State(Nothing(), public_only=not supervisor)
        self.gone = Gone()
        self.at = 0
        self.own = own
        self._engine = engine
        self._public_key = public_key
        self._report = report
        self._supervisor = supervisor
        self._calendars = False
        self._late: set[tuple[str, str]] = set()

    def entry(self, entry: StoredEntry, opened: Opened) -> Read:
        """Replay one entry; gives what it makes beside its rows."""
        report = self._report
        report.entries += 1
        report.signatures += opened.signatures
        for code, params in opened.faults:
            report.fault(code, index=entry.index, **params)
        if entry.at < self.at:
            report.fault("time-differs", index=entry.index)
        self.at = entry.at
        try:
            return self._replay(entry, opened)
        except BROKEN as error:
            report.fault("entry-broken", index=entry.index, reason=str(error))
            return UNREAD
        finally:
            self.state.forget()

    def _replay(self, entry: StoredEntry, opened: Opened) -> Read:
        if self.own is not None:
            self.own.entry(entry, opened)
        if not opened.public and not self._supervisor:
            self._apply(orjson.loads(entry.outcome)["public"], "changes")
            if self.own is not None and self.own.reads(opened):
                self._resolve(entry.index, opened)
                self._report.own += 1
            else:
                self._report.sealed += 1
            return UNREAD
        if opened.payload is None:
            return UNREAD  # broken, and said so
        self._resolve(entry.index, opened)
        if opened.body is None:
            return self._erased(entry, opened.payload)
        others = self._decide(entry, opened.payload, opened.body, opened.public)
        return Read(opened.body.get("attachments", {}), others)

    def _apply(self, part: dict[str, Any], *names: str) -> None:
        for name in names:
            if changes := part.get(name):
                apply(self.state, self._engine.kinds, changes)

    def _erased(self, entry: StoredEntry, payload: Payload) -> Read:
        """Nothing can be decided again without the words; what they led to is bound and applied."""
        declared = self._engine.type_of(payload.type, payload.version)
        if declared is None:
            self._report.fault("type-unknown", index=entry.index, type=payload.type)
            return UNREAD
        public = orjson.loads(entry.outcome)["public"]
        parts = orjson.loads(entry.body)["parts"] if self._supervisor else []
        for part in (public, *parts):
            self._apply(part, "changes", "followed")
        self.gone.bodies.append((entry.index, entry.at, declared.retention))
        self._report.erased += 1
        if not self._supervisor:
            return UNREAD
        return Read(None, concerned(self._engine.kinds, public, parts, payload.party))

    def _decide(
        self, entry: StoredEntry, payload: Payload, body: dict[str, Any], public: bool
    ) -> tuple[str, ...] | None:
        engine, at, index = self._engine, entry.at, entry.index
        declared = engine.type_of(payload.type, payload.version)
        if declared is None or (declared.circle is Circle.PUBLIC) != public:
            self._report.fault("type-unknown", index=index, type=payload.type)
            return None
        declared.check(body)
        if self._supervisor and payload.party != PARTY:
            self._check_due(at, index)
        signers = engine.authenticate(self.state, payload, declared, at, index)
        again = engine.decide(
            self.state, declared, payload, body, signers, at=at, index=index, write=dumps
        )
        if not self._supervisor:
            self._compare_public(entry, again)
        elif again.data != entry.outcome:
            self._report.fault("outcome-differs", index=index)
        self._report.replayed += 1
        return again.concerned if self._supervisor else None

    def _compare_public(self, entry: StoredEntry, again: Outcome) -> None:
        """The public decides what is public again; what followed behind the leaf it applies."""
        stored = orjson.loads(entry.outcome)["public"]
        followed = stored.pop("followed", {})
        if orjson.loads(again.data)["public"] != stored:
            self._report.fault("outcome-differs", index=entry.index)
        apply(self.state, self._engine.kinds, followed)

    def _check_due(self, at: int, index: int) -> None:
        """What is due comes before any other statement; only a supervisor sees all of it."""
        if self._calendars and not self.state.may_be_due(at):
            return
        self._calendars = True  # asking once is what makes the state keep them
        for due in self._engine.due(self.state, at):
            if (due.type, due.item) not in self._late:
                self._late.add((due.type, due.item))
                self._report.fault("due-not-applied", index=index, type=due.type, item=due.item)

    def _resolve(self, index: int, opened: Opened) -> None:
        """Find the key of each signature in the register, and check what was left unchecked."""
        if opened.payload is None:
            return
        for key, message, signature in opened.unverified:
            public = self._public_key(self.state, key)
            if index == 0 and opened.body is not None:
                public = bytes.fromhex(opened.body["operator_key"])
                check_public_key(public)
            if public is None or key_id(public) != key:
                self._report.fault("key-unknown", index=index, key=key)
                continue
            self._report.signatures += 1
            if not verify(public, message, signature):
                self._report.fault("signature-invalid", index=index)
