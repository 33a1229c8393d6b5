"""What every measurement of pure work shares: repeated timing, and the machine it ran on."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

ROUNDS = 5


def timed(work: Callable[[], Any], units: int, rounds: int = ROUNDS) -> dict[str, Any]:
    """Units a second of ``work``: the median of several rounds, the smallest and the largest."""
    rates = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        rates.append(round(units / (time.perf_counter() - start), 1))
    return {"per_second": statistics.median(rates), "least": min(rates), "most": max(rates)}


def machine() -> dict[str, str]:
    """Processor and Python, for the head of a report."""
    return {"machine": platform.machine(), "python": platform.python_version()}


def line(name: str, row: dict[str, Any]) -> str:
    """A row as text."""
    return f"{name:<44} {row['per_second']:>14,} /s  ({row['least']:,} – {row['most']:,})"
