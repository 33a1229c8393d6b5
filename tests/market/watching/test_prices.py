"""Layering, the close, ramps and blocks: each planted case, and its near miss."""

from __future__ import annotations

from fractions import Fraction

from market.watching.history import AUCTION, BLOCK, BUY, SELL
from market.watching.layering import layering
from market.watching.prices import block, close, ramp
from tests.factories.surveillance import SESSION, TODAY, deal, past, shown

LAYERING = {"multiple": 5, "minutes": 10, "filled": Fraction(1, 10), "repeats": 2}
CLOSE = {"minutes": 15, "move-percent": Fraction(3, 100)}
RAMP = {"trades": 4, "move-percent": Fraction(5, 100), "share-percent": Fraction(6, 10)}
BLOCKS = {"off-percent": Fraction(15, 100)}
LATE = 316  # the last quarter of an hour begins at minute 315


def test_large_offers_taken_back_after_purchases_of_ones_own_are_layering() -> None:
    orders = (shown(1, 15, "p", 500), shown(2, 25, "p", 500))
    deals = (deal(10, "x", "p", 100), deal(20, "y", "p", 100))
    (found,) = layering(past(*deals, withdrawn=orders), LAYERING)
    assert (found.parties, found.instrument) == (("p",), "FS")
    assert found.entries == (1, 2, 10, 15, 20, 25)
    assert found.figures == {"fills": 2, "filled_credits": 200, "withdrawn_credits": 1_000}


def test_both_sides_can_be_layered_and_by_two_hands() -> None:
    bids = (shown(1, 15, "q", 500, side=BUY), shown(2, 25, "q", 500, side=BUY))
    deals = (deal(10, "p", "x", 100), deal(20, "p", "y", 100))
    assert not list(layering(past(*deals, withdrawn=bids), LAYERING))
    (found,) = layering(past(*deals, withdrawn=bids, controls={"p": "p", "q": "p"}), LAYERING)
    assert found.parties == ("p", "q")


def test_what_falls_short_of_layering_is_silent() -> None:
    deals = (deal(10, "x", "p", 100), deal(20, "y", "p", 100))
    second = shown(2, 25, "p", 500)

    def found(*orders: object) -> list[object]:
        return list(layering(past(*deals, withdrawn=orders), LAYERING))

    assert found(shown(1, 15, "p", 500), second)
    assert not found(second, shown(1, 15, "p", 499))  # under five times the fill
    assert not found(second, shown(1, 21, "p", 500, filled=51))  # a tenth was filled
    assert not found(second, shown(11, 15, "p", 500))  # shown after the fill
    assert not found(second, shown(1, 9, "p", 500))  # gone before it
    assert not found(shown(1, 15, "p", 500), shown(2, 31, "p", 500))  # eleven minutes later
    assert not found(second, shown(1, 15, "p", 500, side=BUY))  # the same side
    assert not found(second, shown(1, 15, "x", 500))  # another's
    assert not found(second, shown(1, 15, "p", 500, instrument="AC"))
    assert not found(shown(1, 15, "p", 500))  # a single time


def test_the_deals_of_one_order_are_one_fill_however_many_takers_cut_it_up() -> None:
    slices = tuple(deal(10 + n, "x", "p", 10, bid="B1") for n in range(4))
    small, large = shown(1, 16, "p", 199), shown(2, 17, "p", 200)
    one = dict(LAYERING, repeats=1)
    assert not list(layering(past(*slices, withdrawn=(small,)), one))  # 40 filled, 200 needed
    (found,) = layering(past(*slices, withdrawn=(large,)), one)
    assert found.figures == {"fills": 1, "filled_credits": 40, "withdrawn_credits": 200}
    assert not list(layering(past(*slices, withdrawn=(large,)), LAYERING))


def test_a_credit_withdrawn_stands_behind_one_fill_alone_and_the_small_ones_first() -> None:
    deals = (deal(8, "w", "p", 300), deal(10, "x", "p", 100), deal(12, "y", "p", 100))
    assert not list(layering(past(*deals, withdrawn=(shown(1, 15, "p", 999),)), LAYERING))
    (found,) = layering(past(*deals, withdrawn=(shown(1, 15, "p", 1_000),)), LAYERING)
    assert found.figures == {"fills": 2, "filled_credits": 200, "withdrawn_credits": 1_000}
    assert 8 not in found.entries


def test_parts_that_were_taken_off_an_order_count_like_the_whole() -> None:
    deals = (deal(10, "x", "p", 100), deal(20, "y", "p", 100))
    parts = (shown(1, 15, "p", 400, shown=500), shown(1, 16, "p", 100, shown=500))
    (found,) = layering(past(*deals, withdrawn=(*parts, shown(2, 25, "p", 500))), LAYERING)
    assert found.entries == (1, 2, 10, 15, 16, 20, 25)
    assert found.figures["withdrawn_credits"] == 1_000


