"""Making the projection tables anew from the entries alone."""

from __future__ import annotations

from sqlalchemy import Connection

from ledger.statements.canonical import parse
from ledger.writer.engine import Engine
from ledger.writer.errors import IntegrityFault
from ledger.writer.outcome import apply
from ledger.writer.projections import refill
from ledger.writer.state import Nothing, State
from ledger.writer.store import read_entries, read_head

ANY_SIZE = 1 << 30


def rebuild(connection: Connection, engine: Engine, origin: str) -> int:
    """Delete and refill every projection table in the caller's transaction; rows written.

    Applies the stored outcomes and decides nothing; the audit is what proves them.
    Raises IntegrityFault where the head or entries are missing.
    """
    head = read_head(connection, origin)
    if head is None:
        raise IntegrityFault("head-missing", origin=origin)
    state = State(Nothing())
    seen = 0
    for entry in read_entries(connection, 0, head.size):
        if entry.index != seen:
            raise IntegrityFault("entry-missing", index=seen)
        seen += 1
        parts = [parse(entry.outcome, max_bytes=ANY_SIZE)["public"]]
        parts += parse(entry.body, max_bytes=ANY_SIZE)["parts"]
        for part in parts:
            apply(state, engine.kinds, part.get("changes", {}))
            apply(state, engine.kinds, part.get("followed", {}))
        state.settle()
    if seen != head.size:
        raise IntegrityFault("entry-missing", index=seen)
    return sum(refill(connection, kind, state) for kind in engine.kinds.values())
