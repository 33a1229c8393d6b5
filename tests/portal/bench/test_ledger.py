"""The ledger's measurement as a whole, on tiny counts, and what it says about its figures."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from click.testing import CliRunner

from portal.bench import hordak, ledger
from portal.bench.hordak import measured as measure_hordak
from portal.bench.ours import Volume
from portal.bench.postgres import Server
from portal.cli import main

pytestmark = pytest.mark.timeout(600)  # a whole PostgreSQL, on a machine that may be busy


@pytest.mark.postgres  # of its own, with other settings
@pytest.mark.slow
def test_one_run_has_ours_and_the_baselines_on_both_databases_and_is_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hordak, "installed", lambda: False)  # it has a test of its own
    found = ledger.measure(1, Volume(singles=64, bulks=2, batches=2, lines=10))
    names = {row["name"] for row in found["figures"]}
    assert {"(a) SQL function, hot", "(b) Python transaction, spread"} <= names
    assert {"single, hot, SQLite", "batch, spread, PostgreSQL"} <= names
    assert found["left_out"] == [hordak.NAME]
    assert "bulk, hot, SQLite / (b) Python transaction, hot" in found["ratios"]
    assert "batch, hot, PostgreSQL / batch, spread, PostgreSQL" in found["ratios"]
    assert set(found["stages_per_mille"]) == {
        f"{kind}, {place}"
        for kind in ("single", "bulk", "batch")
        for place in ("SQLite", "PostgreSQL")
    }
    assert found["postgresql"]["synchronous_commit"] == "on"
    monkeypatch.setattr(ledger, "measure", lambda seconds, volume: found)
    printed = CliRunner().invoke(main, ["bench", "ledger"])
    assert printed.exit_code == 0
    assert "head fsync" in printed.stdout
    as_json = CliRunner().invoke(main, ["bench", "ledger", "--json"])
    assert json.loads(as_json.stdout)["figures"] == found["figures"]


def test_a_measurement_that_fails_exits_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object) -> None:
        raise RuntimeError("instruction: 0 rows after 5 transfers")

    monkeypatch.setattr(ledger, "measure", fails)
    result = CliRunner().invoke(main, ["bench", "ledger"])
    assert (result.exit_code, "bench-failed" in result.output) == (1, True)


def test_a_baseline_below_half_of_its_usual_rate_says_that_others_were_there() -> None:
    name = "(b) Python transaction, spread"
    assert ledger.disturbed([{"name": name, "per_second": 1_345}]) == []
    assert ledger.disturbed([{"name": name, "per_second": 1_344}]) == [name]
    assert ledger.disturbed([{"name": "single, spread, SQLite", "per_second": 1}]) == []


def test_floors_are_ratios_of_the_run() -> None:
    rates = {"(b) Python transaction, spread": 100}
    for place in ("SQLite", "PostgreSQL"):
        for where in ("spread", "hot"):
            rates |= {f"single, {where}, {place}": 180, f"bulk, {where}, {place}": 900}
            rates |= {f"batch, {where}, {place}": 2_000}
    made = [{"name": name, "per_second": rate} for name, rate in rates.items()]
    assert ledger.missed(made) == []
    rates |= {"single, spread, SQLite": 179, "bulk, hot, PostgreSQL": 809}
    made = [{"name": name, "per_second": rate} for name, rate in rates.items()]
    assert [(miss["work"], miss["ratio"], miss["floor"]) for miss in ledger.missed(made)] == [
        ("single, spread, SQLite", 179, 180),
        ("bulk, hot, PostgreSQL", 89, 90),
    ]
    assert ledger.hot_ratios(made)["bulk, hot, PostgreSQL / bulk, spread, PostgreSQL"] == 0.9


@pytest.mark.parametrize(
    ("code", "told"),
    [(0, {"waits": [0.1] * 3, "seconds": 1, "kept": 2}), (1, {})],
    ids=["a transfer lost", "failed"],
)
def test_a_rival_that_loses_a_transfer_is_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, code: int, told: dict[str, Any]
) -> None:
    done = subprocess.CompletedProcess([], code, json.dumps(told), "broken")
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: done)
    with pytest.raises(RuntimeError, match="django-hordak"):
        measure_hordak(Server(tmp_path, tmp_path, tmp_path, None), "x", 1)
