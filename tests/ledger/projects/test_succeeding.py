"""A project's owner has merged: the successor has its place, and what it owes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.projects.models import project_table
from ledger.projects.succession_models import SUCCESSION, succession_table
from ledger.restraints.models import duty_table, order_table
from ledger.writer.versions import OWNERS_SUCCEEDED
from tests.factories.audits import columns_missed
from tests.factories.claims import BATCH, COURT, holding, sound
from tests.factories.scene import OFFICERS, MonitoringReport, Scene, scene

MERGED = {"project": "P1", "successor": "buyer", "ground": "merger", "document": "合并登记1"}
OPINION = {"report": "R1", "reason": "监测数据失实"}


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """The owner holds the 900 credits of its project's report."""
    with scene(home, vacant_database_url) as opened:
        opened.issue(900)
        opened.admit("third", "enterprise", 9)
        yield opened
        sound(opened)


def succeed(stage: Scene, **more: Any) -> None:
    stage.do("registrar", "project.succeed", {**MERGED, **more}, *OFFICERS)


def merge_units(stage: Scene, quantity: int = 900) -> None:
    named = {"party": "owner", "receiver": "buyer", "batch": BATCH, "ground": "merger"}
    body = {**named, "quantity": quantity, **COURT}
    stage.do("registrar", "credit.reassign", body, *OFFICERS)


def duty(stage: Scene) -> dict[str, Any]:
    (row,) = stage.rows(duty_table)
    return row


def test_the_successor_is_the_owner_from_then_on(stage: Scene) -> None:
    succeed(stage)
    (project,) = stage.rows(project_table)
    (told,) = stage.rows(succession_table)
    assert project["owner"] == "buyer"
    assert (told["predecessor"], told["successor"], told["ground"]) == ("owner", "buyer", "merger")
    report = MonitoringReport(report="R2", start="2025-01-01", end="2025-12-31", claimed=10)
    assert stage.refused("owner", "report.submit", report, "a") == "owner-differs"
    stage.do("buyer", "report.submit", report, "a")


def test_an_opinion_that_falls_after_a_merger_freezes_the_successor(stage: Scene) -> None:
    """It is no buyer in good faith: it is who the owner has become."""
    merge_units(stage, 890)
    succeed(stage)
    stage.do("vvb2", "report.withdraw", OPINION, "a", "b")
    assert (duty(stage)["party"], duty(stage)["quantity"]) == ("buyer", 900)
    assert holding(stage, "buyer/registry") == {"frozen": 890}
    body = {"duty": duty(stage)["duty"], "batch": BATCH, "quantity": 890}
    assert stage.refused("owner", "duty.discharge", body, "a", "b") == "duty-unknown"
    stage.do("buyer", "duty.discharge", body, "a", "b")
    assert duty(stage)["discharged"] == 890


def test_a_duty_that_stands_passes_on_with_what_is_frozen_for_it(stage: Scene) -> None:
    stage.do("vvb2", "report.withdraw", OPINION, "a", "b")
    closing = {"party": "owner", "document": "d"}
    assert stage.refused("registrar", "party.close", closing, *OFFICERS) == "closing-holdings"
    succeed(stage)
    assert duty(stage)["party"] == "buyer"
    body = {"duty": duty(stage)["duty"], "batch": BATCH, "quantity": 900}
    stage.do("buyer", "duty.discharge", body, "a", "b")
    assert (duty(stage)["state"], holding(stage, "owner/registry")) == ("discharged", {})
    stage.do("registrar", "party.close", closing, *OFFICERS)


def test_what_has_not_passed_on_yet_is_frozen_with_the_predecessor(stage: Scene) -> None:
    """100 have gone to the successor and 800 have not."""
    succeed(stage)
    merge_units(stage, 100)
    stage.do("vvb2", "report.withdraw", OPINION, "a", "b")
    assert holding(stage, "buyer/registry") == {"frozen": 100}
    assert holding(stage, "owner/registry") == {"frozen": 800}
    body = {"duty": duty(stage)["duty"], "batch": BATCH, "quantity": 900}
    stage.do("buyer", "duty.discharge", {**body, "quantity": 100}, "a", "b")
    stage.do("buyer", "duty.discharge", {**body, "quantity": 800}, "a", "b")
    assert duty(stage)["state"] == "discharged"


def test_units_that_passed_on_before_the_succession_are_frozen_by_it(stage: Scene) -> None:
    merge_units(stage, 890)
    stage.do("vvb2", "report.withdraw", OPINION, "a", "b")
    assert holding(stage, "owner/registry") == {"frozen": 10}
    assert holding(stage, "buyer/registry") == {"available": 890}
    succeed(stage)
    stage.ledger.writer.tick().result(30)
    assert holding(stage, "owner/registry") == {"frozen": 10}
    assert holding(stage, "buyer/registry") == {"frozen": 890}
    succeed(stage, successor="third", ground="division")
    stage.ledger.writer.tick().result(30)
    assert holding(stage, "buyer/registry") == {"frozen": 890}  # and nothing twice


def test_a_remission_acts_once_whoever_has_the_duty(stage: Scene) -> None:
    stage.do("vvb2", "report.withdraw", OPINION, "a", "b")
    letter = {"duty": duty(stage)["duty"], "quantity": 50, "reason": "r", **COURT}
    stage.do("registrar", "duty.remit", letter, *OFFICERS)
    succeed(stage)
    assert stage.refused("registrar", "duty.remit", letter, *OFFICERS) == "order-stated"
    assert duty(stage)["remitted"] == 50
    (noted,) = [row for row in stage.rows(order_table) if row["act"] == "remit"]
    again = {**letter, "besides": noted["index"]}
    stage.do("registrar", "duty.remit", again, *OFFICERS)
    assert duty(stage)["remitted"] == 100


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"successor": "owner"}, "successor-is-owner"),
        ({"successor": "vvb1"}, "successor-unfit"),
        ({"successor": "nobody"}, "party-unknown"),
        ({"project": "P9"}, "project-unknown"),
    ],
)
def test_who_cannot_succeed_is_refused(stage: Scene, change: dict[str, str], code: str) -> None:
    body = {**MERGED, **change}
    assert stage.refused("registrar", "project.succeed", body, *OFFICERS) == code


def test_two_officers_of_the_registrar_state_it_and_a_suspended_party_takes_nothing(
    stage: Scene,
) -> None:
    assert stage.refused("registrar", "project.succeed", MERGED, OFFICERS[0]) == "four-eyes"
    assert stage.refused("owner", "project.succeed", MERGED, "a", "b") == "role-not-allowed"
    body = {"party": "buyer", "document": "d"}
    stage.do("regulator", "party.suspend", body, "regulator-1", "regulator-2")
    assert stage.refused("registrar", "project.succeed", MERGED, *OFFICERS) == "successor-unfit"


def test_a_change_of_any_column_is_found(stage: Scene) -> None:
    succeed(stage)
    assert columns_missed(stage, (SUCCESSION,)) == []


def test_before_owners_could_be_succeeded_nobody_was(home: Path) -> None:
    with scene(home, None, OWNERS_SUCCEEDED - 1) as stage:
        stage.issue(900)
        refused = stage.refused("registrar", "project.succeed", MERGED, *OFFICERS)
        assert refused == "type-not-active"