def test_taking_back_every_order_is_no_layering() -> None:
    """In real flow nearly every order ends so; a ratio of cancels would alarm everybody."""
    orders = tuple(shown(n, n + 1, "p", 10_000) for n in range(1, 300, 3))
    deals = tuple(deal(n, "x", "p", 100) for n in range(3, 300, 3))
    assert not list(layering(past(*deals, withdrawn=orders), LAYERING))


def test_trades_of_the_last_minutes_that_move_the_close_are_found() -> None:
    # 100 at 70.00, then 100 at 74.20: 72.10, which is 3 % more
    early, late = deal(1, "x", "y", 100), deal(LATE, "z", "p", 100, price_fen=7_420)
    (found,) = close(past(early, late, sessions=(SESSION,)), CLOSE)
    assert (found.parties, found.entries) == (("p",), (LATE,))
    assert found.figures == {
        "from_fen": 7_000,
        "to_fen": 7_210,
        "move_bp": 300,
        "credits": 100,
        "trades": 1,
    }
    down = deal(LATE, "p", "z", 100, price_fen=6_580)
    assert [f.parties for f in close(past(early, down, sessions=(SESSION,)), CLOSE)] == [("p",)]


def test_a_smaller_move_an_earlier_trade_or_a_block_does_not_mark_the_close() -> None:
    early = deal(1, "x", "y", 100)
    for other in (
        deal(LATE, "z", "p", 100, price_fen=7_419),
        deal(314, "z", "p", 100, price_fen=7_420),
        deal(LATE, "z", "p", 100, price_fen=7_700, kind=BLOCK),
        deal(LATE, "z", "p", 100, price_fen=7_700, kind=AUCTION),
    ):
        assert not list(close(past(early, other, sessions=(SESSION,)), CLOSE))
    late = deal(LATE, "z", "p", 100, price_fen=7_420)
    assert not list(close(past(early, late), CLOSE))  # of a session that nobody knows


def test_the_only_trade_of_a_day_is_held_against_the_reference() -> None:
    late = deal(LATE, "z", "p", 1, price_fen=7_210)
    references = {("FS", TODAY): 7_000}
    (found,) = close(past(late, sessions=(SESSION,), references=references), CLOSE)
    assert found.figures["from_fen"] == 7_000
    assert not list(close(past(late, sessions=(SESSION,)), CLOSE))


def test_purchases_each_dearer_than_the_one_before_are_a_ramp() -> None:
    prices = (7_000, 7_100, 7_200, 7_350)  # 5 % in four steps
    run = [deal(n, "x", "p", 100, price_fen=price) for n, price in enumerate(prices)]
    (found,) = ramp(past(*run), RAMP)
    assert (found.parties, found.entries) == (("p",), (0, 1, 2, 3))
    assert (found.figures["from_fen"], found.figures["to_fen"]) == (7_000, 7_350)
    falling = [deal(n, "p", f"x{n}", 100, price_fen=p) for n, p in enumerate(prices[::-1])]
    assert not list(ramp(past(*falling), RAMP))  # 73.50 to 70.00 is 4.76 %
    steeper = [*falling[:-1], deal(3, "p", "x3", 100, price_fen=6_982)]
    assert [found.parties for found in ramp(past(*steeper), RAMP)] == [("p",)]


def test_a_short_flat_or_shared_rise_is_none() -> None:
    def bought(*prices: int, other: int = 0) -> bool:
        run = [deal(2 * n, f"x{n}", "p", 100, price_fen=p) for n, p in enumerate(prices)]
        between = [deal(1, "y", "z", other, price_fen=7_000)] if other else []
        return bool(list(ramp(past(run[0], *between, *run[1:]), RAMP)))

    assert bought(7_000, 7_100, 7_200, 7_350)
    assert not bought(7_000, 7_200, 7_350)
    assert not bought(7_000, 7_100, 7_200, 7_349)
    assert not bought(7_000, 7_100, 7_100, 7_350)
    assert bought(7_000, 7_100, 7_200, 7_350, other=266)  # 400 of 666
    assert not bought(7_000, 7_100, 7_200, 7_350, other=267)


def test_a_block_far_from_the_reference_is_found_on_either_side() -> None:
    references = {("FS", TODAY): 7_000}

    def found(price: int, kind: str = BLOCK) -> bool:
        made = past(deal(1, "a", "b", 100_000, price_fen=price, kind=kind), references=references)
        return bool(list(block(made, BLOCKS)))

    assert [found(price) for price in (8_050, 8_049, 5_950, 5_951)] == [True, False, True, False]
    assert not found(8_050, SELL)
    assert not list(block(past(deal(1, "a", "b", price_fen=9_000, kind=BLOCK)), BLOCKS))
