"""Staff of regulator, registrar, exchange and verifiers trade for nobody."""

from __future__ import annotations

import pytest

from ledger.parties.models import person_table
from tests.factories.people import REGULATORS, admission
from tests.factories.scene import OFFICERS, Scene

MOVE = {"batch": "B", "quantity": 1, "to": "trading"}
AUTHORS = {
    "regulator": REGULATORS,
    "registrar": OFFICERS,
    "exchange": ("exchange-1", "exchange-2"),
    "vvb": ("a", "b"),
}


@pytest.mark.parametrize("employer", AUTHORS)
def test_staff_without_a_key_do_not_trade_once_declared(stage: Scene, employer: str) -> None:
    stage.admit("moon", "enterprise", 1)
    stage.admit("vvb", "verifier", 2)
    assert stage.refused("moon", "credit.move", MOVE, "a") == "batch-unknown"
    body = {"persons": ["moon.a"]}
    stage.do(employer, "staff.declare", body, *AUTHORS[employer])
    assert stage.refused("moon", "credit.move", MOVE, "a") == "staff-may-not-trade"
    assert stage.refused("moon", "credit.move", MOVE, "b") == "batch-unknown"
    stage.do(employer, "staff.release", body, *AUTHORS[employer])
    assert stage.refused("moon", "credit.move", MOVE, "a") == "batch-unknown"


def test_an_employer_speaks_for_its_own_staff_alone(stage: Scene) -> None:
    body = {"persons": ["p-1"]}
    stage.do("regulator", "staff.declare", body, *REGULATORS)
    assert stage.refused("registrar", "staff.declare", body, *OFFICERS) == "staff-of-another"
    assert stage.refused("registrar", "staff.release", body, *OFFICERS) == "staff-unknown"
    assert stage.refused("bank", "staff.declare", body, "bank-1", "bank-2") == "role-not-allowed"
    assert {r["person"]: r["staff_of"] for r in stage.rows(person_table)}["p-1"] == "regulator"


def test_who_holds_a_key_is_staff_until_it_stops(stage: Scene) -> None:
    stage.admit("vvb", "verifier", 2)
    body = {"persons": ["vvb.b"]}
    assert stage.refused("vvb", "staff.release", body, "a", "b") == "staff-holds-key"


@pytest.mark.parametrize(
    "roles",
    [["registrar", "exchange"], ["verifier", "enterprise"], ["regulator", "bank"]],
)
def test_an_authority_or_a_verifier_is_nothing_else_besides(stage: Scene, roles: list[str]) -> None:
    body = {**admission(stage, "both"), "roles": roles}
    assert stage.refused("registrar", "party.admit", body, *OFFICERS) == "roles-apart"
