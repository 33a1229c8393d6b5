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
}


def wanted() -> str:
    """Say which kind of database this run uses: sqlite or postgres."""
    kind = os.environ.get(KIND, "sqlite")
    if kind not in {"sqlite", "postgres"}:
        raise ValueError(f"{KIND} is sqlite or postgres, not {kind!r}")
    return kind


def start_postgres() -> Callable[[], None]:
    """Start a server that listens on a Unix socket alone; return what ends it."""
    server = postgres.start(SERVER_SETTINGS)
    os.environ[SOCKETS] = str(server.sockets)
    return server.stop


@contextmanager
def fresh_postgres(template: str | None = None) -> Iterator[str]:
    """Make a database, empty or a copy of the template's; hand out its address; drop it.

    Nobody may be connected to the template meanwhile.
    """
    sockets = os.environ[SOCKETS]
    name = f"t{uuid.uuid4().hex}"
    source = make_url(template).database if template else "template1"
    with psycopg.connect(f"host={sockets} user=postgres dbname=postgres", autocommit=True) as admin:
        names = {"name": sql.Identifier(name), "source": sql.Identifier(source or "")}
        admin.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {source}").format(**names))
        try:
            yield f"postgresql+psycopg://postgres@/{name}?host={sockets}"
        finally:
            admin.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**names))


@contextmanager
def fresh_sqlite(folder: Path, template: str | None = None) -> Iterator[str]:
    """The same with a file in a folder."""
    path = folder / "ledger.sqlite"
    if template:
        shutil.copyfile(make_url(template).database or "", path)
    yield f"sqlite:///{path}"


@contextmanager
def fresh(folder: Path, template: str | None = None) -> Iterator[str]:
    """A database of the kind that this run uses."""
    made = fresh_postgres(template) if wanted() == "postgres" else fresh_sqlite(folder, template)
    with made as url:
        yield url
