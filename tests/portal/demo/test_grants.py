"""The grant's chapter: paid on cited credits, and asked back once a part of them fell."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import at_home
from portal.demo.grants import grants
from portal.demo.market import SELLER
from portal.demo.telling import seed


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
    assert lines[start + 2].startswith(f"{SELLER}: credit of entry ")
    assert lines[start + 2].endswith("fell, 12,000.00 CNY asked back, hearing")


def test_what_the_rules_must_refuse_is_refused() -> None:
    refusals = [step.expect for step in grants() if step.expect]
    assert refusals == ["answer-differs", "signed-before", "days-used"]
