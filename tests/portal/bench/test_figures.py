"""Figures say what was measured, by hand."""

from __future__ import annotations

import pytest

from portal.bench.figures import ratios, row, table


def test_a_row_tells_rate_and_waits() -> None:
    made = row("work", 10, [0.001 * n for n in range(1, 102)], 2)
    assert (made["per_second"], made["p50_ms"], made["p99_ms"]) == (505, 51.0, 100.0)
    assert "505" in table([made])[1]


def test_too_few_answers_make_no_figure() -> None:
    with pytest.raises(RuntimeError, match="too few"):
        row("work", 1, [0.1], 1)


def test_ratios_are_ours_over_each_baseline() -> None:
    rows = [{"name": name, "per_second": rate} for name, rate in (("(a)", 4), ("x", 10), ("y", 2))]
    assert ratios(rows) == {"x / (a)": 2.5, "y / (a)": 0.5}
