"""The doors' measurement: what is prepared, and that one small run through a server holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.bench import http
from portal.bench.movers import seeded


def test_every_kind_of_work_is_prepared_spread_out_and_on_one_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("SINGLES", 5), ("BULKS", 2), ("BATCHES", 1)):
        monkeypatch.setattr(http, f"{name}_A_SECOND", value)
    monkeypatch.setattr(http, "LINES", 3)
    work = http.prepared(2)
    assert [(one.name, len(one.bodies), one.units) for one in work] == [
        (f"{kind}, {where}", count, units)
        for where in ("spread", "hot")
        for kind, count, units in (("single", 10, 1), ("bulk", 4, 3), ("batch", 2, 3))
    ]
    assert work[1].bodies[0].count(b"\n") == 2
    assert len({body for one in work for body in one.bodies}) == 2 * (10 + 4 + 2)


def test_a_small_run_through_a_server_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("SINGLES", 64), ("BULKS", 8), ("BATCHES", 8)):
        monkeypatch.setattr(http, f"{name}_A_SECOND", value)
    monkeypatch.setattr(http, "LINES", 5)
    rows = http.ours("here", seeded(tmp_path / "home", None), http.prepared(1)[:3], 1, 1)
    assert [row["name"] for row in rows] == [
        "single, spread, here",
        "bulk, spread, here",
        "batch, spread, here",
    ]
    assert all(row["per_second"] > 0 for row in rows)
