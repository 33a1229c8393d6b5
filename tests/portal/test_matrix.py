"""Every type of statement, said by every role and for every tenant: what is not allowed is refused.

The matrix is made from the registry of types, so that a new type is in it from its first day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ledger.parties.authority import GENESIS
from ledger.statements.errors import StatementError
from ledger.writer import tables
from ledger.writer.room import ROLES
from portal.api.examples import bodies
from portal.house import make_engine
from tests.factories.facts import indicator, observation, regional_observation
from tests.factories.policy import plan_body, rule_body
from tests.factories.scene import Scene, scene

BODIES: dict[str, dict[str, Any]] = {
    **bodies(),
    "fact.publish": regional_observation(),
    "fact.report": observation(),
    "indicator.define": indicator(),
    "quota.publish": plan_body(),
    "rule.publish": rule_body(),
}
TYPES = {name: declared for (name, _), declared in make_engine().types.items() if name != GENESIS}
SPEAKERS = {"enterprise": "owner", "verifier": "vvb1"}
"""The party that speaks for a role; every other role is that of the authority of its name."""
EVERYBODY = (*ROLES, "operator", "scheduler")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("matrix") / "home", None) as opened:
        opened.cast()
        yield opened


def signers(stage: Scene, role: str) -> list[str]:
    """Keys of a role's party: of two people where it has them."""
    if role in SPEAKERS:
        return ["a", "b"]
    return sorted(name for name in stage.keys if name.partition("-")[0] == role)[:2]


def said(stage: Scene, role: str, type: str, keys: list[str]) -> tuple[str, str]:
    """Status and code of a statement in the name of a role's party.

    ``role-not-allowed`` stands for the type's own list: a room may use the code for a finer one.
    """
    data = stage.write(SPEAKERS.get(role, role), type, dict(BODIES[type]), *keys).encode()
    try:
        reply = stage.ledger.entrance.submit(data)
    except StatementError as error:
        return "malformed", error.code
    code = str(reply.answer.get("code", ""))
    finer = reply.answer.get("params", {}).get("needed") != list(TYPES[type].signers)
    return reply.status, "finer" if code == "role-not-allowed" and finer else code


def test_every_type_has_a_body_to_try() -> None:
    assert set(TYPES) - set(BODIES) == set()


@pytest.mark.parametrize("role", EVERYBODY)
def test_only_the_roles_that_a_type_names_may_state_it(stage: Scene, role: str) -> None:
    wrong = []
    keys = signers(stage, role)
    assert keys, role
    for name, declared in TYPES.items():
        status, code = said(stage, role, name, keys)
        refused = (status, code) == ("refused", "role-not-allowed")
        if refused is (role in declared.signers) or status == "broken":
            wrong.append((name, status, code))
    assert wrong == []


@pytest.mark.parametrize("role", EVERYBODY)
def test_nobody_speaks_for_another_tenant_and_no_trace_is_left(stage: Scene, role: str) -> None:
    size, wrong = len(stage.rows(tables.statement)), []
    keys = [f"buyer/{name}" for name in "ab"]
    for name in TYPES:
        status, code = said(stage, role, name, keys)
        if (status, code) not in (("malformed", "key-foreign"), ("unauthenticated", "key-unknown")):
            wrong.append((name, status, code))
    assert wrong == []
    assert len(stage.rows(tables.statement)) == size


def test_one_person_does_not_count_twice_for_any_type(stage: Scene) -> None:
    twin = stage.entry("owner", "twin", "owner.a")
    stage.do("owner", "key.register", {"key": twin}, "a", "b")
    for name, declared in TYPES.items():
        if "enterprise" in declared.signers:
            assert said(stage, "enterprise", name, ["a", "twin"]) == ("refused", "one-person-twice")


def test_one_signature_is_too_few_where_a_type_wants_four_eyes(stage: Scene) -> None:
    for name, declared in TYPES.items():
        if declared.four_eyes:
            role = declared.signers[0]
            assert said(stage, role, name, signers(stage, role)[:1]) == ("refused", "four-eyes")
