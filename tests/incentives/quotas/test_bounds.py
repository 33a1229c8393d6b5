"""Bounded proportional split: vectors by hand, infeasible bounds, and its defining properties."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.quotas.bounds import Limit, fill, limits
from incentives.quotas.errors import BoundsInfeasible, PlanRefused
from incentives.quotas.plan import Member, Plan

F = Fraction
FREE = Limit(F(0), None)


def tonnes(*values: int) -> tuple[Fraction, ...]:
    return tuple(F(v) for v in values)


def within(*pairs: tuple[int, int | None]) -> tuple[Limit, ...]:
    return tuple(Limit(F(lo), None if hi is None else F(hi)) for lo, hi in pairs)


def upto(hi: int) -> Limit:
    return Limit(F(0), F(hi))


def test_a_ceiling_hands_its_excess_to_the_others() -> None:
    # k = 45: 10 is the ceiling, 45 + 45 remain.
    assert fill(100, [F(1)] * 3, [upto(10), upto(100), upto(100)]) == tonnes(10, 45, 45)


def test_a_floor_takes_its_need_from_the_others() -> None:
    # 90 - 30 = 60 by 3 : 2, k = 12.
    assert fill(90, [F(3), F(2), F(1)], [FREE, FREE, Limit(F(30), None)]) == tonnes(36, 24, 30)


def test_shares_stay_fractions() -> None:
    assert fill(10, [F(1)] * 3, [FREE] * 3) == (F(10, 3),) * 3


def test_weights_may_be_fractions() -> None:
    assert fill(7, [F(1, 3), F(1, 4)], [FREE, FREE]) == tonnes(4, 3)


def test_floor_and_ceiling_work_together() -> None:
    # Weights 1:1:2 of 100 are 25, 25, 50; floor 40, ceiling 30; the second gets what is left, 30.
    bounds = [Limit(F(40), None), FREE, upto(30)]
    assert fill(100, [F(1), F(1), F(2)], bounds) == tonnes(40, 30, 30)


def test_a_weight_of_zero_gets_its_floor() -> None:
    assert fill(10, [F(0), F(1)], [Limit(F(2), F(9)), FREE]) == tonnes(2, 8)


@pytest.mark.parametrize("total", [30, 60])
def test_the_ends_of_what_bounds_allow_are_reached(total: int) -> None:
    assert sum(fill(total, [F(1)] * 3, [Limit(F(10), F(20))] * 3)) == total


@pytest.mark.parametrize(
    ("total", "weights", "bounds", "least", "most"),
    [
        (29, [1, 1, 1], [Limit(F(10), F(20))] * 3, "30", "60"),
        (61, [1, 1, 1], [Limit(F(10), F(20))] * 3, "30", "60"),
        (5, [1, 1], [Limit(F(11, 2), None), FREE], "5.5", ""),
        (10, [0, 1], [Limit(F(1), F(9)), upto(2)], "1", "3"),
        (1, [0, 0], [FREE, FREE], "0", "0"),
    ],
)
def test_bounds_that_no_split_keeps_are_refused(
    total: int, weights: list[int], bounds: list[Limit], least: str, most: str
) -> None:
    with pytest.raises(BoundsInfeasible) as caught:
        fill(total, [F(w) for w in weights], bounds)
    assert caught.value.code == "bounds-infeasible"
    assert caught.value.params == {"cap": total, "least": least, "most": most}


rationals = st.fractions(min_value=0, max_value=50, max_denominator=12)


@st.composite
def problems(draw: st.DrawFn) -> tuple[int, list[Fraction], list[Limit]]:
    size = draw(st.integers(1, 7))
    weights = [draw(rationals) for _ in range(size)]
    bounds = []
    for _ in range(size):
        lo, more = draw(rationals), draw(st.none() | rationals)
        bounds.append(Limit(lo, None if more is None else lo + more))
    return draw(st.integers(0, 400)), weights, bounds


@given(problems())
def test_a_split_is_the_clamped_multiple_of_the_weights(
    problem: tuple[int, list[Fraction], list[Limit]],
) -> None:
    total, weights, bounds = problem
    try:
        shares = fill(total, weights, bounds)
    except BoundsInfeasible:
        open_top = any(w and b.hi is None for w, b in zip(weights, bounds, strict=True))
        most = sum((b.hi or F(0)) if w else b.lo for w, b in zip(weights, bounds, strict=True))
        assert total < sum(b.lo for b in bounds) or (not open_top and total > most)
        return
    assert sum(shares) == total
    inner = []
    for x, w, (lo, hi) in zip(shares, weights, bounds, strict=True):
        assert lo <= x and (hi is None or x <= hi)
        if w and x > lo and (hi is None or x < hi):
            inner.append(x / w)
    assert all(a == b for a, b in pairwise(inner))
    if inner:  # who stands at a floor would get less of k, who stands at a ceiling more
        for x, w, (lo, hi) in zip(shares, weights, bounds, strict=True):
            assert x == max(lo, w * inner[0] if hi is None else min(hi, w * inner[0]))


def member(code: str, emissions: int | None, lo: int = 0, hi: int | None = None) -> Member:
    given_ = {} if emissions is None else {"emissions": F(emissions)}
    return Member(code, given_, F(lo), None if hi is None else F(hi))


def test_cut_and_gain_are_shares_of_emissions() -> None:
    plan = Plan(1, "gdp", (member("a", 200),), max_cut=F(15, 100), max_gain=F(5, 100))
    assert limits(plan) == within((170, 210))


def test_the_tighter_bound_holds() -> None:
    members = (member("a", 200, lo=180, hi=500), member("b", 200, lo=1, hi=190))
    plan = Plan(1, "gdp", members, max_cut=F(15, 100), max_gain=F(5, 100))
    assert limits(plan) == within((180, 210), (170, 190))


def test_one_side_alone_leaves_the_other_open() -> None:
    assert limits(Plan(1, "gdp", (member("a", 200),), max_cut=F(1, 4))) == within((150, None))
    assert limits(Plan(1, "gdp", (member("a", 200),), max_gain=F(1, 4))) == within((0, 250))


@pytest.mark.parametrize(
    ("case", "code"),
    [(member("a", None), "indicator-missing"), (member("a", 100, lo=106), "bounds-crossed")],
)
def test_bounds_that_cannot_be_made_are_refused(case: Member, code: str) -> None:
    with pytest.raises(PlanRefused) as caught:
        limits(Plan(1, "gdp", (case,), max_gain=F(5, 100)))
    assert (caught.value.code, caught.value.params["region"]) == (code, "a")
