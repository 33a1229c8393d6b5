"""``qingzhang bench http``: the doors over loopback, beside plain SQL behind the same server."""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import psycopg

from portal.bench import load, plain, postgres
from portal.bench.machine import machine
from portal.bench.movers import moves, seeded
from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.config import Settings

CONNECTIONS, BULK_CONNECTIONS, LINES = 32, 4, 1_000
SINGLES_A_SECOND, BULKS_A_SECOND = 4_000, 12
"""Signed beforehand for each second that is measured: more than a machine of two cores takes."""
NDJSON = "application/x-ndjson"
_SHELL = "from portal.cli import main; main()"


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


def _row(name: str, units: int, waits: list[float], seconds: float) -> dict[str, Any]:
    if len(waits) < 2:
        raise RuntimeError(f"{name}: too few answers")
    cuts = statistics.quantiles(waits, n=100, method="inclusive")
    return {
        "name": name,
        "per_second": round(len(waits) * units / seconds),
        "p50_ms": round(cuts[49] * 1000, 2),
        "p99_ms": round(cuts[98] * 1000, 2),
    }


def ours(place: str, settings: Settings, workers: int, seconds: int) -> list[dict[str, Any]]:
    """One statement a request, then 1,000 lines a request."""
    with served(settings, workers) as port:
        path = "/v1/statements"
        said = moves(seconds * SINGLES_A_SECOND)
        load.post(port, path, "application/json", said[:CONNECTIONS], CONNECTIONS, seconds)
        said = said[CONNECTIONS:]
        single = load.post(port, path, "application/json", said, CONNECTIONS, seconds)
        lines = moves(seconds * BULKS_A_SECOND * LINES)
        bodies = [b"\n".join(lines[n : n + LINES]) for n in range(0, len(lines), LINES)]
        bulk = load.post(port, f"{path}/bulk", NDJSON, bodies, BULK_CONNECTIONS, seconds)
    return [_row(f"single, {place}", 1, *single), _row(f"bulk, {place}", LINES, *bulk)]


def baseline(name: str, way: str, address: str, workers: int, seconds: int) -> dict[str, Any]:
    """A baseline under the same load."""
    said = moves(seconds * SINGLES_A_SECOND)
    with plain.serving(address, way, workers) as port:
        load.post(port, "/", "application/json", said[:CONNECTIONS], CONNECTIONS, seconds)
        said = said[CONNECTIONS:]
        waits, took = load.post(port, "/", "application/json", said, CONNECTIONS, seconds)
    return _row(name, 1, waits, took)


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
        for place, url in (("PostgreSQL", server.url("ours")), ("SQLite", None)):
            settings = seeded(Path(folder) / place, url)
            rows += ours(place, settings, workers, seconds)
    rates = {row["name"]: row["per_second"] for row in rows}
    return {
        "machine": machine(),
        "workers": workers,
        "seconds": seconds,
        "connections": CONNECTIONS,
        "postgresql": postgres.DURABLE,
        "figures": rows,
        "ratios": {
            f"{name} / {base}": round(rates[name] / rates[base], 2)
            for name in rates
            if not name.startswith("(")
            for base in rates
            if base.startswith("(")
        },
    }


@click.command("http")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--seconds", default=3, show_default=True, type=click.IntRange(1, 60))
@json_option
def COMMAND(workers: int, seconds: int, as_json: bool) -> None:
    """Statements over HTTP beside plain SQL behind the same server: rates, waits, ratios."""
    try:
        found = measure(workers, seconds)
    except RuntimeError as error:
        raise Failed(REFUSED, "bench-failed", {"reason": str(error)}) from error
    lines = [f"{name}: {value}" for name, value in found["machine"].items()]
    lines += [f"{'work':<28}{'a second':>10}{'p50 ms':>10}{'p99 ms':>10}"]
    for row in found["figures"]:
        waits = f"{row['p50_ms']:>10}{row['p99_ms']:>10}"
        lines.append(f"{row['name']:<28}{row['per_second']:>10,}{waits}")
    lines += [f"{name:<48}{value:>8.2f}" for name, value in found["ratios"].items()]
    tell(as_json, found, "\n".join(lines))
