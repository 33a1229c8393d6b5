"""``qingzhang bench market``: the matching core beside the books that registries publish."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from portal.bench import books, javascript, matching
from portal.bench.figures import listed, machine
from portal.bench.stream import ROWS, Generator, written
from portal.cli.params import Whole
from portal.cli.shared import REFUSED, Failed, json_option, tell

OURS = "qingzhang"
SHORT = ("order_matching", 2_000)
"""A book whose work grows with what rests runs on the beginning of the stream alone."""
AUCTION, AUCTIONS = 100_000, 10_000


def _python(name: str, stream: Path, count: int, rows: int) -> dict[str, Any]:
    command = [sys.executable, "-m", books.__name__, name, str(stream), str(count), str(rows)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compared(folder: Path, rows: int, rounds: int) -> dict[str, Any]:
    """Messages a second of every book on one stream, in turns, and what could not be run.

    Raises RuntimeError where trades differ.
    """
    stream = folder / "stream.csv"
    stream.write_text(written(Generator().messages(rows)))
    missing = javascript.install(folder / "javascript")
    left_out = {} if missing is None else dict.fromkeys(javascript.NAMES, missing)
    engines = []
    for name in books.ENGINES:
        if books.installed(name):
            engines.append((name, min(rows, SHORT[1]) if name == SHORT[0] else rows))
        else:
            left_out[name] = "not installed (make setup-bench)"
    engines += [(name, rows) for name in javascript.NAMES if missing is None]

    seconds: dict[str, list[float]] = {name: [] for name, _ in engines}
    expected = {
        size: _python(OURS, stream, 1, size)["digest"] for size in {size for _, size in engines}
    }
    for _ in range(rounds):
        for name, size in engines:
            if name in javascript.NAMES:
                found = javascript.passes(folder / "javascript", name, stream, 3, size)
            else:
                found = _python(name, stream, 3, size)
            if found["digest"] != expected[size]:
                raise RuntimeError(f"{name}: {found['trades']} trades, and they are not ours")
            seconds[name] += found["seconds"]
    figures = {
        name: {
            "messages": size,
            "per_second": round(size / statistics.median(seconds[name])),
            "best": round(size / min(seconds[name])),
        }
        for name, size in engines
    }
    return {"rows": figures, "left_out": left_out, "digest": expected[rows]}


def measure(rows: int, rounds: int, orders: int) -> dict[str, Any]:
    """All figures; ``orders`` is the depth of the deep book, of the memory and of the auction."""
    with tempfile.TemporaryDirectory(prefix="qz-market-") as folder:
        found = {"machine": machine(), **compared(Path(folder), rows, rounds)}
    own = found["rows"][OURS]["per_second"]
    found["ratios"] = {
        name: round(own / row["per_second"], 1)
        for name, row in found["rows"].items()
        if name not in (OURS, SHORT[0])  # a short stream keeps the book small: no comparison
    }
    stream = Generator().messages(rows)
    found["pauses_ns"] = {
        "collector off": matching.pauses(stream, False),
        "collector as in serve": matching.pauses(stream, True),
    }
    shallow, deep = matching.add_time(matching.SHALLOW), matching.add_time(orders)
    found["add_us"] = {"at 100": round(shallow, 2), f"at {orders:,}": round(deep, 2)}
    found["depth_ratio"] = round(deep / shallow, 2)
    found["rebuild_seconds"] = round(matching.rebuild_seconds(orders), 3)
    found["auction_seconds"] = round(matching.auction_seconds(orders), 3)
    size = min(orders, AUCTIONS)
    found["auctions_per_second"] = {f"{size:,}": round(1 / matching.auction_seconds(size), 1)}
    found["memory"] = matching.memory(10 * orders)
    return found


def told(found: dict[str, Any]) -> str:
    """The figures as text."""
    lines = listed(found["machine"])
    lines.append(
        f"{'book':<24}{'messages':>10}{'a second':>12}{'best pass':>12}{'ours over it':>14}"
    )
    for name, row in found["rows"].items():
        ratio = found["ratios"].get(name, "")
        lines.append(
            f"{name:<24}{row['messages']:>10,}{row['per_second']:>12,}{row['best']:>12,}{ratio:>14}"
        )
    lines += [f"{name}: left out, {why}" for name, why in found["left_out"].items()]
    lines.append(f"trades: all the same, SHA-256 {found['digest']}")
    for name, waits in found["pauses_ns"].items():
        each = ", ".join(f"{key} {value / 1000:,.1f}" for key, value in waits.items())
        lines.append(f"pauses in µs, {name}: {each}")
    depths = ", ".join(f"{key} {value}" for key, value in found["add_us"].items())
    lines.append(f"µs an add, by orders that rest: {depths}; ratio {found['depth_ratio']}")
    lines.append(
        f"rebuilding the deep book from rows: {found['rebuild_seconds']} s of one processor"
    )
    lines.append(f"call auction of the same number: {found['auction_seconds']} s of one processor")
    for size, rate in found["auctions_per_second"].items():
        lines.append(f"call auctions of {size} orders a second: {rate}")
    held = found["memory"]
    mib = 1 << 20
    lines.append(
        f"memory: {held['resting_bytes'] / mib:,.0f} MiB with {held['orders']:,} orders resting, "
        f"{held['kept_bytes'] / mib:,.1f} MiB once all are cancelled"
    )
    return "\n".join(lines)


@click.command("market")
@click.option(
    "--rows",
    default=ROWS,
    show_default=True,
    type=Whole(100, ROWS),
    help="Messages of the stream that all books run.",
)
@click.option("--rounds", default=3, show_default=True, type=Whole(1), help="Turns of all books.")
@click.option(
    "--orders",
    default=AUCTION,
    show_default=True,
    type=Whole(100),
    help="Orders of the deep book and of the auction; ten times as many for memory.",
)
@json_option
def COMMAND(rows: int, rounds: int, orders: int, as_json: bool) -> None:
    """Run the matching core and published order books on one stream, and time an auction."""
    try:
        found = measure(rows, rounds, orders)
    except RuntimeError as error:
        raise Failed(REFUSED, "bench-failed", {"reason": str(error)}) from error
    tell(as_json, found, told(found))
