"""``qingzhang bench ledger``: ours in one process beside plain SQL, in one run, all durable."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import psycopg

from portal.bench import bare, hordak, ours, postgres
from portal.bench.figures import Row, listed, machine, ratios, table
from portal.bench.movers import moves, seeded
from portal.bench.stages import STAGES
from portal.cli.params import Whole
from portal.cli.shared import REFUSED, Failed, json_option, tell

SINGLES_A_SECOND, BULKS_A_SECOND, BATCHES_A_SECOND = 3_000, 6, 30
"""Signed beforehand for each second that is measured: more than a machine of two cores takes."""
QUIET = {
    "(a) SQL function, spread": 3_860,
    "(a) SQL function, hot": 1_208,
    "(b) Python transaction, spread": 2_690,
    "(b) Python transaction, hot": 558,
}
"""Transfers a second of 32 connections on a quiet machine of two cores, as found beforehand
(2026-11-22, PostgreSQL 15, both by pgbench).  Below half of it other work had the machine."""
FLOORS = (
    ("single, spread", "(b) Python transaction, spread", 180, 450),
    ("bulk, spread", "(b) Python transaction, spread", 900, 2_000),
    ("batch, spread", "(b) Python transaction, spread", 2_000, 5_000),
)
"""Work, what it is over, and the floor and the aim of the ratio in hundredths."""
HOT_FLOOR = 90
"""The floor of ours on one account over ours spread out, in hundredths."""


def measure(seconds: int, volume: ours.Volume) -> dict[str, Any]:
    """Every figure of one run; raises RuntimeError where anything was not kept or not accepted."""
    with postgres.running() as server, tempfile.TemporaryDirectory(prefix="qz-ledger-") as folder:
        rows = baselines(server, seconds, volume.singles)
        stages: dict[str, dict[str, int]] = {}
        work = ours.prepared(volume)  # the two ledgers have one name, and so one set of statements
        for place, url in (("SQLite", None), ("PostgreSQL", server.url("ours"))):
            if url is not None:
                _create(server, "ours")
            settings = seeded(Path(folder) / place, url)
            rows += ours.measured(place, settings, work, seconds)
            shares = ours.staged(settings, volume.singles // 20, volume.lines)
            stages |= {f"{kind}, {place}": share for kind, share in shares.items()}
    return {
        "machine": machine(),
        "seconds": seconds,
        "submitters": {"single": ours.SUBMITTERS, "bulk": ours.CALLERS, "batch": ours.CALLERS},
        "postgresql": postgres.DURABLE,
        "left_out": [] if hordak.installed() else [hordak.NAME],
        "figures": rows,
        "ratios": {**ratios(rows), **hot_ratios(rows)},
        "stages_per_mille": stages,
        "not_quiet": disturbed(rows),
        "missed": missed(rows),
    }


def baselines(server: postgres.Server, seconds: int, singles: int) -> list[Row]:
    """What ours is compared with, each in a database of its own."""
    runs = bare.Bare(server)
    rows = []
    for hot in (False, True):
        rows.append(runs.by_function(seconds, hot))
        rows.append(runs.by_transaction(seconds, hot, moves(singles)))
    if hordak.installed():
        _create(server, "hordak")
        rows.append(hordak.measured(server, "hordak", seconds))
    return rows


def disturbed(rows: Sequence[Row]) -> list[str]:
    """The baselines below half of what a quiet machine does."""
    return [
        one["name"]
        for one in rows
        if one["name"] in QUIET and 2 * one["per_second"] < QUIET[one["name"]]
    ]


def hot_ratios(rows: Sequence[Row]) -> dict[str, float]:
    """Ours on one account over ours spread out."""
    rates = {one["name"]: one["per_second"] for one in rows if not one["name"].startswith("(")}
    pairs = [(name, name.replace(", hot,", ", spread,")) for name in rates if ", hot," in name]
    return {f"{hot} / {wide}": round(rates[hot] / rates[wide], 2) for hot, wide in pairs}


def missed(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each floor that ours did not reach, with the ratio found, in hundredths."""
    rates = {one["name"]: one["per_second"] for one in rows}
    found = []
    for place in ("SQLite", "PostgreSQL"):
        pairs = [(f"{name}, {place}", base, floor) for name, base, floor, _ in FLOORS]
        pairs += [
            (f"{kind}, hot, {place}", f"{kind}, spread, {place}", HOT_FLOOR)
            for kind in ("single", "bulk", "batch")
        ]
        for name, base, floor in pairs:
            ratio = 100 * rates[name] // max(1, rates[base])
            if ratio < floor:
                found.append({"work": name, "over": base, "ratio": ratio, "floor": floor})
    return found


def _create(server: postgres.Server, name: str) -> None:
    address = f"host={server.sockets} user=postgres dbname=postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")


def shown(found: dict[str, Any]) -> list[str]:
    """The lines of a run."""
    lines = [*listed(found["machine"]), *table(found["figures"])]
    lines += [f"{name:<72}{value:>8.2f}" for name, value in found["ratios"].items()]
    lines.append(f"{'share of each stage, 1/1000':<28}" + "".join(f"{s:>15}" for s in STAGES))
    for name, shares in found["stages_per_mille"].items():
        lines.append(f"{name:<28}" + "".join(f"{shares[s]:>15}" for s in STAGES))
    for miss in found["missed"]:
        ratio, floor = (f"{miss[part] / 100:.2f}" for part in ("ratio", "floor"))
        lines.append(f"below its floor of {floor}: {miss['work']} / {miss['over']} = {ratio}")
    for name in found["left_out"]:
        lines.append(f"left out, not installed: {name}")
    for name in found["not_quiet"]:
        lines.append(f"the machine was not quiet: {name} is below half of its usual rate")
    return lines


@click.command("ledger")
@click.option("--seconds", default=2, show_default=True, type=Whole(1, 60))
@json_option
def COMMAND(seconds: int, as_json: bool) -> None:
    """Signed statements in one process beside plain SQL: rates, waits, ratios, stages."""
    volume = ours.Volume(
        singles=seconds * SINGLES_A_SECOND,
        bulks=seconds * BULKS_A_SECOND,
        batches=seconds * BATCHES_A_SECOND,
    )
    try:
        found = measure(seconds, volume)
    except RuntimeError as error:
        raise Failed(REFUSED, "bench-failed", {"reason": str(error)}) from error
    tell(as_json, found, "\n".join(shown(found)))
