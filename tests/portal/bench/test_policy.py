"""The policy's measurements compare what agrees, and say by how much rounding misses."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from incentives.quotas.allocate import allocate
from incentives.quotas.bounds import limits
from portal.bench import asking
from portal.bench import incentives as measured
from portal.bench.incentives import by_hand, months
from portal.bench.quota import CAP, seeded, spreadsheet
from portal.cli import main


def test_the_baseline_is_the_same_tax() -> None:
    # 950/0.95 × 1.2 = 1,200.00 at a half, 218/2.18 × 1.2 = 120.00 at three quarters: 630.00 less.
    month = [
        {"pollutant": "二氧化硫", "mass_kg": 950, "ratio": "0.49"},
        {"pollutant": "烟尘", "mass_kg": 218, "ratio": "0.69"},
    ]
    assert by_hand(month) == 63_000


def test_answers_are_measured_only_where_they_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ASKED", 2)
    monkeypatch.setattr(asking, "WARM", 1)
    words = ["bench", "incentives", "--parties", "5", "--enterprises", "200", "--json"]
    found = json.loads(CliRunner().invoke(main, words).output)
    assert found["agree"] is True
    assert (found["wrong"], found["unlike_one_by_one"]) == (0, 0)
    asked = found["thirty_rules_over_http_us"]
    assert (asked["rules"], asked["asked"]) == (30, 2)
    assert 0 < asked["median"] <= asked["p99"] <= asked["most"]
    assert all(row["per_second"] > 0 for row in found["rows"].values())
    monkeypatch.setattr(measured, "by_hand", lambda month: -1)
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, "bench-failed" in result.output) == (1, True)


def test_the_seeded_plan_is_feasible_and_its_bounds_bind() -> None:
    plan = seeded(1_000)
    rows = allocate(plan).rows
    assert sum(row.quantity for row in rows) == CAP
    bounds = limits(plan)
    assert any(row.exact == limit.lo for row, limit in zip(rows, bounds, strict=True))
    assert any(row.exact == limit.hi for row, limit in zip(rows, bounds, strict=True))
    assert len(spreadsheet(plan)) == 1_000
    assert len(months(3)) == 3


def test_the_spread_of_waits_names_what_half_and_all_but_a_hundredth_stay_below() -> None:
    waits = [*range(1, 101)]
    assert asking.spread(waits) == {"median": 51, "p99": 100, "most": 100}
    assert asking.spread([*waits, *waits])["p99"] == 100
    assert asking.spread([7]) == {"median": 7, "p99": 7, "most": 7}
