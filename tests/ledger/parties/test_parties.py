"""Admission, keys, standing and roles."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.parties.handlers import AUTHORITIES
from ledger.parties.models import parameter_table, party_table
from ledger.statements.errors import Unauthenticated
from ledger.writer.versions import AUTHORITIES_APART, KEYS_PLACED
from tests.factories.scene import OFFICERS, REGULATORS, ProjectDesign, Scene, scene


def test_genesis_names_the_authorities_and_the_parameters(stage: Scene) -> None:
    parties = {row["party"] for row in stage.rows(party_table)}
    authorities = {"registrar", "exchange", "bank", "regulator", "finance", "mirror"}
    assert parties == {"operator", "scheduler", *authorities}
    codes = {row["code"] for row in stage.rows(parameter_table)}
    assert {"construction-after", "generated-after"} <= codes


@pytest.mark.parametrize("role", sorted(AUTHORITIES))
def test_who_keeps_the_register_makes_no_authority_and_the_regulator_nobody_else(
    stage: Scene, role: str
) -> None:
    keys = [stage.entry("new", "a")]
    body = {"party": "new", "name": "new", "roles": [role, role], "keys": keys, "region": "330100"}
    refused = stage.refused("registrar", "party.admit", body, *OFFICERS)
    assert refused == "authority-by-regulator"
    bank = {**body, "roles": ["bank"]}
    refused = stage.refused("regulator", "authority.admit", bank, *REGULATORS)
    assert refused == "admission-by-registrar"
    assert stage.refused("regulator", "authority.admit", body, REGULATORS[0]) == "four-eyes"
    assert stage.refused("registrar", "authority.admit", body, *OFFICERS) == "role-not-allowed"
    stage.do("regulator", "authority.admit", body, *REGULATORS)
    (new,) = [row for row in stage.rows(party_table) if row["party"] == "new"]
    assert new["roles"] == [role]


def test_a_finance_bureau_has_a_region_in_which_it_judges(stage: Scene) -> None:
    body = {"party": "new", "name": "new", "roles": ["finance"], "keys": [stage.entry("new", "a")]}
    assert stage.refused("regulator", "authority.admit", body, *REGULATORS) == "region-missing"


def test_before_authorities_stood_apart_the_registrar_admitted_them(home: Path) -> None:
    with scene(home, None, AUTHORITIES_APART - 1) as stage:
        keys = [stage.entry("new", "a")]
        body = {"party": "new", "name": "new", "roles": ["finance"], "keys": keys}
        refused = stage.refused("regulator", "authority.admit", body, *REGULATORS)
        assert refused == "type-not-active"
        stage.do("registrar", "party.admit", body, *OFFICERS)


def test_one_credit_code_belongs_to_one_party(stage: Scene) -> None:
    stage.admit("first", "enterprise", 1)
    body = {
        "party": "second",
        "name": "second",
        "uscc": next(r["uscc"] for r in stage.rows(party_table) if r["party"] == "first"),
        "roles": ["enterprise"],
        "keys": [stage.entry("second", "a")],
    }
    assert stage.refused("registrar", "party.admit", body, *OFFICERS) == "uscc-registered"


@pytest.mark.parametrize("uscc", ["91330100MATET00010", "91330100MATET0001", "9133010OMATET00013"])
def test_a_wrong_credit_code_is_refused(stage: Scene, uscc: str) -> None:
    body = {
        "party": "first",
        "name": "first",
        "uscc": uscc,
        "roles": ["enterprise"],
        "keys": [stage.entry("first", "a")],
    }
    assert stage.refused("registrar", "party.admit", body, *OFFICERS) == "uscc-invalid"


def test_a_key_that_its_holder_did_not_prove_is_refused(stage: Scene) -> None:
    entry = stage.entry("first", "a")
    entry["proof"] = stage.entry("other", "a")["proof"]
    keys = [stage.entry("first", "b"), entry]
    body = {"party": "first", "name": "first", "roles": ["bank"], "keys": keys}
    answer = stage.say("registrar", "party.admit", body, *OFFICERS).answer
    assert (answer["code"], answer["params"]) == ("key-not-proved", {"field": "keys/1/proof"})


def test_before_keys_were_placed_the_field_alone_was_told(home: Path) -> None:
    with scene(home, None, KEYS_PLACED - 1) as stage:
        entry = {**stage.entry("first", "a"), "proof": "00" * 64}
        body = {"party": "first", "name": "first", "roles": ["bank"], "keys": [entry]}
        answer = stage.say("registrar", "party.admit", body, *OFFICERS).answer
        assert answer["params"] == {"field": "proof"}


def test_a_revoked_key_signs_nothing_more(stage: Scene) -> None:
    stage.admit("owner", "enterprise", 1)
    revoked = stage.write("owner", "project.submit", ProjectDesign(), "a").envelope.payload.keys[0]
    stage.do("owner", "key.revoke", {"key": revoked, "reason": "lost"}, "b")
    reply = stage.say("owner", "project.submit", ProjectDesign(), "a")
    assert (reply.status, reply.index) == ("unauthenticated", None)
    assert reply.answer["code"] == "key-revoked"


def test_a_key_nobody_registered_is_not_heard(stage: Scene) -> None:
    with pytest.raises(Unauthenticated):
        stage.say("owner", "project.submit", ProjectDesign(), "a")


def test_a_suspended_party_may_only_retire(stage: Scene) -> None:
    batch = stage.issue(900)
    standing = {"party": "owner", "document": "d"}
    stage.do("regulator", "party.suspend", standing, "regulator-1", "regulator-2")
    move = {"batch": batch, "quantity": 1, "to": "trading"}
    assert stage.refused("owner", "credit.move", move, "a") == "party-suspended"
    retire = {"batch": batch, "quantity": 1, "purpose": "public-good", "beneficiary": "公众"}
    stage.do("owner", "credit.retire", retire, "a", "b")
    stage.do("regulator", "party.reinstate", standing, "regulator-1", "regulator-2")
    stage.do("owner", "credit.move", move, "a")


@pytest.mark.parametrize("party", ["bank", "regulator", "exchange"])
def test_only_the_registrar_admits(stage: Scene, party: str) -> None:
    body = {"party": "x1", "name": "x", "roles": ["bank"], "keys": [stage.entry("x1", "a")]}
    signers = (f"{party}-1", f"{party}-2")
    assert stage.refused(party, "party.admit", body, *signers) == "role-not-allowed"


def test_staff_of_an_authority_do_not_trade_for_an_enterprise(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 5, a="regulator-1")
    move = {"batch": "B", "quantity": 1, "to": "trading"}
    assert stage.refused("moon", "credit.move", move, "a") == "staff-may-not-trade"


def test_a_key_revoked_in_a_batch_signs_nothing_behind_it_in_the_same_batch(stage: Scene) -> None:
    stage.cast()
    before = stage.write("owner", "project.submit", ProjectDesign(project="P1", site="s1"), "a")
    revoked = before.envelope.payload.keys[0]
    revocation = {"key": revoked, "reason": "lost"}
    said = [
        before,
        stage.write("owner", "key.revoke", revocation, "b"),
        stage.write("owner", "project.submit", ProjectDesign(project="P2", site="s2"), "a"),
        stage.write("owner", "project.submit", ProjectDesign(project="P3", site="s3"), "b"),
    ]
    entrance = stage.ledger.entrance
    items = [entrance.prepare(submission.encode()) for submission in said]
    replies = [future.result(30) for future in entrance.queue(items)]
    statuses = [reply.status for reply in replies]
    assert statuses == ["accepted", "accepted", "unauthenticated", "accepted"]
    assert replies[2].answer["code"] == "key-revoked"
    assert replies[2].index is None
    assert len({reply.checkpoint_size for reply in replies if reply.index is not None}) == 1
