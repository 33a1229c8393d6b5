"""The best lawful combination is the largest sum under exclusions, and always the same one."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from incentives.rules.combining import Combination, Offer, barred, best


def test_what_excludes_nothing_is_all_taken() -> None:
    offers = [Offer("b", 200, ()), Offer("a", 100, ("elsewhere",)), Offer("c", 0, ())]
    assert best(offers) == Combination(("a", "b", "c"), 300)


def test_one_that_is_worth_more_than_two_is_taken_alone() -> None:
    assert best([Offer("a", 50, ("b", "c")), Offer("b", 30, ()), Offer("c", 30, ())]) == (
        Combination(("b", "c"), 60)
    )
    assert best([Offer("a", 70, ("b", "c")), Offer("b", 30, ()), Offer("c", 30, ())]) == (
        Combination(("a",), 70)
    )


def test_an_exclusion_counts_whichever_rule_states_it() -> None:
    assert barred([Offer("a", 1, ()), Offer("b", 1, ("a",))]) == {
        "a": frozenset({"b"}),
        "b": frozenset({"a"}),
    }


def test_of_equal_sums_more_rules_count_then_names() -> None:
    assert best([Offer("z", 10, ("y",)), Offer("y", 10, ())]).rules == ("y",)
    offers = [Offer("a", 10, ("b", "c")), Offer("b", 5, ()), Offer("c", 5, ())]
    assert best(offers).rules == ("b", "c")


def test_nothing_makes_nothing() -> None:
    assert best([]) == Combination((), 0)


def test_a_rule_does_not_exclude_itself() -> None:
    assert best([Offer("a", 5, ("a",))]) == Combination(("a",), 5)


NAMES = ("a", "b", "c", "d", "e", "f", "g")
OFFERS = st.tuples(
    *(
        st.builds(
            lambda amount, excludes, name=name: Offer(name, amount, tuple(excludes)),
            st.integers(0, 9),
            st.lists(st.sampled_from(NAMES), max_size=3, unique=True),
        )
        for name in NAMES
    )
)


@given(OFFERS)
def test_no_other_lawful_set_is_worth_more(offers: tuple[Offer, ...]) -> None:
    bars = barred(offers)
    worth = {offer.rule: offer.amount_fen for offer in offers}
    lawful = (
        chosen
        for count in range(len(NAMES) + 1)
        for chosen in combinations(NAMES, count)
        if not any(b in bars[a] for a, b in combinations(chosen, 2))
    )
    by_hand = min(lawful, key=lambda c: (-sum(worth[n] for n in c), -len(c), c))
    found = best(offers)
    assert (found.rules, found.amount_fen) == (by_hand, sum(worth[n] for n in by_hand))
