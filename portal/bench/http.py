"""``qingzhang bench http``: the doors over loopback, beside plain SQL behind the same server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import psycopg

from portal.bench import load, plain, postgres
from portal.bench.figures import Row, listed, machine, ratios, row, table
from portal.bench.movers import MOVERS, batches, moves, seeded
from portal.cli.params import Whole
from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.config import Settings

CONNECTIONS, BULK_CONNECTIONS, LINES = 32, 4, 1_000
SINGLES_A_SECOND, BULKS_A_SECOND, BATCHES_A_SECOND = 4_000, 8, 30
"""Signed beforehand for each second that is measured: more than a machine of two cores takes."""
PATH = "/v1/statements"
JSON, NDJSON = "application/json", "application/x-ndjson"
_SHELL = "from portal.cli import main; main()"


@dataclass(frozen=True)
class Work:
    """Signed bodies of one kind, where they go, and how many acts each one states."""

    name: str
    path: str
    kind: str
    bodies: list[bytes]
    units: int
    connections: int


@contextmanager
def served(settings: Settings, workers: int) -> Iterator[int]:
    """``serve`` in processes of its own, for the length of a block; its port."""
    named = {"QINGZHANG_HOME": str(settings.home), "QINGZHANG_DATABASE_URL": settings.database_url}
    process = subprocess.Popen(
        [sys.executable, "-c", _SHELL, "serve", "--port", "0", "--workers", str(workers)],
        env={**os.environ, **named},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process.stderr:
        said = process.stderr.readline()
        found = re.search(r":(\d+)$", said.strip())
        try:
            if found is None:
                raise RuntimeError(f"the server did not start: {said.strip()}")
            yield int(found[1])
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def prepared(seconds: int) -> list[Work]:
    """One statement a request, 1,000 lines, one signature over 1,000 operations.

    Each spread over the movers' accounts and all on one; to be used once for each ledger.
    """
    made = []
    for where, movers in (("spread", MOVERS), ("hot", 1)):
        single, lines, batch = (
            moves(seconds * SINGLES_A_SECOND, movers),
            moves(seconds * BULKS_A_SECOND * LINES, movers),
            batches(seconds * BATCHES_A_SECOND, LINES, movers),
        )
        bulk = [b"\n".join(lines[n : n + LINES]) for n in range(0, len(lines), LINES)]
        made += [
            Work(f"single, {where}", PATH, JSON, single, 1, CONNECTIONS),
            Work(f"bulk, {where}", f"{PATH}/bulk", NDJSON, bulk, LINES, BULK_CONNECTIONS),
            Work(f"batch, {where}", PATH, JSON, batch, LINES, BULK_CONNECTIONS),
        ]
    return made


def ours(
    place: str, settings: Settings, work: Sequence[Work], workers: int, seconds: int
) -> list[Row]:
    """Every kind of work through the doors of one ledger."""
    rows = []
    with served(settings, workers) as port:
        load.post(port, PATH, JSON, moves(CONNECTIONS, MOVERS), CONNECTIONS, seconds)
        for one in work:
            waits, took = load.post(port, one.path, one.kind, one.bodies, one.connections, seconds)
            rows.append(row(f"{one.name}, {place}", one.units, waits, took))
    return rows


def baseline(name: str, way: str, address: str, workers: int, seconds: int) -> Row:
    """A baseline under the same load."""
    said = moves(seconds * SINGLES_A_SECOND)
    with plain.serving(address, way, workers) as port:
        load.post(port, "/", "application/json", said[:CONNECTIONS], CONNECTIONS, seconds)
        said = said[CONNECTIONS:]
        waits, took = load.post(port, "/", "application/json", said, CONNECTIONS, seconds)
    return row(name, 1, waits, took)


def measure(workers: int, seconds: int) -> dict[str, Any]:
    """Every figure of one run, and the ratios of ours over the baselines."""
    with postgres.running() as server, tempfile.TemporaryDirectory(prefix="qz-http-") as folder:
        host = f"host={server.sockets} user=postgres dbname="
        with psycopg.connect(f"{host}postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE plain")
            connection.execute("CREATE DATABASE ours")
        plain.prepare(f"{host}plain")
        rows = [
            baseline("(a) SQL function", "function", f"{host}plain", workers, seconds),
            baseline("(b) Python transaction", "transaction", f"{host}plain", workers, seconds),
        ]
        work = prepared(seconds)
        for place, url in (("PostgreSQL", server.url("ours")), ("SQLite", None)):
            settings = seeded(Path(folder) / place, url)
            rows += ours(place, settings, work, workers, seconds)
    return {
        "machine": machine(),
        "workers": workers,
        "seconds": seconds,
        "connections": CONNECTIONS,
        "postgresql": postgres.DURABLE,
        "figures": rows,
        "ratios": ratios(rows),
    }


@click.command("http")
@click.option("--workers", default=2, show_default=True, type=Whole(1, 64))
@click.option("--seconds", default=3, show_default=True, type=Whole(1, 60))
@json_option
def COMMAND(workers: int, seconds: int, as_json: bool) -> None:
    """Statements over HTTP beside plain SQL behind the same server: rates, waits, ratios."""
    try:
        found = measure(workers, seconds)
    except RuntimeError as error:
        raise Failed(REFUSED, "bench-failed", {"reason": str(error)}) from error
    lines = [*listed(found["machine"]), *table(found["figures"])]
    lines += [f"{name:<60}{value:>8.2f}" for name, value in found["ratios"].items()]
    tell(as_json, found, "\n".join(lines))
