"""Names, codes and those who speak for a party change by document, and the past stays known."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.parties.models import party_table, uscc_table
from ledger.parties.people_models import authorised_table
from ledger.parties.uscc import check_digit
from tests.factories.people import TODAY, TOMORROW, history
from tests.factories.scene import OFFICERS, Scene

FIRST, SECOND = (base + check_digit(base) for base in ("91330100MATET0001", "91330100MATET0777"))


def change(**more: Any) -> dict[str, Any]:
    return {"party": "moon", "document": "notice 1", **more}


def party(stage: Scene, name: str = "moon") -> dict[str, Any]:
    return next(row for row in stage.rows(party_table) if row["party"] == name)


def test_a_name_changes_and_the_former_one_stays_in_the_history(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    stage.do("registrar", "party.change", change(name="新名称", name_en="Luna"), *OFFICERS)
    assert (party(stage)["name"], party(stage)["name_en"]) == ("新名称", "Luna")
    act = history(stage, "moon")[-1]
    assert act["detail"] == {
        "before": {"name": "moon", "name_en": None},
        "after": {"name": "新名称", "name_en": "Luna"},
    }
    assert act["document"] == "notice 1"


def test_a_code_changes_and_the_former_one_is_nobody_elses(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    stage.do("registrar", "party.change", change(uscc=SECOND), *OFFICERS)
    assert party(stage)["uscc"] == SECOND
    assert {(r["uscc"], r["party"]) for r in stage.rows(uscc_table)} == {
        (FIRST, "moon"),
        (SECOND, "moon"),
    }
    stage.admit("sun", "enterprise", 2)
    taken = {**change(uscc=FIRST), "party": "sun"}
    assert stage.refused("registrar", "party.change", taken, *OFFICERS) == "uscc-registered"
    stage.do("registrar", "party.change", change(uscc=FIRST), *OFFICERS)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "change-empty"),
        ({"name": "moon"}, "change-empty"),
        ({"uscc": FIRST}, "change-empty"),
        ({"uscc": FIRST[:-1] + "0"}, "uscc-invalid"),
        ({"region": "330103"}, "region-not-in-force"),  # merged in 2021
        ({"party": "none", "name": "x"}, "party-unknown"),
    ],
)
def test_a_change_that_changes_nothing_or_is_wrong_is_refused(
    stage: Scene, more: dict[str, Any], code: str
) -> None:
    stage.admit("moon", "enterprise", 1)
    assert stage.refused("registrar", "party.change", change(**more), *OFFICERS) == code


def test_a_party_does_not_rename_itself(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    assert stage.refused("moon", "party.change", change(name="x"), "a", "b") == "role-not-allowed"
    assert stage.refused("registrar", "party.change", change(name="x"), OFFICERS[0]) == "four-eyes"


def authorisation(person: str = "p-1", since: str = TODAY, **more: Any) -> dict[str, Any]:
    return {"party": "moon", "person": person, "since": since, "document": "letter 1", **more}


def test_another_person_speaks_for_a_party(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    stage.do("registrar", "party.authorise", authorisation(), *OFFICERS)
    body = authorisation("p-2", document="letter 2")
    stage.do("registrar", "party.authorise", body, *OFFICERS)
    (row,) = stage.rows(authorised_table)
    assert (row["person"], row["document"], row["since"]) == ("p-2", "letter 2", TODAY)
    acts = history(stage, "moon")
    assert [act["document"] for act in acts] == ["agreement 1", "letter 1", "letter 2"]
    assert "p-2" not in str(acts)  # the history names nobody


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (authorisation(since=TOMORROW), "authorised-later"),
        (authorisation("p-0"), "authorised-already"),
        (authorisation("regulator-1"), "staff-may-not-trade"),
        (authorisation("vvb.a"), "staff-may-not-trade"),
        (authorisation(party="none"), "party-unknown"),
    ],
)
def test_who_may_not_speak_for_an_enterprise(stage: Scene, body: dict[str, Any], code: str) -> None:
    stage.admit("moon", "enterprise", 1)
    stage.admit("vvb", "verifier", 2)
    stage.do("registrar", "party.authorise", authorisation("p-0"), *OFFICERS)
    assert stage.refused("registrar", "party.authorise", body, *OFFICERS) == code


def test_a_verifier_is_spoken_for_by_its_own_staff(stage: Scene) -> None:
    stage.admit("vvb", "verifier", 2)
    body = authorisation("vvb.a", party="vvb")
    stage.do("registrar", "party.authorise", body, *OFFICERS)
