"""Openings: enough that nobody owes, and not one unit more."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from portal.imports.dates import iso_date
from portal.imports.model import Leg, Transaction
from portal.imports.openings import Effect, Holding, minimal_openings

Step = tuple[str, str, int, Effect]


def stream(*steps: Step) -> list[tuple[Transaction, Effect]]:
    at = iso_date("2006-01-01")
    return [
        (Transaction(str(n), at, "", "", (Leg(n, str(n), a, b, "T", units, None),)), effect)
        for n, (a, b, units, effect) in enumerate(steps, 1)
    ]


def test_the_opening_is_the_depth_of_the_lowest_point() -> None:
    # a: -5, -5+3 = -2, -2-4 = -6: six are needed, not 5 + 4.
    opening, closing = minimal_openings(
        stream(("a", "b", 5, "move"), ("b", "a", 3, "move"), ("a", "c", 4, "move"))
    )
    assert opening == {("T", "a"): 6}
    assert closing == {("T", "a"): 0, ("T", "b"): 2, ("T", "c"): 4}


def test_an_issue_opens_nothing() -> None:
    opening, closing = minimal_openings(stream(("a", "a", 5, "issue"), ("a", "b", 5, "move")))
    assert opening == {}
    assert closing == {("T", "a"): 0, ("T", "b"): 5}


def test_units_that_ended_feed_nobody() -> None:
    opening, closing = minimal_openings(stream(("a", "b", 5, "end"), ("b", "c", 5, "move")))
    assert opening == {("T", "a"): 5, ("T", "b"): 5}
    assert closing == {("T", "a"): 0, ("T", "b"): 0, ("T", "c"): 5}


def test_a_transfer_to_oneself_needs_the_units() -> None:
    opening, closing = minimal_openings(stream(("a", "a", 5, "move")))
    assert opening == {("T", "a"): 5}
    assert closing == {("T", "a"): 5}


def test_kinds_of_units_do_not_stand_in_for_each_other() -> None:
    at = iso_date("2006-01-01")
    legs = (Leg(1, "1", "a", "b", "T", 5, None), Leg(2, "2", "b", "c", "U", 5, None))
    opening, _ = minimal_openings([(Transaction("1", at, "", "", legs), "move")])
    assert opening == {("T", "a"): 5, ("U", "b"): 5}


def lowest(steps: list[Step], opening: dict[Holding, int]) -> int:
    held, low = Counter({account: units for (_, account), units in opening.items()}), 0
    for sender, receiver, units, effect in steps:
        if effect != "issue":
            held[sender] -= units
            low = min(low, held[sender])
        if effect != "end":
            held[receiver] += units
    return low


_STEPS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from("abc"),
        st.integers(1, 20),
        st.sampled_from(["issue", "move", "end"]),
    ),
    max_size=25,
)


@given(_STEPS)
def test_openings_suffice_and_each_is_minimal(steps: list[Step]) -> None:
    opening, closing = minimal_openings(stream(*steps))
    assert lowest(steps, opening) == 0
    for key in opening:
        assert lowest(steps, {**opening, key: opening[key] - 1}) < 0
    issued = sum(units for *_, units, effect in steps if effect == "issue")
    ended = sum(units for *_, units, effect in steps if effect == "end")
    assert sum(opening.values()) + issued == sum(closing.values()) + ended
