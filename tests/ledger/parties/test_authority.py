"""Deny by default: every type, stated by every kind of party, is refused unless its role may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ledger.parties.authority import GENESIS, SUSPENDED_MAY
from ledger.statements.types import StatementType
from ledger.writer.room import ROLES
from portal.api.examples import bodies
from portal.house import make_engine
from tests.factories.scene import Scene, scene

SIGNERS = {
    **{role: (f"{role}-1", f"{role}-2") for role in ROLES},
    "enterprise": ("a", "b"),
    "verifier": ("a", "b"),
    "operator": ("operator",),
    "scheduler": ("scheduler",),
}
PARTIES = {"enterprise": "owner", "verifier": "vvb1"}
TYPES = sorted(name for name, _ in make_engine().types if name != GENESIS)


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("authority") / "home", None) as stage:
        stage.cast()
        stage.admit("halted", "enterprise", 50)
        for party in ("halted", "vvb2"):
            standing = {"party": party, "document": "d"}
            stage.do("regulator", "party.suspend", standing, *SIGNERS["regulator"])
        yield stage


def test_nearly_every_type_is_tried() -> None:
    untried = {name for name, _ in make_engine().types} - set(TYPES)
    assert untried <= {
        "fact.publish",
        "fact.report",
        "indicator.define",
        "ledger.genesis",
        "quota.publish",
        "rule.publish",
    }


def stated(cast: Scene, type: str) -> tuple[StatementType, dict[str, Any]]:
    """A type and an example of its body."""
    declared = cast.ledger.engine.type_of(type, 1)
    assert declared is not None
    return declared, bodies()[type]


@pytest.mark.parametrize("type", TYPES)
def test_only_the_roles_that_a_type_names_may_state_it(cast: Scene, type: str) -> None:
    declared, body = stated(cast, type)
    for role, signers in SIGNERS.items():
        if role not in declared.signers:
            party = PARTIES.get(role, role)
            assert cast.refused(party, type, body, *signers) == "role-not-allowed", role


@pytest.mark.parametrize("type", TYPES)
def test_a_suspended_party_states_nothing_but_retirements(cast: Scene, type: str) -> None:
    declared, body = stated(cast, type)
    for role, party in (("enterprise", "halted"), ("verifier", "vvb2")):
        if role in declared.signers and type not in SUSPENDED_MAY:
            assert cast.refused(party, type, body, "a", "b") == "party-suspended", role
