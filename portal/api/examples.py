"""Examples of the description: a body of each type, and one statement as it travels."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ledger.statements.canonical import parse
from ledger.statements.ed25519 import from_seed
from ledger.writer.engine import Engine
from portal import packaged
from portal.statements.signing import compose

FILE = Path(__file__).with_name("examples.yaml")
ORIGIN, PARTY, TYPE = "ledger.example/demonstration", "regulator", "parameter.set"
NOW = 1_767_225_600_000  # 2026-01-01T00:00:00Z
SEEDS = (bytes(32), bytes([1]) * 32)


@cache
def bodies() -> dict[str, dict[str, Any]]:
    """A body for each type that has an example."""
    found: dict[str, dict[str, Any]] = packaged.read(FILE)
    return found


def submission(engine: Engine) -> dict[str, Any]:
    """A statement signed by keys that everybody knows, so that no ledger takes it."""
    keys = [from_seed(seed) for seed in SEEDS]
    made = compose(engine, ORIGIN, TYPE, PARTY, bodies()[TYPE], keys, now=NOW, entropy=bytes)
    value: dict[str, Any] = parse(made.encode())
    return value
