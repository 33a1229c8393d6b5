"""Orders' measurement: what is prepared, and that one small run through a server holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.bench import http, market_ledger
from portal.bench.traders import trading


def test_a_small_run_is_counted_and_a_book_is_rebuilt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("SINGLES", 64), ("BULKS", 8)):
        monkeypatch.setattr(http, f"{name}_A_SECOND", value)
    monkeypatch.setattr(http, "LINES", 5)
    work = market_ledger.prepared(1)
    assert [(one.name, len(one.bodies), one.units) for one in work] == [
        ("single statements", 64, 1),
        ("single orders", 64, 1),
        ("bulk statements", 8, 5),
        ("bulk orders", 8, 5),
    ]
    settings = trading(tmp_path / "home", None)
    rows = market_ledger.measured("here", settings, work, 1, 1)
    assert all(row["per_second"] > 0 for row in rows)
    assert set(market_ledger.ratios(rows)) == {"single orders, here", "bulk orders, here"}
    deep = trading(tmp_path / "deep", None)
    assert market_ledger.rebuilt(deep, 40) < market_ledger.REBUILD_GOAL_SECONDS
