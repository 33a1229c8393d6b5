"""An opinion withdrawn: who is frozen, who is not, what duty stands and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.accounts.claims import claim_table
from ledger.restraints.models import duty_table, freeze_table
from ledger.writer.versions import REPLACED_ACROSS
from tests.factories.claims import BATCH, COURT, holding, pledge, sound
from tests.factories.market import BANK
from tests.factories.scene import (
    HOUR_MS,
    OFFICERS,
    MonitoringReport,
    ProjectDesign,
    Scene,
    scene,
    validation,
    verification,
)

OTHER = "ZJ_FS-R2-2024"
WITHDRAWAL = {"report": "R1", "reason": "监测数据失实"}


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """The owner issued 900 and sold half; 100 units of its second project stand beside them."""
    with scene(home, vacant_database_url) as opened:
        opened.issue(900)
        second(opened)
        moved(opened, "owner", "buyer", 450)
        yield opened
        sound(opened)
        sound(opened, OTHER)


def second(stage: Scene, quantity: int = 600) -> None:
    """A second project of the owner, to its units."""
    stage.do("owner", "project.submit", ProjectDesign(project="P2"), "a")
    opinion = validation("P2")
    stage.do("vvb1", "project.validate", opinion, "a", "b")
    stage.do("registrar", "project.register", {"project": "P2", "document": "d"}, *OFFICERS)
    report = MonitoringReport(report="R2", project="P2", claimed=quantity)
    stage.do("owner", "report.submit", report, "a")
    verified = verification(quantity, report="R2")
    stage.do("vvb2", "report.verify", verified, "a", "b")
    registered = {"report": "R2", "quantity": quantity}
    stage.do("registrar", "reduction.register", {**registered, "document": "d"}, *OFFICERS)
    stage.do("registrar", "credit.issue", registered, *OFFICERS)


def moved(stage: Scene, source: str, target: str, quantity: int) -> None:
    body = {"batch": BATCH, "quantity": quantity, "receiver": target}
    transfer = stage.do(source, "credit.transfer", body, "a", "b")
    stage.do(target, "credit.accept", {"transfer": transfer}, "a")


def withdraw(stage: Scene) -> dict[str, Any]:
    """The verifier withdraws; gives the duty that then stands."""
    stage.do("vvb2", "report.withdraw", WITHDRAWAL, "a", "b")
    return duty(stage)


def duty(stage: Scene) -> dict[str, Any]:
    (row,) = stage.rows(duty_table)
    return row


def discharge(stage: Scene, batch: str, quantity: int) -> None:
    body = {"duty": duty(stage)["duty"], "batch": batch, "quantity": quantity}
    stage.do("owner", "duty.discharge", body, "a", "b")


def test_the_owner_is_frozen_and_who_bought_in_good_faith_is_not(stage: Scene) -> None:
    opened = withdraw(stage)
    assert holding(stage, "owner/registry") == {"frozen": 450}
    assert holding(stage, "buyer/registry") == {"available": 450}
    body = {"batch": BATCH, "quantity": 450, "purpose": "public-good", "beneficiary": "公众"}
    stage.do("buyer", "credit.retire", body, "a", "b")
    assert (opened["quantity"], opened["discharged"], opened["state"]) == (900, 0, "open")
    assert opened["deadline"] == "2026-03-02"  # 60 days after 1 January


def test_frozen_units_and_others_of_the_class_replace_what_was_issued(stage: Scene) -> None:
    withdraw(stage)
    discharge(stage, BATCH, 450)
    assert holding(stage, "owner/registry") == {}
    discharge(stage, OTHER, 449)
    assert (duty(stage)["discharged"], duty(stage)["state"]) == (899, "open")
    over = {"duty": duty(stage)["duty"], "batch": OTHER, "quantity": 2}
    assert stage.refused("owner", "duty.discharge", over, "a", "b") == "duty-exceeded"
    discharge(stage, OTHER, 1)
    assert duty(stage)["state"] == "discharged"


def test_no_more_stays_frozen_than_is_still_to_be_replaced(stage: Scene) -> None:
    withdraw(stage)
    discharge(stage, OTHER, 500)
    assert holding(stage, "owner/registry") == {"frozen": 400, "available": 50}
    discharge(stage, BATCH, 300)
    assert holding(stage, "owner/registry") == {"frozen": 100, "available": 50}
    discharge(stage, OTHER, 100)
    assert duty(stage)["state"] == "discharged"
    assert holding(stage, "owner/registry") == {"available": 150}
    assert {row["state"] for row in stage.rows(freeze_table)} == {"lifted"}


@pytest.mark.parametrize("version", [REPLACED_ACROSS, REPLACED_ACROSS - 1])
def test_what_came_back_replaces_with_what_is_frozen_from_its_version_on(
    home: Path, vacant_database_url: str, version: int
) -> None:
    with scene(home, vacant_database_url, version) as stage:
        stage.issue(900)
        moved(stage, "owner", "buyer", 450)
        withdraw(stage)
        moved(stage, "buyer", "owner", 100)
        assert holding(stage, "owner/registry") == {"frozen": 450, "available": 100}
        body = {"duty": duty(stage)["duty"], "batch": BATCH, "quantity": 551}
        assert stage.refused("owner", "duty.discharge", body, "a", "b") == "freeze-short"
        assert holding(stage, "owner/registry") == {"frozen": 450, "available": 100}
        if version < REPLACED_ACROSS:
            body["quantity"] = 451
            assert stage.refused("owner", "duty.discharge", body, "a", "b") == "freeze-short"
            return
        discharge(stage, BATCH, 451)
        assert holding(stage, "owner/registry") == {"available": 99}
        assert {row["state"] for row in stage.rows(freeze_table)} == {"executed"}
        discharge(stage, BATCH, 99)
        assert (duty(stage)["discharged"], duty(stage)["state"]) == (550, "open")
        assert holding(stage, "owner/registry") == {}
        sound(stage)


def test_after_the_deadline_the_shortfall_stands_and_may_still_be_met(stage: Scene) -> None:
    withdraw(stage)
    discharge(stage, BATCH, 450)
    stage.clock.time += 61 * 24 * HOUR_MS
    stage.ledger.writer.tick().result(30)
    short = duty(stage)
    assert (short["state"], short["quantity"] - short["discharged"]) == ("short", 450)
    discharge(stage, OTHER, 450)
    assert duty(stage)["state"] == "discharged"


def test_what_is_pledged_is_waited_for(stage: Scene) -> None:
    name = pledge(stage, 200)
    withdraw(stage)
    assert holding(stage, "owner/registry") == {"frozen": 250, "pledged": 200}
    stage.do("bank", "pledge.release", {"pledge": name}, *BANK)
    assert holding(stage, "owner/registry") == {"frozen": 450}


def test_an_order_may_name_a_third_partys_units(stage: Scene) -> None:
    withdraw(stage)
    body = {"party": "buyer", "batch": BATCH, "quantity": 450, **COURT}
    stage.do("registrar", "credit.cancel", body, *OFFICERS)
    assert holding(stage, "buyer/registry") == {}


def test_who_may_not_withdraw_and_what_does_not_replace_is_refused(stage: Scene) -> None:
    other = stage.refused("vvb1", "report.withdraw", WITHDRAWAL, "a", "b")
    assert other == "verifier-differs"
    withdraw(stage)
    again = stage.refused("vvb2", "report.withdraw", WITHDRAWAL, "a", "b")
    assert again == "report-state"
    name = duty(stage)["duty"]
    body = {"duty": name, "batch": OTHER, "quantity": 1}
    assert stage.refused("buyer", "duty.discharge", body, "a", "b") == "duty-unknown"
    many = {"duty": name, "batch": BATCH, "quantity": 451}
    assert stage.refused("owner", "duty.discharge", many, "a", "b") == "freeze-short"
    stage.do("vvb2", "report.withdraw", {**WITHDRAWAL, "report": "R2"}, "a", "b")
    assert stage.refused("owner", "duty.discharge", body, "a", "b") == "batch-withdrawn"


def test_before_issuance_a_withdrawal_ends_the_report_and_owes_nothing(
    home: Path, vacant_database_url: str
) -> None:
    with scene(home, vacant_database_url) as stage:
        stage.cast()
        stage.do("owner", "project.submit", ProjectDesign(), "a")
        opinion = validation()
        stage.do("vvb1", "project.validate", opinion, "a", "b")
        stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)
        stage.do("owner", "report.submit", MonitoringReport(), "a")
        stage.do("vvb2", "report.verify", verification(900), "a", "b")
        stage.do("vvb2", "report.withdraw", WITHDRAWAL, "a", "b")
        body = {"report": "R1", "quantity": 900, "document": "d"}
        assert stage.refused("registrar", "reduction.register", body, *OFFICERS) == "report-state"
        assert (stage.rows(duty_table), stage.rows(claim_table)) == ([], [])
