"""Studies are drawn once each, and nobody waits for somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from fractions import Fraction
from threading import Event, Lock
from typing import Any, cast

import pytest

from incentives.population.study import Study
from incentives.population.synthetic import invented
from incentives.rules.packaged import names, rule_text
from incentives.rules.rule import Rule, read
from portal.policy import studying
from portal.policy.studying import KEPT, Studies, changed, knobs
from portal.shell.problems import Problem
from tests.incentives.rules.sample import TEXT

DAY = date(2025, 6, 1)
COUNT = 20
LONG = 30
"""Seconds after which a test gives up."""


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The days for which somebody drew enterprises."""
    found: list[date] = []
    kept = studying.invented

    def watched(rule: Rule, count: int, on: date, seed: int) -> Any:
        found.append(on)
        return kept(rule, count, on, seed)

    monkeypatch.setattr(studying, "invented", watched)
    return found


def held_up(monkeypatch: pytest.MonkeyPatch, day: date) -> tuple[Event, Event]:
    """Drawing for a day tells that it began, and waits until it may go on."""
    began, goes_on = Event(), Event()
    kept: Callable[..., Any] = studying.invented

    def slow(rule: Rule, count: int, on: date, seed: int) -> Any:
        if on == day:
            began.set()
            assert goes_on.wait(LONG)
        return kept(rule, count, on, seed)

    monkeypatch.setattr(studying, "invented", slow)
    return began, goes_on


class Watched:
    """A lock that tells when somebody waits for it."""

    def __init__(self, waiting: Event) -> None:
        self._lock, self._waiting = Lock(), waiting

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self._waiting.set()
            assert self._lock.acquire(timeout=LONG)

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_while_one_study_is_drawn_another_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    studies = Studies(COUNT)
    ready = studies.of("digest", TEXT, DAY)
    slow_day = date(2025, 7, 1)
    began, goes_on = held_up(monkeypatch, slow_day)
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(studies.of, "digest", TEXT, slow_day)
        try:
            assert began.wait(LONG)
            assert threads.submit(studies.of, "digest", TEXT, DAY).result(LONG) is ready
        finally:
            goes_on.set()
        assert slow.result(LONG).on == slow_day


def test_who_asks_for_a_study_that_is_being_drawn_gets_that_one(
    drawn: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    studies, waiting, place = Studies(COUNT), Event(), studying._Place
    monkeypatch.setattr(studying, "_Place", lambda: place(lock=cast(Any, Watched(waiting))))
    began, goes_on = held_up(monkeypatch, DAY)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(studies.of, "digest", TEXT, DAY)
        try:
            assert began.wait(LONG)
            second = threads.submit(studies.of, "digest", TEXT, DAY)
            assert waiting.wait(LONG)
        finally:
            goes_on.set()
        assert first.result(LONG) is second.result(LONG)
    assert drawn == [DAY]


def test_the_newest_few_are_kept(drawn: list[date]) -> None:
    studies = Studies(COUNT)
    days = [date(2025, 1, 1 + n) for n in range(KEPT + 1)]
    for day in days:
        studies.of("digest", TEXT, day)
    studies.of("digest", TEXT, days[-1])
    assert drawn == days
    studies.of("digest", TEXT, days[0])
    assert drawn == [*days, days[0]]


def test_what_cannot_be_drawn_is_tried_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    studies = Studies(COUNT)
    with monkeypatch.context() as broken:
        broken.setattr(studying, "invented", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            studies.of("digest", TEXT, DAY)
    assert studies.of("digest", TEXT, DAY).on == DAY


@pytest.mark.parametrize("on", [date(2022, 6, 30), date(2026, 3, 31)])
@pytest.mark.parametrize("name", names())
def test_every_figure_of_every_rule_can_be_set_from_nought_to_the_end_of_its_slider(
    name: str, on: date
) -> None:
    rule = read(rule_text(name))
    study = Study(rule, *invented(rule, 300, on, 1), on)
    for knob in knobs(study, {}):
        for step in (0, 1, int(knob["most"])):
            try:
                changed(study, {str(knob["name"]): Fraction(step, 10 ** int(knob["places"]))})
            except Problem as problem:
                assert problem.params["rule"] == "parameter-out-of-range"
