"""The arithmetic of the exchange, by values worked out by hand (DOMAIN.md §8.2)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from market.rounding import rounded
from market.terms import Terms, order_faults

TERMS = Terms(
    method="10",
    tick_fen=1,
    lot=1,
    size_from=1,
    size_below=100_000,
    band=Fraction(1, 10),
    best_levels=5,
    holding_sessions=1,
    proceeds_sessions=0,
    position_limit=None,
    eligible=frozenset({"enterprise"}),
    buyer_fee=Fraction(0),
    seller_fee=Fraction(0),
    fee_minimum_fen=0,
    fee_rounding="half-up",
    close_rounding="half-up",
    order_kinds=frozenset({"limit"}),
    days_open=1,
    self_trade="newest",
    candidates="limits",
)


def faults(price_fen: int, quantity: int, terms: Terms = TERMS) -> list[str]:
    return [fault.code for fault in order_faults(terms, 7_075, price_fen, quantity)]


def test_a_band_of_ten_percent_round_70_75_is_63_68_to_77_82() -> None:
    assert TERMS.price_band(7_075) == (6_368, 7_782)


@pytest.mark.parametrize("price_fen", [6_368, 7_075, 7_782])
def test_a_price_within_the_band_is_accepted(price_fen: int) -> None:
    assert faults(price_fen, 1) == []


@pytest.mark.parametrize("price_fen", [1, 6_367, 7_783])
def test_a_price_one_tick_outside_the_band_is_refused(price_fen: int) -> None:
    assert faults(price_fen, 1) == ["price-outside-band"]


def test_a_band_is_rounded_inward_to_its_tick() -> None:
    assert replace(TERMS, tick_fen=5).price_band(7_075) == (6_370, 7_780)


def test_a_band_never_reaches_a_price_of_nothing() -> None:
    assert replace(TERMS, band=Fraction(1)).price_band(10) == (1, 20)


def test_a_band_never_reaches_a_price_that_no_statement_can_state() -> None:
    assert TERMS.price_band(2**53 - 1)[1] == 2**53 - 1
    assert replace(TERMS, tick_fen=5).price_band(2**53 - 1)[1] == 2**53 - 2  # …990


def test_a_listing_of_99_999_is_accepted_and_one_of_100_000_refused() -> None:
    assert faults(7_075, 99_999) == []
    assert faults(7_075, 100_000) == ["quantity-too-large"]


def test_every_fault_of_an_order_is_named() -> None:
    terms = replace(TERMS, tick_fen=5, lot=10, size_below=100)
    wanted = ["price-off-tick", "price-outside-band", "quantity-off-lot", "quantity-too-large"]
    assert faults(7_783, 101, terms) == wanted


def test_an_amount_beyond_exact_json_integers_is_refused() -> None:
    terms = replace(TERMS, size_below=2**53)
    found = [f.code for f in order_faults(terms, 2**40, 2**40, 2**20)]
    assert found == ["value-too-large"]


def test_the_close_is_the_volume_weighted_average() -> None:
    turnover = 100 * 7_000 + 300 * 7_100
    assert TERMS.close(turnover, 400) == 7_075


def test_a_close_between_two_fen_is_rounded_by_its_rule() -> None:
    assert TERMS.close(201, 2) == 101
    assert replace(TERMS, close_rounding="down").close(201, 2) == 100


@pytest.mark.parametrize(
    ("value", "mode", "whole"),
    [
        (Fraction(1, 2), "half-up", 1),
        (Fraction(49, 100), "half-up", 0),
        (Fraction(1, 100), "up", 1),
        (Fraction(2), "up", 2),
        (Fraction(199, 100), "down", 1),
    ],
)
def test_rounding_by_name(value: Fraction, mode: str, whole: int) -> None:
    assert rounded(value, mode) == whole


def test_an_unknown_rounding_is_refused() -> None:
    with pytest.raises(ValueError, match="bankers"):
        rounded(Fraction(1), "bankers")


def test_fees_are_exact_rounded_and_at_least_the_minimum() -> None:
    terms = replace(
        TERMS, buyer_fee=Fraction(6, 10_000), seller_fee=Fraction(1, 1_000), fee_minimum_fen=5
    )
    assert terms.fees(1_000_000) == (600, 1_000)
    assert terms.fees(12_500) == (8, 13)  # 7.5 and 12.5, half up
    assert terms.fees(1_000) == (5, 5)


def test_a_fee_never_exceeds_the_amount_and_no_rate_means_no_fee() -> None:
    terms = replace(TERMS, seller_fee=Fraction(1, 1_000), fee_minimum_fen=500)
    assert terms.fees(300) == (0, 300)
