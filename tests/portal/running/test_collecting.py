"""Cycles are collected when a turn has been answered, and never within one."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from portal.running import collecting
from portal.running.collecting import BetweenTurns


class Knot:
    """Refers to itself, so that no count frees it."""

    def __init__(self) -> None:
        self.own = self


class Hand:
    """A clock that the test moves, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Iterator[Hand]:
    before = gc.get_threshold()
    yield Hand()
    gc.unfreeze()
    gc.set_threshold(*before)
    gc.enable()


def knot() -> weakref.ref[Knot]:
    return weakref.ref(Knot())


def test_a_cycle_stands_until_the_turn_is_answered(hand: Hand) -> None:
    rest = BetweenTurns(hand)
    kept = [[] for _ in range(200_000)]  # more than any threshold allows
    found = knot()
    kept += [[] for _ in range(200_000)]
    assert found() is not None
    rest(True)
    assert found() is None and kept


def test_what_outlives_a_pass_is_looked_at_again_after_some_turns(hand: Hand) -> None:
    rest, held = BetweenTurns(hand), Knot()
    found = weakref.ref(held)
    rest(True)
    del held
    for _ in range(collecting.OLDER_TURNS - 2):
        rest(True)
        assert found() is not None
    rest(True)
    assert found() is None


def old(rest: BetweenTurns) -> weakref.ref[Knot]:
    """A cycle that has outlived both passes, and is in nobody's hands now."""
    held = Knot()
    found = weakref.ref(held)
    for _ in range(2 * collecting.OLDER_TURNS):
        rest(True)
    return found


def test_everything_is_looked_at_when_nothing_was_stated_for_a_while(hand: Hand) -> None:
    rest = BetweenTurns(hand)
    found = old(rest)
    hand.now = collecting.WHOLE_SECONDS
    rest(True)  # work goes on
    hand.now += collecting.QUIET_SECONDS / 2
    rest(False)
    assert found() is not None
    hand.now += collecting.QUIET_SECONDS / 2
    rest(False)
    assert found() is None


def test_what_one_whole_pass_set_aside_is_looked_at_by_the_next(hand: Hand) -> None:
    rest, held = BetweenTurns(hand), Knot()
    found = weakref.ref(held)
    hand.now = collecting.WHOLE_SECONDS
    rest(False)
    del held
    hand.now += collecting.WHOLE_SECONDS
    rest(False)
    assert found() is None


def test_everything_is_looked_at_though_work_never_pauses(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = BetweenTurns(hand)
    found = old(rest)
    monkeypatch.setattr(collecting, "WHOLE_TURNS", 2 * collecting.OLDER_TURNS + 2)
    rest(True)
    assert found() is not None
    rest(True)
    assert found() is None
