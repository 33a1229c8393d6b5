"""Exact numbers: grammar, rounding rules and their ties, and the way back to text."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives import exact
from incentives.errors import NumberRefused


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (7, Fraction(7)),
        ("0", Fraction(0)),
        ("-0.70", Fraction(-7, 10)),
        ("0.1", Fraction(1, 10)),
        ("1.5e-3", Fraction(3, 2000)),
        ("2E+2", Fraction(200)),
        ("2/37", Fraction(2, 37)),
        ("-4/6", Fraction(-2, 3)),
    ],
)
def test_numbers_are_what_they_say(value: object, read: Fraction) -> None:
    assert exact.number(value) == read


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.5, "number-type"),
        (True, "number-type"),
        (None, "number-type"),
        ([], "number-type"),
        ("", "number-malformed"),
        ("+1", "number-malformed"),
        ("01", "number-malformed"),
        (".5", "number-malformed"),
        ("1.", "number-malformed"),
        ("1_000", "number-malformed"),
        ("1,000", "number-malformed"),
        ("１", "number-malformed"),
        (" 1", "number-malformed"),
        ("1\n", "number-malformed"),
        ("nan", "number-malformed"),
        ("inf", "number-malformed"),
        ("0x10", "number-malformed"),
        ("1/0", "number-malformed"),
        ("1/-2", "number-malformed"),
        ("1e41", "number-too-long"),
        ("1" * 61, "number-too-long"),
        (2**181, "number-too-long"),
    ],
)
def test_what_is_no_exact_number_is_refused(value: object, code: str) -> None:
    with pytest.raises(NumberRefused) as caught:
        exact.number(value)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(1, 4), "0.25"),
        (Fraction(-1, 40), "-0.025"),
        (Fraction(1200), "1200"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-7, 6), "-7/6"),
        (5, "5"),
    ],
)
def test_numbers_are_written_as_decimals_where_they_end(value: Fraction | int, text: str) -> None:
    assert exact.text(value) == text


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "down", "up"),
    [
        ("2.5", 3, 2, 2, 3),
        ("3.5", 4, 4, 3, 4),
        ("-2.5", -3, -2, -2, -3),
        ("2.49", 2, 2, 2, 3),
        ("2.51", 3, 3, 2, 3),
        ("-0.1", 0, 0, 0, -1),
        ("4", 4, 4, 4, 4),
    ],
)
def test_each_rounding_rule_treats_its_ties(
    value: str, half_up: int, half_even: int, down: int, up: int
) -> None:
    rules: tuple[exact.Rounding, ...] = ("half-up", "half-even", "down", "up")
    found = [exact.rounded(Fraction(value), rule) for rule in rules]
    assert found == [half_up, half_even, down, up]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-10, max_value=10))
def test_rounding_agrees_with_decimal(value: Decimal) -> None:
    oracle = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN, ROUND_UP)
    for rule, mode in zip(exact.ROUNDINGS, oracle, strict=True):
        assert exact.rounded(Fraction(value), rule) == int(value.to_integral_value(mode))


@given(st.fractions(max_denominator=10**6))
def test_what_is_written_reads_back(value: Fraction) -> None:
    assert exact.number(exact.text(value)) == value
