"""``qingzhang bench audit``: how fast a log of single-signature entries proves itself."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from nacl.bindings import crypto_sign_open
from sqlalchemy import Connection

from ledger.parties.authority import public_key, stored_public_keys
from ledger.statements.ed25519 import from_seed, public_bytes
from ledger.writer.audit import audit
from portal.bench.figures import machine
from portal.bench.movers import moves, seeded
from portal.cli.params import Whole
from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.home.opening import open_ledger, open_record
from portal.home.record import Record
from portal.home.submit import wait
from portal.house import make_engine

PIECE = 4_000
CHECKS = 4_000


def grow(settings: Any, count: int) -> None:
    """Add ``count`` signed moves through the writer, as many at a time as one commit carries."""
    with closing(open_ledger(settings)) as ledger:
        for first in range(0, count, PIECE):
            said = moves(min(PIECE, count - first))
            futures = ledger.entrance.queue([ledger.entrance.prepare(item) for item in said])
            if any(wait(future).status != "accepted" for future in futures):
                raise RuntimeError("growing: a move was not accepted")


def measured(record: Record, connection: Connection, processes: int, **way: Any) -> dict[str, Any]:
    """One audit: entries and signatures a second. Raises RuntimeError where it finds a fault."""
    hints = stored_public_keys(connection)
    start = time.perf_counter()
    report = audit(
        connection,
        make_engine(),
        record.origin,
        record.vkey,
        public_key,
        hints=hints,
        processes=processes,
        **way,
    )
    took = time.perf_counter() - start
    if report.faults:
        raise RuntimeError(f"the audit found {report.faults[0].code}")
    return {
        "entries": report.entries,
        "signatures": report.signatures,
        "per_second": round(report.entries / took),
    }


def bare_checks() -> int:
    """Signature checks a second on one core, through the same library and nothing else."""
    key = from_seed(b"\7" * 32)
    message = b"m" * 500
    public, signed = public_bytes(key), key.sign(message) + message
    start = time.perf_counter()
    for _ in range(CHECKS):
        crypto_sign_open(signed, public)
    return round(CHECKS / (time.perf_counter() - start))


def measure(entries: int, database_url: str | None = None) -> dict[str, Any]:
    """The figures of one run, on one and on all cores, at a tenth of the log and at its end."""
    cores = len(os.sched_getaffinity(0))
    found: dict[str, Any] = {"machine": machine(), "bare checks, one core": bare_checks()}
    rows = []
    with tempfile.TemporaryDirectory(prefix="qz-audit-") as folder:
        settings = seeded(Path(folder) / "home", database_url)
        for size in (entries // 10, entries - entries // 10):
            grow(settings, size)
            record = open_record(settings)
            with record.reading() as connection:
                for name, processes, way in (
                    ("supervisor, one process", 0, {}),
                    (f"supervisor, {cores} cores", cores, {}),
                    (f"public, {cores} cores", cores, {"supervisor": False}),
                ):
                    rows.append({"name": name, **measured(record, connection, processes, **way)})
            record.database.dispose()
    found["figures"] = rows
    found["peak_rss_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found


@click.command("audit")
@click.option("--entries", default=40_000, show_default=True, type=Whole(100))
@json_option
def COMMAND(entries: int, as_json: bool) -> None:
    """Replay with every signature: entries a second, on one core and on all."""
    try:
        found = measure(entries)
    except RuntimeError as error:
        raise Failed(REFUSED, "bench-failed", {"reason": str(error)}) from error
    lines = [f"{name}: {value}" for name, value in found["machine"].items()]
    lines.append(f"bare checks a second, one core: {found['bare checks, one core']:,}")
    lines += [f"{'work':<28}{'entries':>12}{'a second':>12}"]
    for row in found["figures"]:
        lines.append(f"{row['name']:<28}{row['entries']:>12,}{row['per_second']:>12,}")
    lines.append(f"peak memory of this process: {found['peak_rss_mib']} MiB")
    tell(as_json, found, "\n".join(lines))
