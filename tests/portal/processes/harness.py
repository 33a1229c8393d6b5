"""Serves a home by several processes, kills some while 16 threads submit, and counts."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from ledger.statements.canonical import parse
from ledger.statements.ed25519 import load_private
from ledger.statements.envelope import parse_envelope, parse_submission
from ledger.writer import store
from ledger.writer.clock import SystemClock
from portal.config import Settings, at_home
from portal.home.opening import init_ledger, open_record
from portal.house import make_engine
from portal.statements.signing import compose

ORIGIN = "ledger.example/kill"
SECONDS = 60
THREADS = 16


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def prepare(home: Path, count: int) -> tuple[Settings, list[bytes]]:
    """A new ledger in ``home`` and statements that it will accept."""
    settings = at_home(home)
    clock = SystemClock()
    init_ledger(settings, ORIGIN, clock, os.urandom).close()
    keys = [load_private(settings.keys / f"regulator-{n}.pem") for n in (1, 2)]
    engine = make_engine()
    said = []
    for number in range(count):
        body = {
            "code": f"test-parameter-{number}",
            "valid_from": "2026-01-01",
            "value": "7",
            "unit": "days",
            "source": "test document",
            "confidence": "low",
        }
        made = compose(
            engine,
            ORIGIN,
            "parameter.set",
            "regulator",
            body,
            keys,
            now=clock.now(),
            entropy=os.urandom,
        )
        said.append(made.encode())
    return settings, said


def identity(data: bytes) -> str:
    return parse_submission(data).envelope.payload.id


def logged(settings: Settings) -> list[str]:
    """The ids in the log, in order."""
    record = open_record(settings)
    ids = []
    with record.reading() as connection:
        for entry in store.read_entries(connection, 0, record.head(connection).size):
            envelope = parse(entry.leaf).get("envelope") or parse(entry.body).get("envelope")
            if envelope:
                ids.append(parse_envelope(envelope).payload.id)
    record.database.dispose()
    return ids


@dataclass
class Served:
    """A running server with its processes."""

    process: subprocess.Popen[bytes]
    port: int

    def children(self) -> dict[int, str]:
        """Process ids of the children and what they do."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == self.process.pid:
                    words = (folder / "cmdline").read_bytes().split(b"\0")
                    found[int(folder.name)] = words[3].decode()
            except (OSError, IndexError):
                continue
        return found

    def one(self, role: str) -> int:
        """The process id of a parent, writer or worker."""
        if role == "parent":
            return self.process.pid
        return next(number for number, what in self.children().items() if what == role)


def serve(settings: Settings, port: int, command: tuple[str, ...] = (), workers: int = 2) -> Served:
    """Start a server and wait until it is ready."""
    shell = "from portal.cli import main; main()"
    usual = ("-c", shell, "serve", "--workers", str(workers), "--port")
    environment = {**os.environ, "QINGZHANG_HOME": str(settings.home)}
    environment.pop("QINGZHANG_DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, *(command or usual), str(port)],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    served = Served(process, port)
    wait_until(lambda: process.poll() is not None or ask(port, "GET", "/readyz") == 200)
    assert process.poll() is None, "the server did not start"
    return served


def wait_until(holds: object, seconds: int = SECONDS) -> None:
    """Look again and again; raises AssertionError where it does not come true."""
    assert callable(holds)
    until, pause = time.monotonic() + seconds, threading.Event()
    while not holds():
        assert time.monotonic() < until, "it did not come true in time"
        pause.wait(0.02)


def ask(port: int, method: str, path: str, data: bytes | None = None) -> int | None:
    """The status of an answer, or None where the connection failed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request(method, path, data, {"Content-Type": "application/json"})
        with connection.getresponse() as answer:
            answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    if answer.status == 503:
        assert answer.getheader("Retry-After") or path == "/readyz"
    return answer.status


def gone(number: int) -> bool:
    """Whether a process has ended; one that nobody has waited for has."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@dataclass
class Load:
    """16 threads that submit until each statement is acknowledged."""

    port: int
    said: list[bytes]
    acknowledged: list[str] = field(default_factory=list)
    statuses: set[int | None] = field(default_factory=set)
    stopped: threading.Event = field(default_factory=threading.Event)

    def start(self) -> list[threading.Thread]:
        threads = [
            threading.Thread(target=self._run, args=(self.said[n::THREADS],))
            for n in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        return threads

    def _run(self, mine: list[bytes]) -> None:
        for data in mine:
            while not self.stopped.is_set():
                status = ask(self.port, "POST", "/v1/statements", data)
                self.statuses.add(status)
                if status in (200, 201):
                    self.acknowledged.append(identity(data))
                    break
                self.stopped.wait(0.05)


def kill(served: Served, role: str) -> list[int]:
    """Kill one process of a server; all of its processes as they were."""
    everyone = [served.process.pid, *served.children()]
    os.kill(served.one(role), signal.SIGKILL)
    return everyone
