"""What is kept and what has been given up: attachments one by one, bodies by class and day.

Contents lie in the record's own tables; what stands here is decided, replayed and audited, so
that nothing goes missing which no statement has given up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, String, Table, bindparam, update

from ledger.statements.types import StatementType
from ledger.writer import tables
from ledger.writer.context import Context
from ledger.writer.kinds import Key, Kind, Row

attached_table = Table(
    "attached",
    tables.metadata,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(63), primary_key=True),
    Column("party", String(63), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("kept", String(40), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("erased_at", BigInteger),
)

erasure_table = Table(
    "erasure",
    tables.metadata,
    Column("kept", String(40), primary_key=True),
    Column("before", String(10), nullable=False),
    Column("before_at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)


def _party(row: Row) -> tuple[str, ...]:
    return (row["party"],) if "party" in row else ()


ATTACHED = Kind("attached", attached_table, parties=_party)
ERASURE = Kind("erasure", erasure_table)


def note_attachments(context: Context, declared: StatementType, body: Mapping[str, Any]) -> None:
    """Put what an accepted statement attached on the list."""
    for name, digest in sorted(body.get("attachments", {}).items()):
        context.insert(
            ATTACHED,
            {
                "index": context.index,
                "name": name,
                "party": context.party,
                "digest": digest,
                "kept": declared.attachments_kept or declared.retention,
                "at": context.at,
                "erased_at": None,
            },
        )


def erase_contents(connection: Connection, keys: Iterable[Key]) -> None:
    """Overwrite the content of attachments, and the salt by which a guess could be tried."""
    table = tables.attachment
    gone = [{"i": index, "n": name} for index, name in keys]
    if gone:
        overwrite_freed(connection)
        matches = (table.c.index == bindparam("i"), table.c.name == bindparam("n"))
        empty = {"content": None, "salt": None, "media_type": None}
        connection.execute(update(table).where(*matches).values(empty), gone)


def overwrite_freed(connection: Connection) -> None:
    """Have SQLite zero what it frees on this connection; PostgreSQL's vacuum reuses it."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
