"""An operand is told with its value and where that comes from."""

from __future__ import annotations

from datetime import date
from typing import Any

from incentives.rules.assess import assess
from incentives.rules.report import plain
from tests.incentives.rules.sample import rule

FACTS = {"trade": "steel", "small": True, "sites": [{"site": "A", "saved_t": 130, "plants": 1}]}


def operands() -> dict[str, Any]:
    told: Any = plain(assess(rule(), FACTS, date(2026, 1, 1)))
    return {o["name"]: (o["value"], o["from"]) for c in told["conditions"] for o in c["operands"]}


def test_figures_sets_of_words_and_what_was_worked_out_are_told() -> None:
    found = operands()
    assert found["threshold"] == ("120", "parameter")
    assert found["favoured"] == ("paper, steel", "parameter")
    assert found["trade"] == ("steel", "declared")
    assert found["saved"] == ("130", "step")
