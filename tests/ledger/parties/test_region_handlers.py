"""Region codes enter the record by statement, and an admission names one that stands that day."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.parties.models import party_table, region_table
from ledger.parties.uscc import check_digit
from ledger.statements.errors import Malformed
from tests.factories.admission import admission_papers
from tests.factories.scene import HOUR_MS, OFFICERS, Scene

REGULATORS = ("regulator-1", "regulator-2")
# The stage's clock stands at 2026-01-01T00:00:00Z, which is 08:00 in Shanghai.
TO_MIDNIGHT_MS = 16 * HOUR_MS


def admission(stage: Scene, region: str, number: int = 1) -> dict[str, Any]:
    base = f"91330100MATET{number:04d}"
    return {
        "party": f"firm-{number}",
        "name": "某企业",
        "uscc": base + check_digit(base),
        "region": region,
        "roles": ["enterprise"],
        "keys": [stage.entry(f"firm-{number}", "a")],
        **admission_papers("enterprise"),
    }


def region(code: str = "330185", **days: str) -> dict[str, str]:
    return {"code": code, "name": "某区", "source": "test", "confidence": "low", **days}


def test_genesis_states_the_packaged_table_with_its_sources(stage: Scene) -> None:
    rows = {row["code"]: row for row in stage.rows(region_table)}
    assert len(rows) == 104
    assert (rows["330100"]["name"], rows["330100"]["valid_from"]) == ("杭州市", "")
    assert (rows["330113"]["valid_from"], rows["330113"]["valid_to"]) == ("2021-04-09", None)
    assert rows["330103"]["valid_to"] == "2021-04-09"
    assert all(row["source"] for row in rows.values())


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("330103", "region-not-in-force"),  # 下城区, merged on 2021-04-09
        ("310000", "region-unknown"),
        ("33", "region-unknown"),
        ("\uff13" * 6, "region-unknown"),
    ],
)
def test_a_party_is_not_admitted_to_a_region_that_does_not_stand(
    stage: Scene, code: str, reason: str
) -> None:
    reply = stage.say("registrar", "party.admit", admission(stage, code), *OFFICERS)
    assert (reply.status, reply.answer["code"]) == ("refused", reason)
    assert reply.answer["params"]["field"] == "region"
    assert "firm-1" not in {row["party"] for row in stage.rows(party_table)}


def test_a_new_code_admits_from_its_first_day_and_an_ended_one_until_its_last(
    stage: Scene,
) -> None:
    stage.do("regulator", "region.set", region(valid_from="2026-01-02"), *REGULATORS)
    body = admission(stage, "330185")
    assert stage.refused("registrar", "party.admit", body, *OFFICERS) == "region-not-in-force"
    stage.clock.time += TO_MIDNIGHT_MS
    stage.do("registrar", "party.admit", body, *OFFICERS)
    end = {"code": "330185", "valid_to": "2026-01-03", "source": "test", "confidence": "low"}
    stage.do("regulator", "region.end", end, *REGULATORS)
    stage.clock.time += 24 * HOUR_MS - 1
    stage.do("registrar", "party.admit", admission(stage, "330185", 2), *OFFICERS)
    stage.clock.time += 1
    body = admission(stage, "330185", 3)
    assert stage.refused("registrar", "party.admit", body, *OFFICERS) == "region-not-in-force"
    stage.do("regulator", "region.set", region(valid_from="2026-01-03"), *REGULATORS)
    stage.do("registrar", "party.admit", body, *OFFICERS)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (region("33010x"), "region-code"),
        (region("330001"), "region-code"),
        (region("320101"), "region-orphan"),
        (region("330100"), "region-overlap"),
        (region("330103", valid_from="2021-04-08"), "region-overlap"),
        (region(valid_from="2026-01-02", valid_to="2026-01-02"), "region-dates"),
    ],
)
def test_a_code_that_cannot_stand_is_refused(stage: Scene, body: dict[str, str], code: str) -> None:
    assert stage.refused("regulator", "region.set", body, *REGULATORS) == code


@pytest.mark.parametrize(
    ("code", "valid_to", "reason"),
    [
        ("330103", "2026-01-02", "region-ended"),
        ("999900", "2026-01-02", "region-unknown"),
        ("330113", "2021-04-09", "region-dates"),
    ],
)
def test_an_end_that_cannot_be_is_refused(
    stage: Scene, code: str, valid_to: str, reason: str
) -> None:
    body = {"code": code, "valid_to": valid_to, "source": "test", "confidence": "low"}
    assert stage.refused("regulator", "region.end", body, *REGULATORS) == reason


def test_only_the_regulator_changes_the_table_and_with_two_people(stage: Scene) -> None:
    assert stage.refused("registrar", "region.set", region(), *OFFICERS) == "role-not-allowed"
    assert stage.refused("regulator", "region.set", region(), "regulator-1") == "four-eyes"


@pytest.mark.parametrize("field", ["roles", "keys"])
def test_an_admission_without_a_role_or_without_a_key_is_malformed(
    stage: Scene, field: str
) -> None:
    with pytest.raises(Malformed) as refused:
        stage.say("registrar", "party.admit", {**admission(stage, "330100"), field: []}, *OFFICERS)
    assert (refused.value.code, refused.value.field) == ("items", f"/body/{field}")
