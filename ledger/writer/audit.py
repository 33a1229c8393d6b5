"""The audit: hash, check and decide every entry again, and compare with what is stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from ledger.log.checkpoint import open_checkpoint
from ledger.log.errors import NoteError
from ledger.log.merkle import leaf_hash
from ledger.log.note import parse_vkey
from ledger.log.tiles import Edge
from ledger.statements.canonical import encode, parse
from ledger.statements.envelope import parse_envelope, verify_signatures
from ledger.statements.instants import format_instant
from ledger.statements.types import Circle
from ledger.writer import tables
from ledger.writer.engine import Engine
from ledger.writer.errors import IntegrityFault
from ledger.writer.state import Nothing, State
from ledger.writer.store import StoredEntry, read_entries, read_head


@dataclass(frozen=True)
class Report:
    """What was proved: entries replayed, checkpoints opened, projection rows compared."""

    size: int
    root: str
    replayed: int
    checkpoints: int
    rows: int


def audit(connection: Connection, engine: Engine, origin: str, vkey: str) -> Report:
    """Replay the whole log as the supervisor; raises IntegrityFault at the first difference.

    Signers' keys are read from the replayed rows of kind ``signing_key``.
    """
    head = read_head(connection, origin)
    if head is None:
        raise IntegrityFault("head-missing", origin=origin)
    state, edge = State(Nothing()), Edge()
    full: dict[tuple[int, int], bytes] = {}
    roots = {0: edge.root()}
    ids: dict[Any, Any] = {}
    at = 0
    for entry in read_entries(connection, 0, 1 << 62):
        if entry.index != edge.size or entry.at < at:
            raise IntegrityFault("entry-out-of-order", index=entry.index)
        at = entry.at
        row = _entry(engine, state, entry)
        ids[row["id"], row["party"]] = row
        for level, number, data in edge.extend([leaf_hash(entry.leaf)]):
            full[level, number] = data
        roots[edge.size] = edge.root()
    if (head.size, head.root, head.at) != (edge.size, edge.root().hex(), at or head.at):
        raise IntegrityFault("head-differs", index=head.size)
    _compare(connection, tables.statement, ids)
    stored = {k: {"level": k[0], "number": k[1], "hashes": v} for k, v in full.items()}
    _compare(connection, tables.tile, stored)
    checkpoints = _checkpoints(connection, origin, vkey, roots)
    rows = 0
    for kind in engine.kinds.values():
        held = state.rows(kind)
        _compare(connection, kind.table, held)
        rows += len(held)
    return Report(edge.size, edge.root().hex(), edge.size, checkpoints, rows)


def _entry(engine: Engine, state: State, entry: StoredEntry) -> dict[str, Any]:
    """Decide one entry again; returns its row of the statement table."""
    try:
        leaf = parse(entry.leaf)
        held = parse(entry.body, max_bytes=1 << 30)
        envelope = parse_envelope(leaf.get("envelope") or held["envelope"])
        payload = envelope.payload
        declared = engine.type_of(payload.type, payload.version)
        if declared is None:
            raise IntegrityFault("type-unknown", index=entry.index, type=payload.type)
        if hashlib.sha256(encode(held["body"])).hexdigest() != payload.body_sha256:
            raise IntegrityFault("body-differs", index=entry.index)
        signers = engine.authenticate(state, envelope, declared, entry.at, entry.index)
        outcome = engine.decide(
            state, declared, envelope, held["body"], signers, at=entry.at, index=entry.index
        )
        state.settle()
        kind = engine.kinds["signing_key"]
        keys = {k: state.get(kind, k) for k in payload.keys}
        verify_signatures(envelope, {k: bytes.fromhex(r["public"]) for k, r in keys.items() if r})
    except IntegrityFault:
        raise
    except Exception as error:
        raise IntegrityFault("entry-unproved", index=entry.index, cause=repr(error)) from error
    again: dict[str, Any] = {"at": format_instant(entry.at), "outcome_sha256": outcome.sha256}
    body: dict[str, Any] = {"body": held["body"], "parts": [parse(p) for p in outcome.parts]}
    if declared.circle is Circle.PUBLIC:
        again["envelope"] = parse(envelope.bytes)
    else:
        again["envelope_sha256"] = envelope.sha256
        body["envelope"] = parse(envelope.bytes)
    for name, made, found in (
        ("leaf", encode(again), entry.leaf),
        ("outcome", outcome.data, entry.outcome),
        ("body", encode(body), entry.body),
    ):
        if made != found:
            raise IntegrityFault("entry-differs", index=entry.index, part=name)
    digest = envelope.payload_sha256
    row = {"id": payload.id, "party": payload.party, "digest": digest}
    return {**row, "index": entry.index, "type": payload.type}


def _checkpoints(connection: Connection, origin: str, vkey: str, roots: dict[int, bytes]) -> int:
    count = 0
    for row in connection.execute(select(tables.checkpoint)).mappings():
        try:
            signed, _ = open_checkpoint(row["note"], [parse_vkey(vkey)])
        except NoteError as error:
            raise IntegrityFault("checkpoint-unsigned", size=row["size"]) from error
        root = roots.get(row["size"])
        told = (signed.origin, signed.size, signed.root, row["root"])
        if root is None or told != (origin, row["size"], root, root.hex()):
            raise IntegrityFault("checkpoint-differs", size=row["size"])
        count += 1
    return count


def _compare(connection: Connection, table: Table, wanted: dict[Any, Any]) -> None:
    """Compare a table with the rows it should hold, in both directions."""
    left = dict(wanted)
    names = [column.name for column in table.primary_key.columns]
    for found in connection.execute(select(table)).mappings():
        key = tuple(found[name] for name in names)
        row = left.pop(key, None)
        if row is None:
            raise IntegrityFault("row-unexplained", table=table.name, key=list(key))
        for column in table.columns:
            if found[column.name] != row.get(column.name):
                params = {"table": table.name, "key": list(key), "column": column.name}
                raise IntegrityFault("row-differs", **params)
    if left:
        raise IntegrityFault("row-missing", table=table.name, key=list(min(left)))
