"""Fees of a growing total: what each part adds, exact beside fractions, never more than it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.rounding import MODES, quotient, rounded
from market.tariff import Tariff, read_tariff

RATES = st.decimals(0, 1, places=6).map(Fraction)


def test_the_share_the_minimum_and_the_amount_bound_a_fee() -> None:
    tariff = Tariff(Fraction("0.0005"), 100, "half-up")
    assert [tariff.fee(a) for a in (0, 60, 1_000, 200_000, 300_000, 301_000)] == [
        0,
        60,
        100,
        100,
        150,
        151,  # 150.5
    ]
    assert Tariff(Fraction(0), 100, "up").fee(1_000) == 0


@given(RATES, st.integers(0, 5_000), st.sampled_from(MODES), st.lists(st.integers(1, 10**7)))
def test_parts_of_an_order_pay_what_the_whole_pays_and_none_more_than_itself(
    rate: Fraction, minimum: int, mode: str, parts: list[int]
) -> None:
    tariff = Tariff(rate, minimum, mode)
    total = charged = 0
    for part in parts:
        fee = tariff.fee(total + part) - charged
        assert 0 <= fee <= part
        total, charged = total + part, charged + fee
    assert charged == tariff.fee(total)


@given(st.integers(0, 10**15), st.integers(1, 10**6), st.sampled_from(MODES))
def test_a_quotient_is_rounded_as_its_fraction(numerator: int, denominator: int, mode: str) -> None:
    whole, rest = divmod(numerator, denominator)
    wanted = {
        "down": whole,
        "up": whole + (rest > 0),
        "half-up": whole + (Fraction(rest, denominator) >= Fraction(1, 2)),
    }[mode]
    assert quotient(numerator, denominator, mode) == wanted
    assert rounded(Fraction(numerator, denominator), mode) == wanted


@given(RATES, st.integers(0, 10**9), st.sampled_from(MODES))
def test_a_row_keeps_a_tariff_exactly(rate: Fraction, minimum: int, mode: str) -> None:
    tariff = Tariff(rate, minimum, mode)
    assert read_tariff(tariff.text) == tariff


def test_another_rounding_is_refused() -> None:
    with pytest.raises(ValueError, match="bankers"):
        quotient(1, 2, "bankers")
