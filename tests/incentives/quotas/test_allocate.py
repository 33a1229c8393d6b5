"""Allocation: order, records, unknown methods, and conservation through all levels."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.quotas import Member, Plan, allocate, parse
from incentives.quotas.errors import BoundsInfeasible, PlanRefused

F = Fraction


def test_lines_keep_the_plan_s_order() -> None:
    plan = parse(
        """
        cap: 10
        method: gdp
        regions:
          - {code: 330300, indicators: {gdp: 1}}
          - {code: 330100, indicators: {gdp: 1}}
          - {code: 330200, indicators: {gdp: 1}}
        """
    )
    assert allocate(plan).lines() == ("330300,3", "330100,4", "330200,3")


def test_rows_record_share_exact_tonnes_and_remainder() -> None:
    members = (Member("a", {"gdp": F(1)}, hi=F(10)), Member("b", {"gdp": F(1)}))
    found = allocate(Plan(31, "gdp", (*members, Member("c", {"gdp": F(1)}))))
    # Shares are thirds; the ceiling of 10 leaves 21, 10.5 each; the tie goes to b.
    assert [row.share for row in found.rows] == [F(1, 3)] * 3
    assert [row.exact for row in found.rows] == [F(10), F(21, 2), F(21, 2)]
    assert [row.remainder for row in found.rows] == [F(0), F(1, 2), F(1, 2)]
    assert [row.quantity for row in found.rows] == [10, 11, 10]
    assert (found.cap, found.method) == (31, "gdp")


def test_an_unknown_method_is_told_what_is_known() -> None:
    with pytest.raises(PlanRefused) as caught:
        allocate(Plan(1, "astrology", (Member("a"),)))
    assert caught.value.code == "method-unknown"
    known = caught.value.params["known"]
    assert isinstance(known, tuple)
    assert {"gdp", "grandfathering", "per_capita", "proportional"} <= set(known)
    assert list(known) == sorted(known)


def test_infeasible_bounds_are_refused() -> None:
    plan = Plan(95, "grandfathering", (Member("a", {"emissions": F(100)}),), max_cut=F(4, 100))
    with pytest.raises(BoundsInfeasible, match="bounds-infeasible"):
        allocate(plan)


def test_cut_and_gain_hold_after_rounding() -> None:
    # Output would give 25 and 75; 85 .. 105 % of 60 and 40 are 51 .. 63 and 34 .. 42.
    members = (
        Member("a", {"emissions": F(60), "gdp": F(1)}),
        Member("b", {"emissions": F(40), "gdp": F(3)}),
    )
    plan = Plan(95, "gdp", members, F(15, 100), F(5, 100))
    assert allocate(plan).lines() == ("a,53", "b,42")


def test_a_cap_of_nothing_gives_nothing() -> None:
    assert allocate(Plan(0, "gdp", (Member("a", {"gdp": F(1)}),))).lines() == ("a,0",)


emissions = st.fractions(min_value=F(1, 100), max_value=10**6, max_denominator=100)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    size = draw(st.integers(1, 11))
    members = tuple(
        Member(f"{330000 + 100 * (i + 1)}", {"emissions": draw(emissions), "gdp": draw(emissions)})
        for i in range(size)
    )
    total = sum((m.indicators["emissions"] for m in members), F(0))
    cut, gain = draw(st.sampled_from([(None, None), (F(15, 100), F(5, 100)), (F(1), F(2))]))
    cap = int(total * draw(st.fractions(min_value=F(86, 100), max_value=F(104, 100))))
    return Plan(cap, draw(st.sampled_from(["grandfathering", "gdp"])), members, cut, gain)


@given(plans())
def test_the_sum_is_the_cap_and_bounds_hold(plan: Plan) -> None:
    try:
        found = allocate(plan)
    except BoundsInfeasible:
        assert plan.max_cut is not None
        return
    assert sum(row.quantity for row in found.rows) == plan.cap
    assert sum(row.exact for row in found.rows) == plan.cap
    assert sum(row.share for row in found.rows) == 1
    for row, member in zip(found.rows, plan.members, strict=True):
        base = member.indicators["emissions"]
        assert row.quantity >= 0
        if plan.max_cut is not None and plan.max_gain is not None:
            assert base * (1 - plan.max_cut) <= row.quantity <= base * (1 + plan.max_gain)


@settings(max_examples=20)
@given(plans(), st.lists(plans(), min_size=11, max_size=11))
def test_every_level_conserves(province: Plan, cities: list[Plan]) -> None:
    """Province to cities to counties: each part is the cap of the next level."""
    province = replace(province, max_cut=None, max_gain=None)
    above = allocate(province)
    below = [
        allocate(replace(city, cap=row.quantity, max_cut=None, max_gain=None))
        for row, city in zip(above.rows, cities, strict=False)
    ]
    for row, city in zip(above.rows, below, strict=True):
        assert sum(r.quantity for r in city.rows) == row.quantity
    assert sum(r.quantity for city in below for r in city.rows) == province.cap
