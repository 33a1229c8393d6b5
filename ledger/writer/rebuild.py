"""Making the projection tables anew from the entries alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from ledger.statements.binary import from_text
from ledger.statements.canonical import parse
from ledger.writer import bulk, tables
from ledger.writer.engine import Engine
from ledger.writer.errors import IntegrityFault
from ledger.writer.outcome import apply, concerned
from ledger.writer.projections import refill, refill_tallies
from ledger.writer.state import Nothing, State
from ledger.writer.store import ROWS_PAGE, StoredEntry, read_entries, read_head

ANY_SIZE = 1 << 30


def rebuild(connection: Connection, engine: Engine, origin: str) -> int:
    """Delete and refill projections and concerns in the caller's transaction; rows written.

    Applies the stored outcomes and decides nothing; the audit is what proves them.
    Raises IntegrityFault where the head or entries are missing.
    """
    head = read_head(connection, origin)
    if head is None:
        raise IntegrityFault("head-missing", origin=origin)
    state = State(Nothing())
    connection.execute(tables.concern.delete())
    concerns: list[dict[str, Any]] = []
    seen = told = 0
    for entry in read_entries(connection, 0, head.size):
        if entry.index != seen:
            raise IntegrityFault("entry-missing", index=seen)
        seen += 1
        public = parse(entry.outcome, max_bytes=ANY_SIZE)["public"]
        body = parse(entry.body, max_bytes=ANY_SIZE)
        others = concerned(engine.kinds, public, body["parts"], _author(entry, body))
        concerns += [{"index": entry.index, "party": party} for party in others]
        if len(concerns) >= ROWS_PAGE:
            bulk.insert(connection, tables.concern, concerns)
            told += len(concerns)
            concerns.clear()
        for part in (public, *body["parts"]):
            apply(state, engine.kinds, part.get("changes", {}))
            apply(state, engine.kinds, part.get("followed", {}))
        state.settle()
    if seen != head.size:
        raise IntegrityFault("entry-missing", index=seen)
    bulk.insert(connection, tables.concern, concerns)
    return (
        told
        + len(concerns)
        + sum(refill(connection, kind, state) for kind in engine.kinds.values())
        + refill_tallies(connection, engine.kinds.values(), state)
    )


def _author(entry: StoredEntry, body: dict[str, Any]) -> str:
    """Whose statement an entry is; the envelope stands in the leaf or behind it."""
    envelope = parse(entry.leaf).get("envelope") or body["envelope"]
    party: str = parse(from_text(envelope["payload"], "/payload"))["party"]
    return party
