"""Operators: at most so many, one maker and one checker, never the same person."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.parties.people_models import operator_table
from tests.factories.people import (
    TODAY,
    admission,
    admit_pair,
    history,
    key_of,
    parameter,
    rule,
    seat,
)
from tests.factories.scene import HOUR_MS, OFFICERS, ProjectDesign, Scene

TO_MIDNIGHT_MS = 16 * HOUR_MS
PAIR = ("a", "b")


def operators(stage: Scene, party: str) -> dict[str, Any]:
    return {r["operator"]: r["role"] for r in stage.rows(operator_table) if r["party"] == party}


def register(stage: Scene, entry: Any, *signers: str) -> str:
    """The answer to a registration: ``accepted`` or the code of its refusal."""
    reply = stage.say("moon", "key.register", {"key": entry}, *signers or PAIR)
    return str(reply.answer.get("code", reply.status))


def test_the_first_five_operators_are_seated_and_the_sixth_is_not(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    answers = [register(stage, stage.entry("moon", name)) for name in ("c", "d", "e", "f")]
    assert answers == ["accepted", "accepted", "accepted", "operators-full"]
    assert set(operators(stage, "moon")) == {"a", "b", "c", "d", "e"}


def test_an_admission_with_six_operators_is_refused(stage: Scene) -> None:
    keys = [stage.entry("moon", name) for name in "abcdef"]
    reply = stage.say("registrar", "party.admit", admission(stage, "moon", keys=keys), *OFFICERS)
    assert (reply.answer["code"], reply.answer["params"]["max"]) == ("operators-full", 5)


def test_a_seat_is_free_again_when_its_last_key_has_stopped(stage: Scene) -> None:
    keys = [stage.entry("moon", name) for name in "abcde"]
    stage.do("registrar", "party.admit", admission(stage, "moon", keys=keys), *OFFICERS)
    assert register(stage, stage.entry("moon", "f")) == "operators-full"
    stage.do("moon", "key.revoke", {"key": key_of(stage, "moon/e"), "reason": "left"}, "a")
    assert register(stage, stage.entry("moon", "f")) == "accepted"


def test_how_many_operators_there_may_be_is_a_dated_parameter(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    rule(stage, "operators-max.enterprise", "2", "2026-01-02")
    assert register(stage, stage.entry("moon", "c")) == "accepted"
    stage.clock.time += TO_MIDNIGHT_MS
    assert register(stage, stage.entry("moon", "d")) == "operators-full"


def test_authorities_have_no_such_limit(stage: Scene) -> None:
    for number in range(3, 9):
        entry = stage.entry("registrar", f"registrar-{number}")
        stage.do("registrar", "key.register", {"key": entry}, *OFFICERS)


def test_two_makers_do_not_do_what_needs_a_check(stage: Scene) -> None:
    keys = [
        seat(stage, "moon", n, r) for n, r in zip("abc", ("maker", "maker", "checker"), strict=True)
    ]
    stage.do("registrar", "party.admit", admission(stage, "moon", keys=keys), *OFFICERS)
    entry = {"key": stage.entry("moon", "d")}
    reply = stage.say("moon", "key.register", entry, "a", "b")
    assert (reply.answer["code"], reply.answer["params"]["needed"]) == ("checker-missing", 2)
    assert stage.refused("moon", "key.register", entry, "a") == "four-eyes"
    stage.do("moon", "key.register", entry, "a", "c")


def test_a_checker_alone_makes_nothing(stage: Scene) -> None:
    admit_pair(stage, "moon")
    assert stage.refused("moon", "project.submit", ProjectDesign(), "b") == "maker-missing"
    stage.do("moon", "project.submit", ProjectDesign(), "a")


def test_two_checkers_make_nothing_either(stage: Scene) -> None:
    keys = [
        seat(stage, "moon", n, r)
        for n, r in zip("abc", ("maker", "checker", "checker"), strict=True)
    ]
    stage.do("registrar", "party.admit", admission(stage, "moon", keys=keys), *OFFICERS)
    assert stage.refused("moon", "project.submit", ProjectDesign(), "b", "c") == "maker-missing"


def test_a_checker_alone_may_stop_a_key_that_is_in_danger(stage: Scene) -> None:
    admit_pair(stage, "moon")
    stage.do("moon", "key.revoke", {"key": key_of(stage, "moon/a"), "reason": "stolen"}, "b")


def test_in_a_batch_a_checker_makes_nothing_either(stage: Scene) -> None:
    admit_pair(stage, "moon")
    operations = {"operations": [{"type": "project.submit", "body": ProjectDesign()}]}
    reply = stage.say("moon", "batch.public", operations, "b")
    assert (reply.status, reply.answer["code"]) == ("refused", "maker-missing")


def test_one_person_does_not_make_and_check(stage: Scene) -> None:
    admit_pair(stage, "moon")
    second = seat(stage, "moon", "c", "checker", "moon.a")
    assert register(stage, second) == "maker-is-checker"
    assert register(stage, seat(stage, "moon", "c", "maker", "moon.a")) == "accepted"


def test_an_admission_in_which_one_person_makes_and_checks_is_refused(stage: Scene) -> None:
    keys = [seat(stage, "moon", "a", "maker"), seat(stage, "moon", "b", "checker", "moon.a")]
    body = admission(stage, "moon", keys=keys)
    assert stage.refused("registrar", "party.admit", body, *OFFICERS) == "maker-is-checker"


@pytest.mark.parametrize("role", ["maker", "checker"])
def test_an_admission_in_which_nobody_could_check_or_make_is_refused(
    stage: Scene, role: str
) -> None:
    keys = [seat(stage, "moon", name, role) for name in PAIR]
    body = admission(stage, "moon", keys=keys)
    assert stage.refused("registrar", "party.admit", body, *OFFICERS) == "operators-one-sided"


def test_an_operator_is_one_person_with_one_duty(stage: Scene) -> None:
    admit_pair(stage, "moon")
    first = stage.keys.pop("moon/a")
    other = seat(stage, "moon", "a", "maker", "somebody-else")  # with a second key of its own
    stage.keys["moon/a"] = first
    assert register(stage, other) == "operator-person-differs"
    assert register(stage, {**other, "person": "moon.a", "role": "checker"}) == (
        "operator-role-differs"
    )
    unsaid = {name: value for name, value in other.items() if name != "role"}
    assert register(stage, {**unsaid, "person": "moon.a"}) == "accepted"
    assert operators(stage, "moon")["a"] == "maker"


def test_a_duty_changes_by_two_people_and_stays_within_the_rules(stage: Scene) -> None:
    admit_pair(stage, "moon")
    register(stage, seat(stage, "moon", "c", "maker"))
    body = {"operator": "c", "role": "checker"}
    assert stage.refused("moon", "operator.assign", body, "a") == "four-eyes"
    stage.do("moon", "operator.assign", body, "a", "b")
    assert operators(stage, "moon") == {"a": "maker", "b": "checker", "c": "checker"}
    assert stage.refused("moon", "operator.assign", body, "a", "b") == "operator-role-held"
    last = {"operator": "a", "role": "checker"}
    assert stage.refused("moon", "operator.assign", last, "a", "b") == "operators-one-sided"
    none = {"operator": "z", "role": "maker"}
    assert stage.refused("moon", "operator.assign", none, "a", "b") == "operator-unknown"
    acts = history(stage, "moon")
    assert acts[-1]["detail"] == {"operator": "c", "role": "checker"}


def test_the_same_person_is_not_assigned_both_duties(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    register(stage, stage.entry("moon", "c", "moon.a"))
    stage.do("moon", "operator.assign", {"operator": "a", "role": "maker"}, *PAIR)
    body = {"operator": "c", "role": "checker"}
    assert stage.refused("moon", "operator.assign", body, *PAIR) == "maker-is-checker"


@pytest.mark.parametrize("type", ["operator.assign", "key.block", "key.replace"])
def test_no_parameter_lets_one_person_change_keys_or_duties(stage: Scene, type: str) -> None:
    body = parameter(f"four-eyes.{type}", "never", TODAY)
    refused = stage.refused("regulator", "parameter.set", body, "regulator-1", "regulator-2")
    assert refused == "four-eyes-fixed"
