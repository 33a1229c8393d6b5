"""The audit: recompute everything from the entries and compare it with what is stored.

As supervisor every statement is decided again.  As the public, entries of confidential types
stay sealed: only the public part of their outcome is applied, after its digest is checked.
An entry whose body has been erased is applied likewise and counted apart, and a statement on
the record must have given that body up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select

from ledger.log.checkpoint import open_checkpoint
from ledger.log.errors import LogError
from ledger.log.merkle import leaf_hash
from ledger.log.note import parse_vkey
from ledger.log.tiles import Edge
from ledger.statements.attachments import Attachment
from ledger.statements.canonical import encode, parse
from ledger.statements.ed25519 import check_public_key, key_id, verify
from ledger.statements.envelope import PAYLOAD_TYPE, Envelope, body_digest, pae, parse_envelope
from ledger.statements.errors import StatementError
from ledger.statements.instants import parse_instant
from ledger.statements.types import Circle
from ledger.writer import tables
from ledger.writer.engine import Engine
from ledger.writer.errors import IntegrityFault, LedgerError
from ledger.writer.gone import Gone
from ledger.writer.log_keys import log_keys, signing
from ledger.writer.outcome import Outcome, apply
from ledger.writer.projections import differences
from ledger.writer.scheduler import PARTY
from ledger.writer.state import Nothing, State
from ledger.writer.store import StoredEntry, read_entries, read_head

CHUNK = 512
THREADS = 2
ANY_SIZE = 1 << 30
PublicKey = Callable[[State, str], bytes | None]
Progress = Callable[[int, int], None]


@dataclass
class Report:
    """What an audit found; ``faults`` is empty where everything proves itself."""

    entries: int = 0
    replayed: int = 0
    sealed: int = 0
    erased: int = 0
    attachments_erased: int = 0
    signatures: int = 0
    checkpoints: int = 0
    root: str = ""
    faults: list[IntegrityFault] = field(default_factory=list)

    def fault(self, code: str, **params: Any) -> None:
        """Note something that does not hold."""
        self.faults.append(IntegrityFault(code, **params))


def audit(
    connection: Connection,
    engine: Engine,
    origin: str,
    vkey: str,
    public_key: PublicKey,
    *,
    supervisor: bool = True,
    progress: Progress | None = None,
) -> Report:
    """Audit the whole record of ``origin``; every fault names entry, or table, key, column."""
    run = _Run(connection, engine, origin, vkey, public_key, supervisor)
    head = read_head(connection, origin)
    if head is None:
        run.report.fault("head-missing", origin=origin)
        return run.report
    entries = iter(read_entries(connection, 0, head.size))
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            while chunk := list(islice(entries, CHUNK)):
                for entry in chunk:
                    run.entry(entry)
                run.check_signatures(pool)
                if progress is not None:
                    progress(run.report.entries, head.size)
    except LedgerError as error:
        run.report.fault(error.code, **{"index": run.report.entries, **error.params})
        return run.report
    run.finish(head.size, head.root, head.at)
    return run.report


class _Run:
    def __init__(
        self,
        connection: Connection,
        engine: Engine,
        origin: str,
        vkey: str,
        public_key: PublicKey,
        supervisor: bool,
    ) -> None:
        self.report = Report()
        self.state = State(Nothing(), public_only=not supervisor)
        self._connection = connection
        self._engine = engine
        self._origin = origin
        self._verifier = parse_vkey(vkey)
        self._public_key = public_key
        self._supervisor = supervisor
        self._edge = Edge()
        self._at = 0
        self._late: set[tuple[str, str]] = set()
        self._signed: list[tuple[int, bytes, bytes, bytes]] = []
        self._gone = Gone()
        self._notes = self._stored_notes()
        self._ids = self._stored_ids()
        self._tiles: dict[tuple[int, int], bytes] = {}

    def entry(self, entry: StoredEntry) -> None:
        """Hash, check and replay one entry."""
        report = self.report
        if entry.index != report.entries:
            raise IntegrityFault("entry-missing", wanted=report.entries)
        for level, number, hashes in self._edge.extend([leaf_hash(entry.leaf)]):
            self._tiles[level, number] = hashes
        report.entries += 1
        try:
            leaf = parse(entry.leaf)
            if encode(leaf) != entry.leaf:
                report.fault("leaf-not-canonical", index=entry.index)
            if hashlib.sha256(entry.outcome).hexdigest() != leaf["outcome_sha256"]:
                report.fault("outcome-digest-differs", index=entry.index)
            if parse_instant(leaf["at"]) != entry.at or entry.at < self._at:
                report.fault("time-differs", index=entry.index)
            self._at = entry.at
            self._replay(entry, leaf)
        except (StatementError, LedgerError, KeyError, TypeError, ValueError) as error:
            report.fault("entry-broken", index=entry.index, reason=str(error))
        self.state.settle()
        self._check_note()

    def _replay(self, entry: StoredEntry, leaf: dict[str, Any]) -> None:
        held = parse(entry.body, max_bytes=ANY_SIZE)
        public = "envelope" in leaf
        envelope = parse_envelope(leaf["envelope"] if public else held["envelope"])
        digest = hashlib.sha256(envelope.bytes).hexdigest()
        if not public and digest != leaf["envelope_sha256"]:
            self.report.fault("envelope-digest-differs", index=entry.index)
        self._check_id(entry.index, envelope)
        if public or self._supervisor:
            if "body" not in held:
                self._apply_erased(entry, envelope, held["parts"])
                return
        else:
            outcome = parse(entry.outcome, max_bytes=ANY_SIZE)
            apply(self.state, self._engine.kinds, outcome["public"].get("changes", {}))
            self.report.sealed += 1
            return
        self._decide(entry, envelope, held, public)

    def _apply_erased(self, entry: StoredEntry, envelope: Envelope, parts: list[Any]) -> None:
        """Nothing can be decided again without the words; what they led to is bound and applied."""
        payload = envelope.payload
        declared = self._engine.type_of(payload.type, payload.version)
        if declared is None:
            self.report.fault("type-unknown", index=entry.index, type=payload.type)
            return
        outcome = parse(entry.outcome, max_bytes=ANY_SIZE)
        if [hashlib.sha256(encode(part)).hexdigest() for part in parts] != outcome["parts"]:
            self.report.fault("outcome-parts-differ", index=entry.index)
        self._sign(entry.index, envelope, {})
        for part in (outcome["public"], *(parts if self._supervisor else ())):
            apply(self.state, self._engine.kinds, part.get("changes", {}))
            apply(self.state, self._engine.kinds, part.get("followed", {}))
        self._gone.bodies.append((entry.index, entry.at, declared.retention))
        self._check_attachments(entry.index, None)
        self.report.erased += 1

    def _decide(
        self, entry: StoredEntry, envelope: Envelope, held: dict[str, Any], public: bool
    ) -> None:
        body, payload = held["body"], envelope.payload
        declared = self._engine.type_of(payload.type, payload.version)
        if declared is None or (declared.circle is Circle.PUBLIC) != public:
            self.report.fault("type-unknown", index=entry.index, type=payload.type)
            return
        if body_digest(body) != payload.body_sha256:
            self.report.fault("body-digest-differs", index=entry.index)
        self._check_attachments(entry.index, body.get("attachments", {}))
        self._sign(entry.index, envelope, body)
        at, index = entry.at, entry.index
        if payload.party != PARTY:
            self._check_due(at, index)
        signers = self._engine.authenticate(self.state, envelope, declared, at, index)
        again = self._engine.decide(
            self.state, declared, envelope, body, signers, at=at, index=index
        )
        if not self._supervisor:
            self._compare_public(entry, again)
        elif again.data != entry.outcome:
            self.report.fault("outcome-differs", index=index)
        elif [parse(part, max_bytes=ANY_SIZE) for part in again.parts] != held["parts"]:
            self.report.fault("outcome-parts-differ", index=index)
        self.report.replayed += 1

    def _compare_public(self, entry: StoredEntry, again: Outcome) -> None:
        """The public decides what is public again; what followed behind the leaf it applies."""
        stored = parse(entry.outcome, max_bytes=ANY_SIZE)
        followed = stored["public"].pop("followed", {})
        if parse(again.data, max_bytes=ANY_SIZE)["public"] != stored["public"]:
            self.report.fault("outcome-differs", index=entry.index)
        apply(self.state, self._engine.kinds, followed)

    def _check_due(self, at: int, index: int) -> None:
        """What is due comes before any other statement; only a supervisor sees all of it."""
        if not self._supervisor:
            return
        for due in self._engine.due(self.state, at):
            if (due.type, due.item) not in self._late:
                self._late.add((due.type, due.item))
                self.report.fault("due-not-applied", index=index, type=due.type, item=due.item)

    def _sign(self, index: int, envelope: Envelope, body: dict[str, Any]) -> None:
        message = pae(PAYLOAD_TYPE, envelope.payload_bytes)
        for key, signature in envelope.signatures:
            public = self._public_key(self.state, key)
            if index == 0:
                public = bytes.fromhex(body["operator_key"])
                check_public_key(public)
            if public is None or key_id(public) != key:
                self.report.fault("key-unknown", index=index, key=key)
                continue
            self._signed.append((index, public, message, signature))

    def check_signatures(self, pool: ThreadPoolExecutor) -> None:
        """Verify what has been gathered, on both cores: libsodium runs without the GIL."""
        good = pool.map(lambda signed: verify(*signed[1:]), self._signed)
        for (index, *_), holds in zip(self._signed, good, strict=True):
            if not holds:
                self.report.fault("signature-invalid", index=index)
        self.report.signatures += len(self._signed)
        self._signed.clear()

    def _stored_notes(self) -> dict[int, tuple[str, str]]:
        rows = self._connection.execute(select(tables.checkpoint))
        return {row.size: (row.root, row.note) for row in rows}

    def _stored_ids(self) -> dict[int, tuple[str, str, str, str]]:
        rows = self._connection.execute(select(tables.statement)).mappings()
        return {r["index"]: (r["party"], r["id"], r["digest"], r["type"]) for r in rows}

    def _check_id(self, index: int, envelope: Envelope) -> None:
        payload = envelope.payload
        stated = (payload.party, payload.id, envelope.payload_sha256, payload.type)
        if self._ids.pop(index, None) != stated:
            self.report.fault("statement-row-differs", index=index)

    def _check_note(self) -> None:
        size = self.report.entries
        stored = self._notes.pop(size, None)
        if stored is None:
            return
        root = self._edge.root()
        rows = log_keys(self.state, self._origin)
        if not rows or rows[0]["vkey"] != self._verifier.vkey:
            self.report.fault("log-key-differs", size=size)
            return
        keys = [parse_vkey(vkey) for vkey in signing(rows, self._at)]
        try:
            head, signed = open_checkpoint(stored[1], keys)
        except LogError as error:
            self.report.fault("checkpoint-broken", size=size, reason=error.code)
            return
        if (head.origin, head.size, head.root) != (self._origin, size, root) or len(signed) < len(
            keys
        ):
            self.report.fault("checkpoint-differs", size=size)
        if stored[0] != root.hex():
            self.report.fault("checkpoint-row-differs", size=size)
        self.report.checkpoints += 1

    def _check_attachments(self, index: int, stated: dict[str, str] | None) -> None:
        """Hold what is stored against the digests stated; None where the body is erased."""
        table = tables.attachment
        rows = self._connection.execute(select(table).where(table.c.index == index)).mappings()
        stored = {row["name"]: row for row in rows}
        if stated is not None and set(stored) != set(stated):
            self.report.fault("attachments-differ", index=index)
        for name, row in stored.items():
            digest = row["digest"]
            if row["content"] is not None:
                digest = Attachment(name, row["media_type"], row["salt"], row["content"]).digest
            elif row["salt"] is None and row["media_type"] is None:
                self._gone.attachments.add((index, name))
                self.report.attachments_erased += 1
            else:
                digest = None
            if digest != row["digest"] or (stated is not None and digest != stated.get(name)):
                self.report.fault("attachment-differs", index=index, name=name)

    def finish(self, size: int, root: str, at: int) -> None:
        """Compare head, tiles, leftovers and every projection row."""
        report = self.report
        report.root = self._edge.root().hex()
        if (report.entries, report.root, self._at) != (size, root, at):
            report.fault("head-differs", size=size)
        for leftover in sorted(self._notes):
            report.fault("checkpoint-beyond", size=leftover)
        for index in sorted(self._ids):
            report.fault("statement-row-differs", index=index)
        last = self._connection.execute(select(func.max(tables.checkpoint.c.size))).scalar()
        if size and last != size:
            report.fault("checkpoint-missing", size=size)
        self._finish_tiles()
        report.faults += self._gone.unexplained(self.state, supervisor=self._supervisor)
        for kind in self._engine.kinds.values():
            if self._supervisor or kind.public:
                for difference in differences(self._connection, kind, self.state):
                    report.fault("projection-differs", table=kind.table.name, **difference)

    def _finish_tiles(self) -> None:
        for row in self._connection.execute(select(tables.tile)):
            if self._tiles.pop((row.level, row.number), None) != row.hashes:
                self.report.fault("tile-differs", level=row.level, number=row.number)
        for level, number in sorted(self._tiles):
            self.report.fault("tile-missing", level=level, number=number)
