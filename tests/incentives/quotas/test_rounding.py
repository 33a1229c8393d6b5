"""Largest remainder: public vectors, ties by code, bounds kept, and its properties."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.quotas.bounds import Limit, fill
from incentives.quotas.errors import BoundsInfeasible
from incentives.quotas.rounding import code_order, whole_tonnes

F = Fraction
FREE = Limit(F(0), None)
# The example of the JavaScript package `apportionment`, recomputed.
PEOPLE = (21878, 9713, 4167, 3252, 1065)
FIVE = ("330100", "330200", "330300", "330400", "330500")


def hamilton(seats: int) -> tuple[int, ...]:
    shares = fill(seats, [F(p) for p in PEOPLE], [FREE] * 5)
    return whole_tonnes(shares, seats, FIVE, [FREE] * 5)


def test_hamilton_of_44_seats() -> None:
    assert hamilton(44) == (24, 11, 5, 3, 1)


def test_hamilton_of_43_seats_shows_the_alabama_paradox() -> None:
    """One seat fewer and the fourth gains one: the method's known flaw, at one tonne harmless."""
    assert hamilton(43) == (24, 10, 4, 4, 1)


@pytest.mark.parametrize(
    ("codes", "given_"),
    [
        (("330100", "330200", "330300"), (4, 3, 3)),
        (("330300", "330200", "330100"), (3, 3, 4)),
        (("10", "9", "8"), (3, 3, 4)),
        (("b", "a", "1"), (3, 3, 4)),
        (("乙", "a", "甲"), (3, 4, 3)),
    ],
)
def test_ties_go_to_the_lower_code_wherever_it_stands(
    codes: tuple[str, ...], given_: tuple[int, ...]
) -> None:
    assert whole_tonnes([F(10, 3)] * 3, 10, codes, [FREE] * 3) == given_


def test_codes_of_digits_are_ordered_by_number_then_by_text() -> None:
    assert sorted(["b", "10", "9", "09", "a"], key=code_order) == ["09", "9", "10", "a", "b"]


def test_a_fractional_floor_is_kept_by_rounding_up() -> None:
    # 1.5 is the floor of the first: it gets 2, not the 1 of its own remainder.
    bounds = [Limit(F(3, 2), None), FREE, FREE]
    assert whole_tonnes([F(3, 2), F(17, 4), F(17, 4)], 10, FIVE[:3], bounds) == (2, 4, 4)


def test_fractional_floors_take_back_from_the_smallest_remainder() -> None:
    # Floors make 2 + 2 + 5 + 4 = 13 of 12: one comes back from the smallest remainder, 4.1.
    shares = [F(3, 2), F(3, 2), F(49, 10), F(41, 10)]
    bounds = [Limit(F(3, 2), None)] * 2 + [FREE] * 2
    assert whole_tonnes(shares, 12, FIVE[:4], bounds) == (2, 2, 4, 4)


def test_a_fractional_ceiling_is_kept_by_rounding_down() -> None:
    # 2.5 has the largest remainder but 2 is the last integer below its ceiling.
    bounds = [Limit(F(0), F(5, 2)), FREE]
    assert whole_tonnes([F(5, 2), F(15, 2)], 10, FIVE[:2], bounds) == (2, 8)


def test_what_is_taken_back_comes_from_the_higher_code() -> None:
    shares = [F(3, 2), F(3, 2), F(7, 2), F(7, 2)]
    bounds = [Limit(F(3, 2), None)] * 2 + [FREE] * 2
    assert whole_tonnes(shares, 10, FIVE[:4], bounds) == (2, 2, 3, 3)
    # Shares 4 and 4 with two floors of 0.5: 1 + 1 + 4 + 4 = 10 of 9, the last one gives.
    shares = [F(1, 2), F(1, 2), F(4), F(4)]
    bounds = [Limit(F(1, 2), None)] * 2 + [FREE] * 2
    assert whole_tonnes(shares, 9, FIVE[:4], bounds) == (1, 1, 4, 3)


@pytest.mark.parametrize(
    ("shares", "total", "bounds"),
    [
        ([F(1, 2), F(1, 2)], 1, [Limit(F(1, 3), F(2, 3))] * 2),
        ([F(1, 2), F(1, 2)], 1, [Limit(F(1, 2), None)] * 2),
        ([F(3, 2), F(3, 2)], 3, [Limit(F(0), F(3, 2))] * 2),
    ],
)
def test_bounds_that_no_integers_keep_are_refused(
    shares: list[Fraction], total: int, bounds: list[Limit]
) -> None:
    with pytest.raises(BoundsInfeasible) as caught:
        whole_tonnes(shares, total, FIVE[:2], bounds)
    assert caught.value.code == "bounds-no-integers"


weights = st.lists(st.integers(1, 10**6), min_size=1, max_size=12)


@given(weights, st.integers(0, 10**9))
def test_without_bounds_the_quota_rule_holds(people: list[int], total: int) -> None:
    codes = [f"{330100 + i}" for i in range(len(people))]
    free = [FREE] * len(people)
    shares = fill(total, [F(p) for p in people], free)
    given_ = whole_tonnes(shares, total, codes, free)
    assert sum(given_) == total
    assert all(x // 1 <= n <= -(-x // 1) for x, n in zip(shares, given_, strict=True))


@given(weights, st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_the_plan_changes_nothing(people: list[int], total: int, rng: object) -> None:
    codes = [f"{330100 + i}" for i in range(len(people))]
    free = [FREE] * len(people)
    places = list(range(len(people)))
    rng.shuffle(places)  # type: ignore[attr-defined]  # hypothesis types it as object
    shares = fill(total, [F(p) for p in people], free)
    straight = whole_tonnes(shares, total, codes, free)
    mixed = whole_tonnes([shares[i] for i in places], total, [codes[i] for i in places], free)
    assert [straight[i] for i in places] == list(mixed)
