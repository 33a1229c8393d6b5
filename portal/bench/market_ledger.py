"""``qingzhang bench market-ledger``: orders on the record beside the record's own statements."""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from operator import itemgetter
from pathlib import Path
from typing import Any

import click
import psycopg

from ledger.parties.reading import reading
from market.orders.live import Books
from portal.bench import http, load, postgres
from portal.bench.figures import Row, listed, machine, row, table
from portal.bench.movers import MOVERS, answered, moves
from portal.bench.traders import INSTRUMENT, orders, resting, trading
from portal.cli.params import Whole
from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.config import Settings
from portal.home.opening import open_ledger
from portal.running.collecting import calm

GOALS = {"single": 60, "bulk": 50}
"""Orders over the record's own statements, in hundredths."""
REBUILD_GOAL_SECONDS = 2
PLACED_TOGETHER = 8


def prepared(seconds: int, turns: int) -> list[http.Work]:
    """The record's own statements and limit orders, one a request and so many lines a request.

    Each comes so many times, in turns, since a machine may be twice as fast a minute later.
    """
    return [one for turn in range(turns) for one in _prepared(seconds, turn)]


def _prepared(seconds: int, turn: int) -> list[http.Work]:
    singles = seconds * http.SINGLES_A_SECOND
    bulks = seconds * http.BULKS_A_SECOND
    made = []
    for kind, count, each, connections in (
        ("single", singles, 1, http.CONNECTIONS),
        ("bulk", bulks * http.LINES, http.LINES, http.BULK_CONNECTIONS),
    ):
        path = http.PATH if each == 1 else f"{http.PATH}/bulk"
        for name, said in (
            ("statements", moves(count, MOVERS)),
            ("orders", orders(count, seed=turn)),
        ):
            bodies = [b"\n".join(said[n : n + each]) for n in range(0, count, each)]
            media = http.JSON if each == 1 else http.NDJSON
            made.append(http.Work(f"{kind} {name}", path, media, bodies, each, connections))
    return made


def measured(
    place: str, settings: Settings, work: list[http.Work], workers: int, seconds: int
) -> list[Row]:
    """Each kind of work through the doors of one ledger, statement and order in turn.

    Gives the median turn of each.
    """
    found: dict[str, list[Row]] = {}
    with http.served(settings, workers) as port:
        warm = [*moves(http.CONNECTIONS, MOVERS), *orders(http.CONNECTIONS)]
        load.post(port, http.PATH, http.JSON, warm, http.CONNECTIONS, seconds)
        for one in work:
            waits, took = load.post(port, one.path, one.kind, one.bodies, one.connections, seconds)
            name = f"{one.name}, {place}"
            found.setdefault(name, []).append(row(name, one.units, waits, took))
    return [sorted(rows, key=itemgetter("per_second"))[len(rows) // 2] for rows in found.values()]


def rebuilt(settings: Settings, count: int) -> float:
    """Seconds until the book of so many resting orders stands in memory, from their rows."""
    with closing(open_ledger(settings)) as ledger:
        said = list(resting(count))
        for first in range(0, len(said), PLACED_TOGETHER):
            part = said[first : first + PLACED_TOGETHER]
            answered(ledger.entrance, [ledger.entrance.prepare(one) for one in part])
        with ledger.record.reading() as connection:
            context = reading(connection, int(time.time() * 1000))
            context.public = False  # as an order's own handler reads
            calm()  # as the process that serves
            begun = time.perf_counter()
            live = Books().of(context, INSTRUMENT)
            took = time.perf_counter() - begun
    if len(live.book) < count:
        raise RuntimeError(f"{len(live.book)} orders rest, not {count}")
    return took


def measure(workers: int, seconds: int, turns: int, count: int) -> dict[str, Any]:
    """Every figure of one run; raises RuntimeError where anything was not accepted."""
    rows: list[Row] = []
    rebuilds = {}
    work = prepared(seconds, turns)
    with postgres.running() as server, tempfile.TemporaryDirectory(prefix="qz-orders-") as folder:
        address = f"host={server.sockets} user=postgres dbname=postgres"
        for place in ("SQLite", "PostgreSQL"):
            urls: list[str | None] = [None, None]
            if place == "PostgreSQL":
                with psycopg.connect(address, autocommit=True) as connection:
                    connection.execute("CREATE DATABASE busy")
                    connection.execute("CREATE DATABASE resting")
                urls = [server.url("busy"), server.url("resting")]
            busy = trading(Path(folder) / f"busy-{place}", urls[0])
            rows += measured(place, busy, work, workers, seconds)
            deep = trading(Path(folder) / f"resting-{place}", urls[1])
            rebuilds[place] = round(rebuilt(deep, count), 2)
    return {
        "machine": machine(),
        "workers": workers,
        "seconds": seconds,
        "turns": turns,
        "figures": rows,
        "ratios": ratios(rows),
        "goals": {name: goal / 100 for name, goal in GOALS.items()},
        "rebuild_orders": count,
        "rebuild_seconds": rebuilds,
        "rebuild_goal_seconds": REBUILD_GOAL_SECONDS,
    }


def ratios(rows: list[Row]) -> dict[str, float]:
    """Orders over the record's own statements of the same kind and place."""
    rates = {one["name"]: one["per_second"] for one in rows}
    pairs = [(name, name.replace(" orders,", " statements,")) for name in rates]
    return {a: round(rates[a] / rates[b], 2) for a, b in pairs if a != b}


@click.command("market-ledger")
@click.option("--workers", default=2, show_default=True, type=Whole(1, 64))
@click.option("--seconds", default=3, show_default=True, type=Whole(1, 60))
@click.option("--turns", default=3, show_default=True, type=Whole(1, 20), help="Of each work.")
@click.option("--orders", "count", default=100_000, show_default=True, type=Whole(1, 1_000_000))
@json_option
def COMMAND(workers: int, seconds: int, turns: int, count: int, as_json: bool) -> None:
    """Limit orders over HTTP beside the record's own statements, and rebuilding a deep book."""
    try:
        found = measure(workers, seconds, turns, count)
    except RuntimeError as error:
        raise Failed(REFUSED, "bench-failed", {"reason": str(error)}) from error
    lines = [*listed(found["machine"]), *table(found["figures"])]
    for name, value in found["ratios"].items():
        goal = found["goals"][name.partition(" ")[0]]
        lines.append(f"{name} over statements: {value:.2f} (goal {goal})")
    for place, value in found["rebuild_seconds"].items():
        lines.append(f"rebuilding a book of {count:,} orders, {place}: {value} s (goal 2)")
    tell(as_json, found, "\n".join(lines))
