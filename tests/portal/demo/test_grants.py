"""The grant's chapter: paid on cited credits, and asked back once a part of them fell."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import at_home
from portal.demo.grants import WAITING, grants
from portal.demo.market import SELLER
from portal.demo.telling import ORIGIN, seed


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    told: list[str] = []
    seed(at_home(Path(tmp_path_factory.mktemp("demo"))), told.append)
    return told


def test_the_money_is_told_at_the_end(lines: list[str]) -> None:
    start = next(n for n, line in enumerate(lines) if line.startswith("\nA grant on credits"))
    assert lines[start + 1] == (
        "ZJ-DEMO-2026-1  opened 50,000.00 CNY  paid 12,000.00 CNY  available 38,000.00 CNY"
    )
    assert lines[start + 2 : start + 4] == [
        f"{WAITING}: asked 5,000.00 CNY, heard",
        f"{SELLER}: asked 12,000.00 CNY, paid",
    ]
    assert lines[start + 4].startswith(f"{SELLER}: credit of entry ")
    assert lines[start + 4].endswith("fell, 12,000.00 CNY asked back, 0.00 CNY come back, hearing")


def test_what_the_rules_must_refuse_is_refused() -> None:
    refusals = [step.expect for step in grants(ORIGIN) if step.expect]
    assert refusals == ["answer-differs", "signed-before", "days-used"]
