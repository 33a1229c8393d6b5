"""Orders' measurement: what is prepared, and that one small run through a server holds."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from portal.bench import http, load, market_ledger
from portal.bench.traders import trading
from portal.config import at_home


def test_a_small_run_is_counted_and_a_book_is_rebuilt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("SINGLES", 64), ("BULKS", 8)):
        monkeypatch.setattr(http, f"{name}_A_SECOND", value)
    monkeypatch.setattr(http, "LINES", 5)
    work = market_ledger.prepared(1, 2)
    assert [(one.name, len(one.bodies), one.units) for one in work] == [
        ("single statements", 64, 1),
        ("single orders", 64, 1),
        ("bulk statements", 8, 5),
        ("bulk orders", 8, 5),
    ] * 2
    settings = trading(tmp_path / "home", None)
    rows = market_ledger.measured("here", settings, work, 1, 1)
    assert [row["name"] for row in rows] == list(dict.fromkeys(f"{w.name}, here" for w in work))
    assert all(row["per_second"] > 0 for row in rows)
    assert set(market_ledger.ratios(rows)) == {"single orders, here", "bulk orders, here"}
    deep = trading(tmp_path / "deep", None)
    assert market_ledger.rebuilt(deep, 40) < market_ledger.REBUILD_GOAL_SECONDS


def test_the_median_turn_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten calls in 1, 5 and 2 seconds: 10, 2 and 5 a second."""
    took = iter([1.0, 1.0, 5.0, 2.0])  # the first warms up
    monkeypatch.setattr(http, "served", lambda settings, workers: nullcontext(0))
    monkeypatch.setattr(load, "post", lambda *given: ([0.1] * 10, next(took)))
    work = [http.Work("single orders", http.PATH, http.JSON, [b""], 1, 1)] * 3
    (row,) = market_ledger.measured("here", at_home(tmp_path), work, 1, 1)
    assert row["per_second"] == 5
