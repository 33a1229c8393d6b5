"""A draft tells maker from checker as the record would, by roles, thresholds and days."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.statements.ed25519 import key_id, public_bytes
from ledger.statements.envelope import Submission
from ledger.writer.errors import NotAuthenticated, Refusal
from portal.desk.hands import Hands
from portal.statements.signing import compose
from tests import databases
from tests.factories.facts import REGULATOR
from tests.factories.scene import HOUR_MS, ORIGIN, Scene, scene

TYPE = "credit.transfer"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Scene]:
    with databases.vacant(tmp_path) as url, scene(tmp_path / "home", url) as made:
        made.cast()
        for operator, person in (("c", None), ("spare", "owner.a")):
            made.do("owner", "key.register", {"key": made.entry("owner", operator, person)}, *"ab")
        yield made


def draft(stage: Scene, first: str, *others: str, quantity: int = 10) -> Submission:
    return compose(
        stage.ledger.engine,
        ORIGIN,
        TYPE,
        "owner",
        {"batch": "ZJ_FS-R1-2024", "quantity": quantity, "receiver": "buyer"},
        [stage.key(f"owner/{first}")],
        now=stage.clock.now(),
        entropy=os.urandom,
        others=[key_of(stage, name) for name in others],
    )


def key_of(stage: Scene, name: str) -> str:
    return key_id(public_bytes(stage.key(f"owner/{name}")))


def told(stage: Scene, made: Submission, author: str) -> dict[str, Any]:
    with stage.ledger.record.reading() as connection:
        hands = Hands(stage.ledger.engine, connection, ORIGIN, stage.clock.now())
        return hands.told(made, key_of(stage, author), waits=True)


def checked(stage: Scene, made: Submission) -> str | None:
    """The code with which the people of a draft are refused, as the record would."""
    with stage.ledger.record.reading() as connection:
        try:
            Hands(stage.ledger.engine, connection, ORIGIN, stage.clock.now()).check(made)
        except Refusal as refusal:
            return refusal.code
    return None


def assign(stage: Scene, operator: str, role: str) -> None:
    stage.do("owner", "operator.assign", {"operator": operator, "role": role}, "a", "b")


def rule(stage: Scene, value: str, valid_from: str = "2026-01-01") -> None:
    body = {
        "code": f"four-eyes.{TYPE}",
        "valid_from": valid_from,
        "value": value,
        "unit": "credits from which two people sign",
        "source": "test",
        "confidence": "low",
    }
    stage.do("regulator", "parameter.set", body, *REGULATOR)


def test_the_first_signature_makes_and_a_checker_is_waited_for(stage: Scene) -> None:
    found = told(stage, draft(stage, "a", "b"), "a")
    assert found["made_by"] == {"key": key_of(stage, "a"), "operator": "a", "role": None}
    assert (found["checked_by"], found["waits_for_role"]) == ([], "checker")


def test_a_checker_who_signs_first_waits_for_a_maker(stage: Scene) -> None:
    assign(stage, "b", "checker")
    found = told(stage, draft(stage, "b", "a"), "b")
    assert (found["made_by"]["role"], found["waits_for_role"]) == ("checker", "maker")


@pytest.mark.parametrize(("quantity", "role"), [(99, None), (100, "checker")])
def test_below_the_threshold_nobody_checks(stage: Scene, quantity: int, role: str | None) -> None:
    rule(stage, "100")
    assert told(stage, draft(stage, "a", "b", quantity=quantity), "a")["waits_for_role"] == role


def test_the_threshold_is_that_of_the_day(stage: Scene) -> None:
    rule(stage, "never", "2026-01-02")
    made = draft(stage, "a", "b")
    assert told(stage, made, "a")["waits_for_role"] == "checker"
    stage.clock.time += 16 * HOUR_MS  # midnight in Shanghai
    assert told(stage, made, "a")["waits_for_role"] is None


@pytest.mark.parametrize(
    ("roles", "names", "code"),
    [
        ({}, ("a", "b"), None),
        ({}, ("a", "spare"), "one-person-twice"),
        ({"a": "maker", "b": "maker"}, ("a", "b"), "checker-missing"),
        ({"b": "checker", "c": "checker"}, ("b", "c"), "maker-missing"),
        ({"a": "maker", "c": "checker"}, ("a", "c"), None),
    ],
)
def test_people_are_refused_together_with_the_code_of_the_record(
    stage: Scene, roles: dict[str, str], names: tuple[str, str], code: str | None
) -> None:
    for operator, role in roles.items():
        assign(stage, operator, role)
    assert checked(stage, draft(stage, *names)) == code
    if code is not None:
        body = {"batch": "ZJ_FS-R1-2024", "quantity": 10, "receiver": "buyer"}
        assert stage.refused("owner", TYPE, body, *names) == code


def test_a_key_that_has_ended_is_told_by_its_id_alone(stage: Scene) -> None:
    made = draft(stage, "c", "a")
    stage.do("owner", "key.revoke", {"key": key_of(stage, "c"), "reason": "lost"}, "a", "b")
    assert told(stage, made, "c")["made_by"] == {
        "key": key_of(stage, "c"),
        "operator": None,
        "role": None,
    }
    with pytest.raises(NotAuthenticated):
        checked(stage, made)
    with stage.ledger.record.reading() as connection:
        hands = Hands(stage.ledger.engine, connection, ORIGIN, stage.clock.now())
        assert hands.ended(made) == key_of(stage, "c")
        assert hands.ended(draft(stage, "a", "b")) is None
