"""The one-way auction: published examples, and what holds for any set of bids."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.auctions.one_way import (
    CANCEL,
    NOTHING,
    PAY_AS_BID,
    PRO_RATA,
    QUEUE,
    RANDOM,
    TIES,
    TIME,
    Award,
    Bid,
    Cleared,
    Rules,
    clear,
    seed_of,
)


def bids(*asked: tuple[int, int]) -> list[Bid]:
    return [Bid(chr(97 + n), price, quantity, n) for n, (price, quantity) in enumerate(asked)]


def shares(cleared: Cleared) -> dict[str, int]:
    return {award.name: award.quantity for award in cleared.awards}


def test_the_last_bid_gets_what_is_left_and_all_pay_its_price() -> None:
    """Metaplex: 1,000,000 on offer, prices in ten-thousandths."""
    cleared = clear(bids((10, 500_000), (8, 300_000), (6, 400_000)), Rules(1_000_000))
    assert (cleared.price, cleared.volume) == (6, 1_000_000)
    assert shares(cleared) == {"a": 500_000, "b": 300_000, "c": 200_000}
    assert (cleared.asked, cleared.given) == (400_000, 200_000)
    assert {award.price for award in cleared.awards} == {6}


def test_pay_as_bid_asks_each_its_own_price() -> None:
    rules = Rules(1_000_000, pricing=PAY_AS_BID)
    cleared = clear(bids((10, 500_000), (8, 300_000), (6, 400_000)), rules)
    assert [award.price for award in cleared.awards] == [10, 8, 6]


def test_the_hardest_to_serve_is_dropped_first_however_large_the_quantities() -> None:
    n = 10**30
    level = [
        Bid("a", 1, n - 1, 0, least=n - 2),
        Bid("b", 1, n - 2, 1, least=n - 3),
        Bid("c", 1, n - 2, 2),
    ]
    # Of a, 1 - 1/(n-1) is its least; of b 1 - 1/(n-2), which is less.  Without a, b and c share
    # evenly 2n - 6, of which n - 3 is just what b is content with.
    awards = clear(level, Rules(quantity=2 * n - 6, tie=PRO_RATA)).awards
    assert [(award.name, award.quantity) for award in awards] == [("b", n - 3), ("c", n - 3)]


def test_a_share_below_a_bids_least_is_dropped_and_the_rest_shared_anew() -> None:
    """FERC RP99-288, example 4."""
    level = [
        Bid("a", 18, 60_000, 0),
        Bid("b", 18, 60_000, 1),
        Bid("c", 18, 70_000, 2, least=45_000),
        Bid("d", 18, 50_000, 3, least=15_000),
        Bid("e", 18, 30_000, 4, least=10_000),
        Bid("f", 17, 40_000, 5),
    ]
    cleared = clear(level, Rules(100_000, tie=PRO_RATA))
    assert shares(cleared) == {"a": 30_000, "b": 30_000, "d": 25_000, "e": 15_000}
    assert cleared.price == 18


@pytest.mark.parametrize(
    ("left", "asked", "given_out"),
    [
        (600, (900, 300, 600), (300, 100, 200)),
        (500, (900, 300, 600), (255, 80, 165)),
        (25, (900, 300, 600), (15, 5, 5)),
        (35, (900, 300, 600), (20, 5, 10)),
        (700, (900, 900, 900), (235, 235, 230)),
    ],
)
def test_left_over_lots_go_to_the_earlier_bids(
    left: int, asked: tuple[int, ...], given_out: tuple[int, ...]
) -> None:
    """BNB DEX, lots of 5."""
    level = bids(*((7, quantity) for quantity in asked))
    assert tuple(shares(clear(level, Rules(left, lot=5, tie=QUEUE))).values()) == given_out


def test_left_over_lots_go_to_the_largest_remainder() -> None:
    """500 over 900/300/600: shares 250, 83⅓, 166⅔; the second misses most of a lot of 5."""
    level = bids((7, 900), (7, 300), (7, 600))
    assert shares(clear(level, Rules(500, lot=5, tie=PRO_RATA))) == {"a": 250, "b": 85, "c": 165}


def test_guangdong_sells_in_order_of_price_and_time_at_the_lowest_that_succeeds() -> None:
    """Notice of 2014-09-26: 2,000,000 t, floor 25 yuan, bids of 5,000 t and more."""
    rules = Rules(2_000_000, reserve=2_500, tie=TIME)
    under = clear(bids((2_600, 900_000), (2_500, 600_000), (2_499, 400_000)), rules)
    assert (under.price, under.volume) == (2_500, 1_500_000)
    over = clear(bids((2_600, 900_000), (2_550, 800_000), (2_550, 700_000)), rules)
    assert (over.price, over.volume) == (2_550, 2_000_000)
    assert shares(over) == {"a": 900_000, "b": 800_000, "c": 300_000}


def test_shanghai_pays_the_lowest_price_within_the_volume() -> None:
    rules = Rules(1_000, reserve=5_000)
    cleared = clear(bids((6_100, 400), (6_000, 600), (5_900, 500)), rules)
    assert (cleared.price, shares(cleared)) == (6_000, {"a": 400, "b": 600})


def test_europe_cancels_an_auction_that_is_not_covered() -> None:
    """EU 1031/2010, Art. 7."""
    rules = Rules(1_000, undersubscribed=CANCEL, tie=RANDOM, seed="s")
    assert clear(bids((60, 500), (59, 499)), rules) == NOTHING
    assert clear(bids((60, 500), (59, 500)), rules).volume == 1_000


def test_the_united_kingdom_sells_what_was_asked_for_above_the_reserve() -> None:
    cleared = clear(bids((60, 500), (59, 100), (49, 900)), Rules(1_000, reserve=50))
    assert (cleared.price, cleared.volume) == (59, 600)


def test_a_reverse_auction_takes_the_lowest_offers_up_to_the_ceiling() -> None:
    rules = Rules(1_000, reserve=70, reverse=True)
    cleared = clear(bids((71, 900), (60, 400), (65, 500), (70, 300)), rules)
    assert (cleared.price, shares(cleared)) == (70, {"b": 400, "c": 500, "d": 100})


def test_a_bid_that_wants_all_or_nothing_is_passed_over() -> None:
    level = [Bid("a", 9, 80, 0), Bid("b", 9, 50, 1, least=50), Bid("c", 9, 20, 2)]
    assert shares(clear(level, Rules(100))) == {"a": 80, "c": 20}


def test_less_than_a_lot_stays_unsold() -> None:
    cleared = clear(bids((9, 20), (8, 20)), Rules(25, lot=10))
    assert (cleared.price, cleared.volume) == (9, 20)
    assert clear([], Rules(25)) == NOTHING


def test_random_ties_follow_from_the_seed_alone() -> None:
    level = [Bid(f"bid-{n}", 9, 10, n) for n in range(40)]
    rules = Rules(100, tie=RANDOM, seed=seed_of("A1", ["s1", "s2"]))
    first = shares(clear(level, rules))
    assert first == shares(clear(reversed(level), rules))
    assert seed_of("A1", ["s2", "s1"]) == rules.seed != seed_of("A2", ["s1", "s2"])
    assert first != shares(clear(level, replace(rules, seed=seed_of("A1", ["s1", "s3"]))))
    assert set(first) != {f"bid-{n}" for n in range(10)}  # nor is it the order of time


ANY_BID = st.tuples(st.integers(1, 6), st.integers(1, 12), st.integers(0, 12))


@given(
    st.lists(ANY_BID, max_size=12),
    st.integers(1, 25),
    st.sampled_from((1, 2, 5)),
    st.sampled_from(TIES),
    st.booleans(),
    st.booleans(),
    st.sampled_from((None, 3)),
)
def test_no_bid_gets_more_worse_or_later_than_the_rules_say(
    asked: Sequence[tuple[int, int, int]],
    quantity: int,
    lot: int,
    tie: str,
    own: bool,
    reverse: bool,
    reserve: int | None,
) -> None:
    made = [
        Bid(str(n), price, lots * lot, n, min(least, lots) * lot)
        for n, (price, lots, least) in enumerate(asked)
    ]
    pricing = PAY_AS_BID if own else "uniform"
    rules = Rules(quantity * lot, lot, pricing, tie, reserve, reverse=reverse, seed="x")
    cleared = clear(made, rules)
    by_name = {bid.name: bid for bid in made}
    won = shares(cleared)
    assert sum(won.values()) == cleared.volume <= rules.quantity
    sign = 1 if reverse else -1
    for award in cleared.awards:
        bid = by_name[award.name]
        assert max(bid.least, 1) <= award.quantity <= bid.quantity
        assert award.quantity % lot == 0
        assert sign * award.price >= sign * bid.price
        assert award.price == (bid.price if own else cleared.price)
        assert reserve is None or sign * bid.price <= sign * reserve
    counted = [b for b in made if reserve is None or sign * b.price <= sign * reserve]
    if not any(bid.least for bid in counted):
        assert cleared.volume == min(rules.quantity, sum(bid.quantity for bid in counted))
        for bid in counted:  # whoever is better than the price gets all
            if cleared.price is None or sign * bid.price < sign * cleared.price:
                assert won[bid.name] == bid.quantity
    assert clear(reversed(made), rules) == replace(cleared)


def lines_run(made: list[Bid], rules: Rules) -> int:
    """How many lines of Python it takes to clear so many bids, whatever the machine."""
    count = 0

    def step(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        clear(made, rules)
    finally:
        sys.settrace(before)
    return count


def spread(bids: int) -> list[Bid]:
    """Bids at some four hundred prices."""
    return [
        Bid(f"{n:x}", 5_000 + n * 7_919 % 400, 10 + n % 90, n, least=n % 3 * 5) for n in range(bids)
    ]


def level(bids: int) -> list[Bid]:
    """Bids at one price, each content with another least quantity."""
    return [Bid(f"{n:x}", 5_000, 100, n, least=n % 100) for n in range(bids)]


def test_work_that_grows_with_the_square_would_be_seen() -> None:
    def squared(bids: int) -> int:
        return sum(lines_run(spread(20), Rules(400)) for _ in range(bids * bids // 100))

    assert squared(80) > 3 * squared(40)


@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize("made", [spread, level])
def test_twice_the_bids_are_at_most_twice_the_work(
    made: Callable[[int], list[Bid]], tie: str
) -> None:
    few, many = (
        lines_run(made(bids), Rules(20 * bids, tie=tie, seed="s")) for bids in (2_000, 4_000)
    )
    assert many < 2.3 * few


@pytest.mark.parametrize("tie", TIES)
def test_a_hundred_thousand_bids_clear(tie: str) -> None:
    assert clear(spread(100_000), Rules(2_000_000, tie=tie, seed="s")).volume == 2_000_000


def test_a_hundred_thousand_bids_at_one_price_clear() -> None:
    cleared = clear(level(100_000), Rules(2_000_000, tie=PRO_RATA))
    assert cleared.volume == 2_000_000
    assert Award("0", cleared.awards[0].quantity, 5_000) == cleared.awards[0]
