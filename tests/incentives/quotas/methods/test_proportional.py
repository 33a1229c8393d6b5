"""The share method under its four names, and what it refuses."""

from __future__ import annotations

from fractions import Fraction

import pytest

from incentives.quotas import Member, Plan, allocate
from incentives.quotas.errors import PlanRefused

F = Fraction


def plan(method: str, indicator: str, cap: int, *values: int) -> Plan:
    members = tuple(Member(f"{i}", {indicator: F(v)}) for i, v in enumerate(values))
    return Plan(cap, method, members)


@pytest.mark.parametrize(
    ("method", "indicator", "cap", "values", "split"),
    [
        ("grandfathering", "emissions", 30, (10, 20, 30), (5, 10, 15)),
        ("per_capita", "population", 100, (1, 3), (25, 75)),
        ("gdp", "gdp", 100, (1, 3), (25, 75)),
        ("proportional", "claims", 200, (100, 200, 300), (33, 67, 100)),
    ],
)
def test_the_split_follows_the_method_s_indicator(
    method: str, indicator: str, cap: int, values: tuple[int, ...], split: tuple[int, ...]
) -> None:
    # Proportional: 33 1/3, 66 2/3, 100; the tonne left over goes to the larger remainder.
    found = allocate(plan(method, indicator, cap, *values))
    assert tuple(row.quantity for row in found.rows) == split


def test_an_indicator_that_a_region_lacks_is_named() -> None:
    case = Plan(1, "gdp", (Member("a", {"gdp": F(1)}), Member("b", {"population": F(1)})))
    with pytest.raises(PlanRefused) as caught:
        allocate(case)
    assert caught.value.code == "indicator-missing"
    assert caught.value.params == {"field": "regions[1].indicators.gdp", "region": "b"}


def test_weights_that_are_all_zero_are_refused() -> None:
    with pytest.raises(PlanRefused, match="weights-zero"):
        allocate(plan("gdp", "gdp", 1, 0, 0))


@pytest.mark.parametrize("field", ["weights", "params"])
def test_what_the_method_does_not_read_is_refused(field: str) -> None:
    extra = {field: {"beta": F(1)}}
    case = Plan(1, "gdp", (Member("a", {"gdp": F(1)}),), **extra)  # type: ignore[arg-type]  # either
    with pytest.raises(PlanRefused) as caught:
        allocate(case)
    assert (caught.value.code, caught.value.params["field"]) == ("field-unused", field)
