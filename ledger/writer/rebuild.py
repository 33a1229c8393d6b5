"""Making the projection tables anew from the entries alone."""

from __future__ import annotations

from sqlalchemy import Connection

from ledger.statements.canonical import parse
from ledger.writer.engine import Engine
from ledger.writer.errors import IntegrityFault
from ledger.writer.outcome import apply
from ledger.writer.state import Nothing, State
from ledger.writer.store import read_entries, read_head, write_rows


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
        changes = [parse(entry.outcome, max_bytes=1 << 30)["public"]]
        changes += parse(entry.body, max_bytes=1 << 30)["parts"]
        done: set[str] = set()
        for part in changes:
            fresh = {}
            for verb, items in part.get("changes", {}).items():
                fresh[verb] = [i for i in items if f"{verb}{i!r}" not in done]
                done.update(f"{verb}{i!r}" for i in items)
            apply(state, engine.kinds, fresh)
        state.settle()
    if seen != head.size:
        raise IntegrityFault("entry-missing", index=seen)
    written = 0
    for kind in engine.kinds.values():
        connection.execute(kind.table.delete())
        rows = list(state.rows(kind).values())
        write_rows(connection, kind, rows, [])
        written += len(rows)
    return written
