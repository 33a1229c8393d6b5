"""Taking out the bodies that the record has given up.

What stays behind a leaf is the envelope and the outcome's parts: enough to prove who stated
something and to apply what followed, and nothing of what was said.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from ledger.statements.canonical import encode, parse
from ledger.statements.envelope import parse_envelope
from ledger.writer import tables
from ledger.writer.engine import Engine
from ledger.writer.frames import pack
from ledger.writer.kept import attached_table, erase_contents, erasure_table, overwrite_freed
from ledger.writer.store import LONG_PREFIX, StoredEntry, read_entries, read_head

ANY_SIZE = 1 << 30


def erase(connection: Connection, engine: Engine, origin: str) -> int:
    """Erase every body that a statement has given up and that is still there; their number.

    The caller's transaction; nobody may write meanwhile.
    """
    head = read_head(connection, origin)
    limits = _limits(connection)
    if head is None or not limits:
        return 0
    overwrite_freed(connection)
    table, last, erased = tables.segment, max(limits.values()), 0
    firsts = connection.execute(
        select(table.c.first, table.c.count).where(table.c.at < last).order_by(table.c.first)
    )
    for first, count in firsts.all():
        erased += _segment(connection, engine, first, count, limits)
    return erased


def _limits(connection: Connection) -> dict[str, int]:
    """By retention class, the instant before which its bodies are given up."""
    rows = connection.execute(select(erasure_table.c.kept, erasure_table.c.before_at))
    return {kept: before_at for kept, before_at in rows}


def _segment(
    connection: Connection, engine: Engine, first: int, count: int, limits: dict[str, int]
) -> int:
    entries = list(read_entries(connection, first, first + count))
    bodies = [_without(engine, entry, limits) for entry in entries]
    gone = [e.index for e, body in zip(entries, bodies, strict=True) if body is not None]
    if gone:
        kept = [body or e.body for e, body in zip(entries, bodies, strict=True)]
        table = tables.segment_body
        packed = {"bodies": pack(kept, LONG_PREFIX)}
        connection.execute(update(table).where(table.c.first == first).values(packed))
        names = select(attached_table.c.index, attached_table.c.name)
        found = connection.execute(names.where(attached_table.c.index.in_(gone)))
        erase_contents(connection, [(index, name) for index, name in found])
    return len(gone)


def _without(engine: Engine, entry: StoredEntry, limits: dict[str, int]) -> bytes | None:
    """What stays of an entry's body, or None where it is kept or already gone."""
    held = parse(entry.body, max_bytes=ANY_SIZE)
    envelope = held.get("envelope") or parse(entry.leaf)["envelope"]
    payload = parse_envelope(envelope).payload
    declared = engine.type_of(payload.type, payload.version)
    if "body" not in held or declared is None:
        return None
    if entry.at >= limits.get(declared.retention, 0):
        return None
    del held["body"]
    return encode(held)
