"""Opening the disposable store: tables on demand, and one typed error whatever goes wrong."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event, inspect
from sqlalchemy import Engine as Database
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError, SQLAlchemyError

from ledger.writer.errors import Unavailable
from portal.ops.tables import metadata

BUSY_SECONDS, AGAIN_SECONDS = 5, 0.01
READS = "qingzhang_ops_reads"
UNDEFINED = ("42P01", "42703")
"""PostgreSQL's states for a table and a column that are not there."""
T = TypeVar("T")


class Store:
    """Connections to the store of one address.

    Nothing is opened before it is needed, and a file that was taken away is made anew: what
    stood in it is lost, and nothing else.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._database: Database | None = None
        self._path: Path | None = None
        self._file: tuple[int, int] | None = None

    def run(self, work: Callable[[Connection], T], *, reads: bool = False) -> T:
        """Do ``work`` in one transaction; raises Unavailable ``ops-unavailable``.

        One that only ``reads`` waits for nobody who writes.
        """
        try:
            try:
                with self._transaction(reads) as connection:
                    return work(connection)
            except (OperationalError, ProgrammingError) as error:
                if not _shape_differs(error):
                    raise
            # Where another process was first this fails; what is really wrong shows below.
            with suppress(DBAPIError), self._transaction(False) as connection:
                _make_tables(connection)
            with self._transaction(reads) as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise Unavailable("ops-unavailable") from error

    def close(self) -> None:
        """Let go of every connection."""
        with self._lock:
            if self._database is not None:
                self._database.dispose()
                self._database = None

    @contextmanager
    def _transaction(self, reads: bool) -> Iterator[Connection]:
        options = {READS: reads}
        with self._opened().execution_options(**options).begin() as connection:
            yield connection

    def _opened(self) -> Database:
        with self._lock:
            file = None if self._path is None else _identity(self._path)
            if self._database is not None and file != self._file:
                self._database.dispose()  # replaced under a running server
                self._database = None
            if self._database is None:
                self._database = _open(self._url)
                self._path = _path(self._database)
                file = None if self._path is None else _identity(self._path)
            self._file = file
            return self._database


def _path(database: Database) -> Path | None:
    """The file of a database that is one."""
    name = database.url.database if database.dialect.name == "sqlite" else None
    return Path(name) if name else None


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells one file from another of the same name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _open(url: str) -> Database:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        return create_engine(parsed, pool_pre_ping=True)
    database = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(database, "connect")
    def connect(raw: Any, _: Any) -> None:
        raw.isolation_level = None
        cursor = raw.cursor()
        _turn_to_wal(cursor)
        cursor.execute("PRAGMA synchronous=OFF")  # what a power cut takes here is no loss
        cursor.close()

    @event.listens_for(database, "begin")
    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get(READS)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return database


def _turn_to_wal(cursor: Any) -> None:
    """Ask for WAL again while others ask for it too: of two that turn a new file, SQLite lets one
    wait and refuses the other at once, whatever its timeout (https://sqlite.org/rescode.html#busy).
    """
    until = monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() >= until:
                raise
            sleep(AGAIN_SECONDS)
        else:
            return


def _make_tables(connection: Connection) -> None:
    """Make what is missing; a table of an earlier shape goes with all that is in it."""
    found = inspect(connection)
    for table in metadata.tables.values():
        if found.has_table(table.name):
            columns = {column["name"] for column in found.get_columns(table.name)}
            if columns != set(table.c.keys()):
                table.drop(connection)
    metadata.create_all(connection)


def _shape_differs(error: DBAPIError) -> bool:
    text = str(error.orig)
    missing = any(words in text for words in ("no such table", "no such column", "no column named"))
    return missing or getattr(error.orig, "sqlstate", None) in UNDEFINED
