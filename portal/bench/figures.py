"""What every measurement prints: rates, waits, the machine, ratios."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Row = dict[str, Any]


def row(name: str, units: int, waits: Sequence[float], seconds: float) -> Row:
    """Rate and waits of calls that did ``units`` each; raises RuntimeError below two of them."""
    if len(waits) < 2:
        raise RuntimeError(f"{name}: too few answers")
    cuts = statistics.quantiles(waits, n=100, method="inclusive")
    return {
        "name": name,
        "per_second": round(len(waits) * units / seconds),
        "p50_ms": round(cuts[49] * 1000, 2),
        "p99_ms": round(cuts[98] * 1000, 2),
    }


def machine() -> dict[str, Any]:
    """What the run ran on; ``load`` tells who else was there."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "kernel": platform.release(),
        "python": platform.python_version(),
    }


def ratios(rows: Sequence[Row]) -> dict[str, float]:
    """Ours over each baseline, whose names begin with a parenthesis.

    A baseline on one account, or spread out, is compared with what is likewise.
    """
    ours = [one for one in rows if not one["name"].startswith("(")]
    return {
        f"{one['name']} / {base['name']}": round(one["per_second"] / base["per_second"], 2)
        for one in ours
        for base in rows
        if base["name"].startswith("(") and _alike(one["name"], base["name"])
    }


def _alike(one: str, base: str) -> bool:
    where = base.partition(", ")[2]
    return where == "" or f", {where}" in one


def table(rows: Sequence[Row]) -> list[str]:
    """Lines of rates and waits."""
    lines = [f"{'work':<40}{'a second':>10}{'p50 ms':>10}{'p99 ms':>10}"]
    for one in rows:
        waits = f"{one['p50_ms']:>10}{one['p99_ms']:>10}"
        lines.append(f"{one['name']:<40}{one['per_second']:>10,}{waits}")
    return lines


def listed(values: Mapping[str, Any]) -> list[str]:
    """``name: value`` lines."""
    return [f"{name}: {value}" for name, value in values.items()]
