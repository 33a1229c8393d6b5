"""Units: nothing is added to, or held against, what is counted in another."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from incentives.rules.errors import ExpressionRefused, RuleRefused
from incentives.rules.syntax import parse
from incentives.rules.units import normal, unit
from tests.incentives.rules.sample import rule

UNITS: Mapping[str, str | None] = {"kg": "kg", "t": "t", "share": "1", "money": "CNY", "odd": None}


@pytest.mark.parametrize(
    "text",
    [
        "kg + t", "kg < t", "min(kg, money)", "kg if share < 1 else t", "sum(kg for r in rows) > t",
        "kg - share", "not (kg > t)", "kg > 3 and t == money", "abs(kg) <= floor(t)",
    ],
)  # fmt: skip
def test_different_units_are_refused(text: str) -> None:
    with pytest.raises(ExpressionRefused, match="unit-mismatch"):
        unit(parse(text), UNITS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kg + kg", "kg"), ("kg + 1", "kg"), ("3 - kg", "kg"), ("kg * t", None),
        ("kg / t > share", None),
        ("max(kg, 0)", "kg"), ("-kg", "kg"), ("odd + kg", None), ("1 - share", "1"), ("2 + 3", ""),
        ("kg if share > 0.5 else 0", "kg"), ("sum(kg for r in rows if t > 0)", "kg"),
    ],
)  # fmt: skip
def test_one_unit_and_bare_literals_go_together(text: str, found: str | None) -> None:
    assert unit(parse(text), UNITS) == found


def test_shares_are_bare_numbers_and_no_unit_is_no_claim() -> None:
    assert [normal(u) for u in ("share of the tax", "1", "", "kg")] == ["1", "1", None, "kg"]


def test_a_rule_that_mixes_units_does_not_load_and_says_where() -> None:
    with pytest.raises(RuleRefused) as fault:
        rule(("is: saved >= threshold", "is: saved >= bonus"))
    assert fault.value.code == "unit-mismatch"
    params = fault.value.params
    assert (params["field"], params["part"]) == ("steps[2].is", "saved >= bonus")
    assert (params["left"], params["right"]) == ("t", "CNY/t")
