"""Opening the record: durable settings for the writer, plain ones for readers.

SQLite runs in WAL with ``synchronous=FULL``: NORMAL loses acknowledged commits on power
loss (RELIABILITY.md §0.1).  PostgreSQL runs with ``synchronous_commit=on`` and a limit on
idle transactions, so that a stopped holder of the head row blocks nobody for long.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url

BUSY_TIMEOUT_MS = 10_000
IDLE_IN_TRANSACTION_MS = 10_000


def open_database(url: str, *, writer: bool = False) -> Engine:
    """An engine on the record; ``writer`` begins its transactions as the one writer."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        _sqlite(engine, writer)
        return engine
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    options = (
        f"-c synchronous_commit=on -c timezone=UTC "
        f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS}"
    )
    if writer:
        # The writer reads by key alone; without statistics yet, a table that has just grown
        # would be read from end to end for every batch.
        options += " -c enable_seqscan=off"
    isolation: Any = "READ COMMITTED" if writer else "REPEATABLE READ"
    return create_engine(
        parsed,
        connect_args={"options": options},
        isolation_level=isolation,
        pool_pre_ping=not writer,
    )


def _sqlite(engine: Engine, writer: bool) -> None:
    @event.listens_for(engine, "connect")
    def connect(raw: Any, _: Any) -> None:
        raw.isolation_level = None
        cursor = raw.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")
