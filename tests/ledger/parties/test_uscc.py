"""Unified social credit codes: examples of the standards, and every rule with what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.parties import uscc
from ledger.parties.errors import CodeRefused

# The worked example of GB 32100-2015: the sum of products is 1640 = 52 x 31 + 28, 31 - 28 = 3.
EXAMPLE = "91350100M000100Y43"


def refusal(text: str) -> CodeRefused:
    with pytest.raises(CodeRefused) as caught:
        uscc.check_uscc(text)
    return caught.value


def test_alphabet_leaves_out_five_letters() -> None:
    assert len(uscc.ALPHABET) == 31
    assert not set("IOSVZ") & set(uscc.ALPHABET)


def test_weights_are_the_powers_of_three_modulo_31() -> None:
    # 3^3 = 27; 3^4 = 81 = 2 x 31 + 19; 3 x 19 = 57 = 31 + 26; and so on.
    assert uscc.WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def test_the_example_of_the_standard_holds() -> None:
    uscc.check_uscc(EXAMPLE)
    assert uscc.check_digit(EXAMPLE[:-1]) == "3"
    uscc.check_organisation_code(uscc.organisation_code(EXAMPLE))


def test_a_sum_that_31_divides_gives_0() -> None:
    # Values 1 (place 1, weight 1) and 1 (place 16, weight 30): 1 x 1 + 1 x 30 = 31.
    assert uscc.check_digit("10000000000000010") == "0"
    uscc.check_uscc("100000000000000100")


def test_a_remainder_of_one_gives_the_last_letter() -> None:
    # 1 x 1 = 1; 31 - 1 = 30, the value of Y.
    assert uscc.check_digit("10000000000000000") == "Y"


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ("", "uscc-length", {"length": 0, "expected": 18}),
        (EXAMPLE[:-1], "uscc-length", {"length": 17, "expected": 18}),
        (EXAMPLE + "3", "uscc-length", {"length": 19, "expected": 18}),
        (EXAMPLE.replace("M", "m"), "uscc-character", {"position": 9, "character": "m"}),
        (EXAMPLE.replace("M", "O"), "uscc-character", {"position": 9, "character": "O"}),
        (EXAMPLE.replace("M", "１"), "uscc-character", {"position": 9, "character": "１"}),
        ("9135O100M000100Y43", "uscc-character", {"position": 5, "character": "O"}),
        ("91A50100M000100Y43", "uscc-region", {"region": "A50100"}),
        (EXAMPLE[:-1] + "4", "uscc-check", {"found": "4", "expected": "3"}),
    ],
)
def test_each_rule_refuses_what_it_is_for(
    text: str, code: str, params: dict[str, str | int]
) -> None:
    assert (refusal(text).code, refusal(text).params) == (code, params)


@pytest.mark.parametrize("text", ["", "9135", "91350100M000100Y4Z", EXAMPLE])
def test_the_check_digit_wants_seventeen_characters(text: str) -> None:
    with pytest.raises(CodeRefused, match="uscc-length"):
        uscc.check_digit(text)


bodies = st.tuples(
    st.text(uscc.ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(uscc.ALPHABET, min_size=9, max_size=9),
).map("".join)


@given(bodies, st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_every_single_wrong_character_is_found(body: str, place: int, other: str) -> None:
    """31 is prime and no weight is a multiple of it."""
    good = body + uscc.check_digit(body)
    uscc.check_uscc(good)
    bad = good[:place] + other + good[place + 1 :]
    if bad != good:
        assert refusal(bad).code in {"uscc-check", "uscc-region"}


@given(bodies, st.integers(0, 15))
def test_every_swap_of_neighbours_is_found(body: str, place: int) -> None:
    """The weights of neighbours differ modulo 31."""
    good = body + uscc.check_digit(body)
    bad = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
    if bad != good:
        assert refusal(bad).code in {"uscc-check", "uscc-region"}


def test_the_organisation_example_of_gb_11714_holds() -> None:
    # D2143569: 13x3 + 2x7 + 1x9 + 4x10 + 3x5 + 5x8 + 6x4 + 9x2 = 199 = 18 x 11 + 1; 11 - 1 = 10.
    uscc.check_organisation_code("D2143569X")


def test_an_organisation_remainder_of_zero_gives_0() -> None:
    # Digits 3, 0, 0, 0, 0, 0, 0, 1: 3x3 + 1x2 = 11.
    assert uscc.organisation_check_digit("30000001") == "0"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("D214356X", "organisation-length"),
        ("D2143569-X", "organisation-length"),
        ("d2143569X", "uscc-character"),
        ("D21435690", "organisation-check"),
    ],
)
def test_each_organisation_rule_refuses_what_it_is_for(text: str, code: str) -> None:
    with pytest.raises(CodeRefused) as caught:
        uscc.check_organisation_code(text)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["", "D214356", "D2143569X"])
def test_the_organisation_digit_wants_eight_characters(text: str) -> None:
    with pytest.raises(CodeRefused, match="organisation-length"):
        uscc.organisation_check_digit(text)
