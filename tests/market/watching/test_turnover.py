"""Wash and circular trades: the planted case is found, what lies just under it is not."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from market.watching.finding import Found
from market.watching.history import Deal
from market.watching.rings import ring
from market.watching.wash import wash
from tests.factories.surveillance import deal, past

WASH = {
    "days": 5,
    "quantity": 1_000,
    "net-percent": Fraction(5, 100),
    "share-percent": Fraction(1, 2),
}
RING = {**WASH, "parties": 5}


def washed(*deals: Deal, **more: Any) -> list[Found]:
    return list(wash(past(*deals, **more), WASH))


def rings(*deals: Deal, **more: Any) -> list[Found]:
    return list(ring(past(*deals, **more), RING))


def test_there_and_back_between_two_is_found_with_both_entries() -> None:
    (found,) = washed(deal(10, "a", "b", 1_000), deal(20, "b", "a", 1_000))
    assert (found.parties, found.entries, found.instrument) == (("a", "b"), (10, 20), "FS")
    assert found.figures == {
        "turned_credits": 2_000,
        "net_credits": 0,
        "trades": 2,
        "one_control": 0,
    }
    assert found.passed == ("quantity", "net-percent", "share-percent")


def test_the_difference_may_be_five_percent_of_what_was_turned_over_and_no_more() -> None:
    # 1,000 + 1,105 = 2,105, of which 5 % are 105.25; 2,107 allow 105.35
    assert washed(deal(10, "a", "b", 1_000), deal(20, "b", "a", 1_105))
    assert not washed(deal(10, "a", "b", 1_000), deal(20, "b", "a", 1_107))


def test_one_direction_too_little_too_late_or_in_another_instrument_is_silent() -> None:
    assert not washed(deal(10, "a", "b"), deal(20, "a", "b"))
    assert not washed(deal(10, "a", "b", 999), deal(20, "b", "a", 999))
    assert washed(deal(10, "a", "b"), deal(20, "b", "a", days=4))
    assert not washed(deal(10, "a", "b"), deal(20, "b", "a", days=5, minutes=10))
    assert not washed(deal(10, "a", "b"), deal(20, "b", "a", instrument="AC"))


def test_the_longest_stretch_is_one_finding_and_the_next_begins_behind_it() -> None:
    there = [deal(n, *(("a", "b") if n % 2 else ("b", "a"))) for n in range(1, 5)]
    later = [deal(9, "a", "b", days=10), deal(10, "b", "a", days=10)]
    first, second = washed(*there, *later, deal(11, "a", "c", days=10))
    assert (first.entries, second.entries) == ((1, 2, 3, 4), (9, 10))


def test_who_trades_with_everybody_meets_somebody_twice() -> None:
    there, back = deal(10, "a", "b"), deal(20, "b", "a")
    assert washed(there, deal(11, "a", "c", 2_000), back)  # half of what a has turned over
    assert not washed(there, deal(11, "a", "c", 2_001), back)
    assert washed(deal(9, "a", "c", 9_000), there, back)  # what was before is not meanwhile


def test_two_parties_of_one_person_need_no_way_back() -> None:
    one = {"a": "a", "b": "a", "c": "c"}
    (found,) = washed(deal(10, "a", "b"), deal(11, "a", "c"), controls=one)
    assert (found.entries, found.figures["one_control"]) == ((10,), 1)
    assert not washed(deal(10, "a", "b", 999), controls=one)
    # b and c are strangers, but b is a's other hand
    (through,) = washed(deal(10, "a", "c"), deal(11, "c", "b"), controls=one)
    assert through.parties == ("a", "b", "c")


def test_a_ring_of_three_and_one_of_five_are_found_once_with_every_leg() -> None:
    (found,) = rings(deal(1, "a", "b"), deal(2, "b", "c"), deal(3, "c", "a", 1_050))
    assert (found.parties, found.entries) == (("a", "b", "c"), (1, 2, 3))
    assert found.figures == {
        "parties": 3,
        "smallest_leg_credits": 1_000,
        "largest_leg_credits": 1_050,
        "trades": 3,
    }
    names = "abcde"
    five = [deal(n, names[n], names[(n + 1) % 5]) for n in range(5)]
    (round_five,) = rings(*five)
    assert round_five.figures["parties"] == 5


def test_an_open_ring_six_parties_a_small_leg_or_a_late_one_are_silent() -> None:
    assert not rings(deal(1, "a", "b"), deal(2, "b", "c"), deal(3, "a", "c"))
    names = "abcdef"
    assert not rings(*(deal(n, names[n], names[(n + 1) % 6]) for n in range(6)))
    assert not rings(deal(1, "a", "b"), deal(2, "b", "c"), deal(3, "c", "a", 999))
    big = [deal(1, "a", "b", 2_000), deal(2, "b", "c", 2_000)]
    assert rings(*big, deal(3, "c", "a", 1_900))  # 5 % of 2,000 is 100
    assert not rings(*big, deal(3, "c", "a", 1_899))
    late = deal(3, "c", "a", days=5, minutes=1)
    assert not rings(deal(1, "a", "b"), deal(2, "b", "c"), late)


def test_units_that_go_round_by_chance_are_no_ring() -> None:
    legs = (deal(1, "a", "b"), deal(2, "b", "c"), deal(3, "c", "a"))
    assert rings(*legs, deal(4, "c", "x", 2_000))
    assert not rings(*legs, deal(4, "c", "x", 2_001))


def test_two_parties_or_two_hands_of_one_make_no_ring() -> None:
    assert not rings(deal(1, "a", "b"), deal(2, "b", "a"))
    hands = {"a": "a", "b": "b", "c": "a"}
    legs = [deal(1, "a", "b"), deal(2, "b", "c"), deal(3, "c", "a")]
    assert not rings(*legs, controls=hands)


def test_a_ring_that_turns_again_later_is_found_again() -> None:
    first = [deal(1, "a", "b"), deal(2, "b", "c"), deal(3, "c", "a")]
    again = [deal(n + 10, d.seller, d.buyer, days=20) for n, d in enumerate(first)]
    assert [found.entries for found in rings(*first, *again)] == [(1, 2, 3), (10, 11, 12)]
