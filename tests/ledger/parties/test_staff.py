"""Staff of regulator, registrar, exchange and verifiers trade for nobody."""

from __future__ import annotations

import pytest

from ledger.parties.models import person_table
from tests.factories.people import REGULATORS, admission, key_of
from tests.factories.scene import (
    OFFICERS,
    MonitoringReport,
    ProjectDesign,
    Scene,
    validation,
    verification,
)

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


@pytest.mark.parametrize("role", ["verifier", "exchange"])
def test_one_person_is_no_officer_of_two_authorities(stage: Scene, role: str) -> None:
    keys = [stage.entry("both", "a", "registrar-1"), stage.entry("both", "b")]
    body = admission(stage, "both", role, keys=keys)
    act = ("registrar", "party.admit", body, *OFFICERS)
    if role == "exchange":
        act = ("regulator", "authority.admit", body, *REGULATORS)
    assert stage.refused(*act) == "staff-of-another"


def test_who_was_released_may_go_to_another_authority(stage: Scene) -> None:
    body = {"persons": ["p-1"]}
    stage.do("regulator", "staff.declare", body, *REGULATORS)
    keys = [stage.entry("vvb", "a", "p-1"), stage.entry("vvb", "b")]
    admitted = admission(stage, "vvb", "verifier", keys=keys)
    assert stage.refused("registrar", "party.admit", admitted, *OFFICERS) == "staff-of-another"
    stage.do("regulator", "staff.release", body, *REGULATORS)
    stage.do("registrar", "party.admit", admitted, *OFFICERS)


OPINION = validation()


def test_a_verifier_whose_staff_acts_for_the_owner_gives_no_opinion(stage: Scene) -> None:
    stage.cast()
    stage.do("owner", "project.submit", ProjectDesign(), "a")
    stage.do("vvb1", "staff.declare", {"persons": ["owner.b"]}, "a", "b")
    assert stage.refused("vvb1", "project.validate", OPINION, "a", "b") == "verifier-tied"
    stage.do("vvb2", "project.validate", OPINION, "a", "b")


def test_a_verifier_whose_staff_speaks_for_the_owner_verifies_nothing(stage: Scene) -> None:
    stage.cast()
    stage.do("owner", "project.submit", ProjectDesign(), "a")
    stage.do("vvb2", "project.validate", OPINION, "a", "b")
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)
    stage.do("owner", "report.submit", MonitoringReport(claimed=10), "a")
    speaks = {"party": "owner", "person": "p-1", "since": "2026-01-01", "document": "d"}
    stage.do("registrar", "party.authorise", speaks, *OFFICERS)
    stage.do("vvb1", "staff.declare", {"persons": ["p-1"]}, "a", "b")
    refused = stage.refused("vvb1", "report.verify", verification(10), "a", "b")
    assert refused == "verifier-tied"


def test_a_tie_ends_with_the_key(stage: Scene) -> None:
    stage.cast()
    stage.do("owner", "project.submit", ProjectDesign(), "a")
    stage.do("vvb1", "staff.declare", {"persons": ["owner.b"]}, "a", "b")
    stage.do("owner", "key.revoke", {"key": key_of(stage, "owner/b"), "reason": "left"}, "a")
    stage.do("vvb1", "project.validate", OPINION, "a", "b")


def test_who_holds_a_key_is_staff_until_it_stops(stage: Scene) -> None:
    stage.admit("vvb", "verifier", 2)
    body = {"persons": ["vvb.b"]}
    assert stage.refused("vvb", "staff.release", body, "a", "b") == "staff-holds-key"


@pytest.mark.parametrize(
    ("roles", "of_office", "code"),
    [
        (["registrar", "exchange"], True, "roles-apart"),
        (["verifier", "enterprise"], False, "roles-apart"),
        (["regulator", "bank"], True, "admission-by-registrar"),
        (["regulator", "bank"], False, "authority-by-regulator"),
    ],
)
def test_an_authority_or_a_verifier_is_nothing_else_besides(
    stage: Scene, roles: list[str], of_office: bool, code: str
) -> None:
    body = {**admission(stage, "both"), "roles": roles}
    act = ("registrar", "party.admit", body, *OFFICERS)
    if of_office:
        act = ("regulator", "authority.admit", body, *REGULATORS)
    assert stage.refused(*act) == code
