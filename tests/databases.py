"""Databases for tests: SQLite files, or one private PostgreSQL that a test run starts and ends."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from portal.bench import postgres

KIND = "QINGZHANG_TEST_DATABASE"
SOCKETS = "QINGZHANG_TEST_POSTGRES"  # the folder of the server's socket, handed to the workers
# What a test writes need not outlive a power cut; what a commit promises stays as in production.
SERVER_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum": "off",
    "wal_level": "minimal",  # with which a copy of a database is files that are copied, and no log
    "max_wal_senders": "0",
}


def wanted() -> str:
    """Say which kind of database this run uses: sqlite or postgres."""
    kind = os.environ.get(KIND, "sqlite")
    if kind not in {"sqlite", "postgres"}:
        raise ValueError(f"{KIND} is sqlite or postgres, not {kind!r}")
    return kind


def start_postgres(within: str | None) -> Callable[[], None]:
    """Start a server that listens on a Unix socket alone; return what ends it.

    It keeps its files ``within`` a folder, or where temporary files go.
    """
    server = postgres.start(SERVER_SETTINGS, within)
    os.environ[SOCKETS] = str(server.sockets)
    return server.stop


def _admin() -> psycopg.Connection:
    address = f"host={os.environ[SOCKETS]} user=postgres dbname=postgres"
    return psycopg.connect(address, autocommit=True)


def _create(admin: psycopg.Connection, name: str, source: str) -> None:
    """Copy a database, to which nobody may be connected meanwhile."""
    names = {"name": sql.Identifier(name), "source": sql.Identifier(source)}
    admin.execute(
        sql.SQL("CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY").format(**names)
    )


def _drop(admin: psycopg.Connection, name: str) -> None:
    command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    admin.execute(command.format(sql.Identifier(name)))


def _free_address() -> str:
    return f"postgresql+psycopg://postgres@/t{uuid.uuid4().hex}?host={os.environ[SOCKETS]}"


def _new_postgres(admin: psycopg.Connection, source: str) -> str:
    url = _free_address()
    _create(admin, _name(url), source)
    return url


@contextmanager
def fresh_postgres(template: str | None = None) -> Iterator[str]:
    """Make a database, empty or a copy of the template's; hand out its address; drop it.

    Nobody may be connected to the template meanwhile.
    """
    with _admin() as admin:
        url = _new_postgres(admin, _name(template) if template else "template1")
        try:
            yield url
        finally:
            _drop(admin, _name(url))


@contextmanager
def vacant(folder: Path) -> Iterator[str]:
    """The address of a database that ``copy`` may make; what is there at the end is dropped."""
    if wanted() == "postgres":
        url = _free_address()
        try:
            yield url
        finally:
            with _admin() as admin:
                _drop(admin, _name(url))
    else:
        yield f"sqlite:///{folder / 'ledger.sqlite'}"


def lasting(folder: Path, beside: str) -> str:
    """An empty database of the kind of another that stands until the run ends."""
    if not beside.startswith("sqlite"):
        with _admin() as admin:
            return _new_postgres(admin, "template1")
    return f"sqlite:///{folder / 'ledger.sqlite'}"


def vacant_beside(url: str, folder: Path) -> str:
    """Where ``copy`` may make a database of the kind of another that stands until the run ends."""
    return f"sqlite:///{folder / 'ledger.sqlite'}" if url.startswith("sqlite") else _free_address()


def copy(source: str, to: str) -> None:
    """Put a copy of a database at an address of its kind where none is."""
    if to.startswith("sqlite"):
        path = Path(_name(to))
        assert not path.exists() or not path.stat().st_size, "a database is there"
        shutil.copyfile(_name(source), path)
        return
    with _admin() as admin:
        _create(admin, _name(to), _name(source))


def _name(url: str) -> str:
    return make_url(url).database or ""


@contextmanager
def fresh_sqlite(folder: Path, template: str | None = None) -> Iterator[str]:
    """The same with a file in a folder."""
    path = folder / "ledger.sqlite"
    if template:
        shutil.copyfile(_name(template), path)
    yield f"sqlite:///{path}"


@contextmanager
def fresh(folder: Path, template: str | None = None) -> Iterator[str]:
    """A database of the kind that this run uses."""
    made = fresh_postgres(template) if wanted() == "postgres" else fresh_sqlite(folder, template)
    with made as url:
        yield url
