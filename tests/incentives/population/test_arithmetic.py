"""Columns count exactly: what does not fit 64 bits goes on without a bound, and nothing wraps."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives import exact
from incentives.population import arithmetic
from incentives.population.columns import FAULT, KNOWN, MISSING, Numbers, constant
from incentives.population.facts import numbers

NEAR = 2**62


def values(column: Numbers, count: int) -> list[Fraction]:
    tops = np.broadcast_to(np.asarray(column.top, object), count)
    unders = [1] * count if column.under is None else column.under.tolist()
    return [Fraction(int(t), column.bottom * int(u)) for t, u in zip(tops, unders, strict=True)]


@pytest.mark.parametrize(
    ("work", "wanted"),
    [
        (arithmetic.plus, [2 * NEAR, -2 * NEAR]),
        (arithmetic.times, [NEAR * NEAR, NEAR * NEAR]),
    ],
)
def test_what_is_too_large_for_64_bits_is_counted_all_the_same(
    work: object, wanted: list[int]
) -> None:
    a = numbers([NEAR, -NEAR], 1)
    found = work(a, a)
    assert found.top.dtype == object
    assert found.top.tolist() == wanted


def test_rounding_brings_large_integers_back_to_64_bits() -> None:
    large = arithmetic.times(numbers([NEAR, 3], 1), numbers([NEAR, 5], 1))
    small = arithmetic.rounded(arithmetic.times(large, constant(Fraction(1, NEAR))), "half-up")
    assert small.top.tolist() == [NEAR, 0]
    assert small.top.dtype == np.int64


def test_dividing_by_what_is_the_same_for_all_changes_the_denominator_alone() -> None:
    a = numbers([5, 7], 10)
    found = arithmetic.over(a, constant(Fraction(3, 4)))
    assert found.top is a.top or found.top.tolist() == [10, 14]
    assert values(found, 2) == [Fraction(2, 3), Fraction(14, 15)]


def test_a_division_by_zero_is_a_fault_of_its_row_and_of_no_row_that_is_absent() -> None:
    missing = Numbers(np.array([0, 0, 4]), 0, 4, state=np.array([KNOWN, MISSING, KNOWN], np.int8))
    found = arithmetic.over(numbers([1, 1, 1], 1), missing)
    assert np.asarray(found.state).tolist() == [FAULT, MISSING, KNOWN]
    assert arithmetic.over(numbers([1], 1), constant(0)).state == FAULT


def test_a_threshold_beyond_64_bits_is_met_by_nobody_or_by_all() -> None:
    a = numbers([2**62, -(2**62)], 1)
    assert arithmetic.compared("<", a, constant(10**30)).true.tolist() == [True, True]
    assert arithmetic.compared(">=", a, constant(10**30)).true.tolist() == [False, False]
    assert arithmetic.compared("==", a, constant(Fraction(1, 3))).true.tolist() == [False, False]


decimals = st.builds(Fraction, st.integers(-(10**6), 10**6), st.sampled_from((1, 10, 100, 1000)))
columns = st.lists(decimals, min_size=1, max_size=6)


def column(given_: list[Fraction]) -> Numbers:
    bottom = 1000
    return numbers([int(value * bottom) for value in given_], bottom)


@given(columns, decimals, st.sampled_from(get_args(exact.Rounding)))
def test_every_rounding_is_that_of_exact_numbers(
    given_: list[Fraction], factor: Fraction, rule: exact.Rounding
) -> None:
    found = arithmetic.rounded(arithmetic.times(column(given_), constant(factor)), rule)
    wanted = [exact.rounded(value * factor, rule) for value in given_]
    assert values(found, len(given_)) == wanted
    assert all(found.low <= value <= found.high for value in wanted)


@given(columns, decimals, st.sampled_from(("==", "!=", "<", "<=", ">", ">=")))
def test_a_comparison_with_a_fraction_multiplies_nothing_and_is_exact(
    given_: list[Fraction], limit: Fraction, op: str
) -> None:
    found = arithmetic.compared(op, column(given_), constant(limit)).true
    wanted = [arithmetic.COMPARED[op](value, limit) for value in given_]
    assert np.broadcast_to(found, len(given_)).tolist() == wanted


@given(columns, columns)
def test_a_quotient_of_columns_is_exact_and_may_be_summed(
    tops: list[Fraction], bottoms: list[Fraction]
) -> None:
    count = min(len(tops), len(bottoms))
    a, b = column(tops[:count]), column([abs(v) + 1 for v in bottoms[:count]])
    found = arithmetic.levelled(arithmetic.over(a, b))
    assert found.under is None
    wanted = [t / (abs(u) + 1) for t, u in zip(tops, bottoms, strict=False)]
    assert values(found, count) == wanted
