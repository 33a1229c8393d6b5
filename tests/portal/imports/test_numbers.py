"""Numbers: ASCII digits, exact, and nothing that Python would be kind about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.errors import BadValue
from portal.imports.numbers import count, grouped_count, grouped_quantity, identifier, quantity

KIND_TO_PYTHON = ["1_000", "１２", "٣", "+5", "-5", " 5", "5.0", "1e3", "007", "", "0x10", "5\n"]


def refused(parse: Callable[[str], object], text: str) -> str:
    with pytest.raises(BadValue) as caught:
        parse(text)
    return caught.value.code


@pytest.mark.parametrize("text", KIND_TO_PYTHON)
@pytest.mark.parametrize("parse", [quantity, grouped_quantity, count, grouped_count])
def test_only_plain_digits_are_a_number(parse: Callable[[str], int], text: str) -> None:
    assert refused(parse, text) == "quantity-malformed"


@pytest.mark.parametrize("text", ["1,45,054", "1,000,00", ",100", "1000,000", "0,100", "1,,000"])
def test_commas_stand_at_every_third_digit_or_nowhere(text: str) -> None:
    assert refused(grouped_quantity, text) == "quantity-malformed"


def test_commas_are_read_only_where_the_column_has_them() -> None:
    assert grouped_quantity("1,454,054") == 1454054
    assert grouped_quantity("425") == 425
    assert refused(quantity, "1,454,054") == "quantity-malformed"


def test_none_is_a_count_but_no_quantity() -> None:
    assert count("0") == grouped_count("0") == 0
    assert refused(quantity, "0") == "quantity-not-positive"
    assert refused(grouped_quantity, "0") == "quantity-not-positive"


def test_a_number_stays_below_two_to_the_53() -> None:
    assert quantity("9007199254740991") == 2**53 - 1
    assert refused(quantity, "9007199254740992") == "quantity-too-large"
    assert refused(quantity, "9" * 5000) == "quantity-too-large"
    assert refused(grouped_quantity, "9,007,199,254,740,992") == "quantity-too-large"


@given(st.integers(1, 2**53 - 1))
def test_both_spellings_of_a_number_are_read_back(number: int) -> None:
    assert quantity(str(number)) == grouped_quantity(f"{number:,}") == number


def test_an_identifier_loses_only_a_decimal_nought() -> None:
    assert identifier("308.0") == identifier("308") == "308"
    for text in ("308.5", "308.00", "308.", "0308", "-1", "A1", "3e2"):
        assert refused(identifier, text) == "identifier-malformed"
