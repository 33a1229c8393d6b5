"""Lost keys: stopped by two officers with a document, replaced with proof of possession."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.parties.models import key_table
from ledger.parties.people_models import operator_table
from tests.factories.people import REGULATORS, admit_pair, history, key_of, seat
from tests.factories.scene import OFFICERS, ProjectDesign, Scene

DOCUMENT = {"document": "loss 1"}


def block(stage: Scene, name: str) -> dict[str, Any]:
    return {"key": key_of(stage, name), "reason": "lost", **DOCUMENT}


def replacement(
    stage: Scene, operator: str = "a", role: str = "maker", person: str | None = None
) -> tuple[dict[str, Any], str]:
    """The body of key.replace for an operator of ``moon``, and the name of its new key."""
    lost = stage.keys.pop(f"moon/{operator}")
    entry = seat(stage, "moon", operator, role, person)
    stage.keys["new"], stage.keys[f"moon/{operator}"] = stage.keys[f"moon/{operator}"], lost
    replaces = key_of(stage, f"moon/{operator}")
    return {"party": "moon", "replaces": replaces, "key": entry, **DOCUMENT}, "new"


def test_a_lost_key_is_stopped_and_its_operator_gets_another(stage: Scene) -> None:
    admit_pair(stage, "moon")
    body, new = replacement(stage)
    stage.do("registrar", "key.block", block(stage, "moon/a"), *OFFICERS)
    reply = stage.say("moon", "project.submit", ProjectDesign(), "a")
    assert (reply.status, reply.answer["code"]) == ("unauthenticated", "key-revoked")
    stage.do("registrar", "key.replace", body, *OFFICERS)
    stage.do("moon", "project.submit", ProjectDesign(), new)
    roles = {r["operator"]: r["role"] for r in stage.rows(operator_table) if r["party"] == "moon"}
    assert roles == {"a": "maker", "b": "checker"}
    acts = history(stage, "moon")[1:]
    assert [(act["type"], act["document"]) for act in acts] == [
        ("key.block", "loss 1"),
        ("key.replace", "loss 1"),
    ]
    assert acts[1]["detail"] == {
        "operator": "a",
        "key": key_of(stage, "new"),
        "replaces": key_of(stage, "moon/a"),
    }


def test_a_party_that_has_lost_every_key_comes_back(stage: Scene) -> None:
    admit_pair(stage, "moon")
    for name in ("moon/a", "moon/b"):
        stage.do("registrar", "key.block", block(stage, name), *OFFICERS)
    body, new = replacement(stage)
    stage.do("registrar", "key.replace", body, *OFFICERS)
    stage.do("moon", "project.submit", ProjectDesign(), new)


def test_a_party_with_no_key_left_does_not_come_back_with_a_checker_alone(stage: Scene) -> None:
    admit_pair(stage, "moon")
    for name in ("moon/a", "moon/b"):
        stage.do("registrar", "key.block", block(stage, name), *OFFICERS)
    body, _ = replacement(stage, "b", "checker")
    assert stage.refused("registrar", "key.replace", body, *OFFICERS) == "operators-one-sided"


def test_a_key_that_is_still_valid_is_not_replaced(stage: Scene) -> None:
    admit_pair(stage, "moon")
    body, _ = replacement(stage)
    assert stage.refused("registrar", "key.replace", body, *OFFICERS) == "key-still-valid"


def test_a_new_key_is_proved_by_who_holds_it(stage: Scene) -> None:
    admit_pair(stage, "moon")
    body, _ = replacement(stage)
    stage.do("registrar", "key.block", block(stage, "moon/a"), *OFFICERS)
    stolen = {**body, "key": {**body["key"], "proof": stage.entry("other", "a")["proof"]}}
    assert stage.refused("registrar", "key.replace", stolen, *OFFICERS) == "key-not-proved"


def test_the_stopped_key_itself_does_not_come_back(stage: Scene) -> None:
    admit_pair(stage, "moon")
    stage.do("registrar", "key.block", block(stage, "moon/a"), *OFFICERS)
    body, _ = replacement(stage)
    again = {**body, "key": seat(stage, "moon", "a", "maker")}
    assert stage.refused("registrar", "key.replace", again, *OFFICERS) == "key-registered"


def test_a_new_key_is_for_the_operator_of_the_old_one(stage: Scene) -> None:
    admit_pair(stage, "moon")
    stage.do("registrar", "key.block", block(stage, "moon/a"), *OFFICERS)
    body, _ = replacement(stage)
    other = {**body, "key": seat(stage, "moon", "c", "maker")}
    assert stage.refused("registrar", "key.replace", other, *OFFICERS) == "operator-differs"


def test_a_checker_does_not_come_back_as_the_maker(stage: Scene) -> None:
    admit_pair(stage, "moon")
    stage.do("registrar", "key.block", block(stage, "moon/a"), *OFFICERS)
    body, _ = replacement(stage, person="moon.b")
    assert stage.refused("registrar", "key.replace", body, *OFFICERS) == "maker-is-checker"


def test_a_key_is_stopped_once(stage: Scene) -> None:
    admit_pair(stage, "moon")
    stage.do("registrar", "key.block", block(stage, "moon/a"), *OFFICERS)
    again = stage.refused("registrar", "key.block", block(stage, "moon/a"), *OFFICERS)
    assert again == "key-already-revoked"


def test_two_officers_sign_and_nobody_else(stage: Scene) -> None:
    admit_pair(stage, "moon")
    stage.admit("sun", "enterprise", 90)
    body = block(stage, "moon/a")
    assert stage.refused("registrar", "key.block", body, OFFICERS[0]) == "four-eyes"
    assert stage.refused("sun", "key.block", body, "a", "b") == "role-not-allowed"
    replace, _ = replacement(stage)
    assert stage.refused("registrar", "key.replace", replace, OFFICERS[0]) == "four-eyes"
    assert stage.refused("moon", "key.replace", replace, "a", "b") == "role-not-allowed"


@pytest.mark.parametrize(
    ("author", "signers", "key", "code"),
    [
        ("registrar", OFFICERS, "regulator-1", "key-not-yours"),
        ("registrar", OFFICERS, "exchange-1", "key-not-yours"),
        ("registrar", OFFICERS, "registrar-1", "key-not-yours"),
        ("registrar", OFFICERS, "operator", "key-not-yours"),
        ("regulator", REGULATORS, "operator", "key-not-yours"),
        ("regulator", REGULATORS, "scheduler", "key-not-yours"),
        ("regulator", REGULATORS, "regulator-2", "key-not-yours"),
        ("regulator", REGULATORS, "nobody", "signing-key-unknown"),
    ],
)
def test_whose_keys_are_not_ones_to_stop(
    stage: Scene, author: str, signers: tuple[str, str], key: str, code: str
) -> None:
    assert stage.refused(author, "key.block", block(stage, key), *signers) == code


def test_the_regulator_stops_a_registrars_key(stage: Scene) -> None:
    stage.do("regulator", "key.block", block(stage, "registrar-1"), *REGULATORS)
    rows = {row["key"]: row["until"] for row in stage.rows(key_table)}
    assert rows[key_of(stage, "registrar-1")] is not None


@pytest.mark.parametrize(("person", "told"), [("moon.a", None), ("moon.new", "another")])
def test_another_person_behind_an_operator_is_marked_in_the_history(
    stage: Scene, person: str, told: str | None
) -> None:
    admit_pair(stage, "moon")
    stage.do("registrar", "key.block", block(stage, "moon/a"), *OFFICERS)
    body, _ = replacement(stage, person=person)
    stage.do("registrar", "key.replace", body, *OFFICERS)
    assert history(stage, "moon")[-1]["detail"].get("person") == told
