"""Duties of partial withdrawals and withdrawn validations: how much, of what, frozen where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.parties.authority import public_key
from ledger.restraints.models import duty_part_table, duty_table, freeze_table
from ledger.writer.audit import audit
from tests.factories.claims import BATCH, COURT, claimed, holding, sound
from tests.factories.scene import (
    HOUR_MS,
    OFFICERS,
    ORIGIN,
    MonitoringReport,
    ProjectDesign,
    Scene,
    scene,
    validation,
    verification,
)

EARLIER, OTHER = "ZJ_FS-R1-2023", "ZJ_FS-R2-2024"
VALIDATION = {"project": "P1", "reason": "土地权属证明失实"}


def project(stage: Scene, number: int, years: list[tuple[int, int]]) -> None:
    """A project of the owner, to its units by year."""
    name, report = f"P{number}", f"R{number}"
    quantity = sum(n for _, n in years)
    stage.do("owner", "project.submit", ProjectDesign(project=name), "a")
    stage.do("vvb1", "project.validate", validation(name), "a", "b")
    stage.do("registrar", "project.register", {"project": name, "document": "d"}, *OFFICERS)
    body = MonitoringReport(report=report, project=name, claimed=quantity)
    stage.do("owner", "report.submit", body, "a")
    vintages = [{"year": year, "quantity": n} for year, n in years]
    opinion = {**verification(quantity, report=report), "vintages": vintages}
    stage.do("vvb2", "report.verify", opinion, "a", "b")
    issuance = {"report": report, "quantity": quantity}
    stage.do("registrar", "reduction.register", {**issuance, "document": "d"}, *OFFICERS)
    stage.do("registrar", "credit.issue", issuance, *OFFICERS)


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """R1 has 300 of 2023 and 600 of 2024, of which the buyer has 450; R2 has 600 of its own."""
    with scene(home, vacant_database_url) as opened:
        opened.cast()
        project(opened, 1, [(2023, 300), (2024, 600)])
        project(opened, 2, [(2024, 600)])
        body = {"batch": BATCH, "quantity": 450, "receiver": "buyer"}
        transfer = opened.do("owner", "credit.transfer", body, "a", "b")
        opened.do("buyer", "credit.accept", {"transfer": transfer}, "a")
        yield opened
        for batch in (BATCH, EARLIER, OTHER):
            sound(opened, batch)
        audited(opened)


def audited(stage: Scene) -> None:
    """Supervisor, public and party each find what is stored."""
    ledger = stage.ledger
    with ledger.record.reading() as connection:
        more: dict[str, Any]
        for more in ({"supervisor": True}, {}, {"party": "owner"}, {"party": "buyer"}):
            found = audit(connection, ledger.engine, ORIGIN, ledger.record.vkey, public_key, **more)
            assert found.faults == [], more


def less(stage: Scene, *vintages: tuple[int, int], report: str = "R1") -> str:
    years = [{"year": year, "quantity": quantity} for year, quantity in vintages]
    body = {"report": report, "vintages": years, "reason": "一台设备停用"}
    return stage.do("vvb2", "report.withdraw-part", body, "a", "b")


def whole(stage: Scene, report: str = "R1") -> str:
    return stage.do("vvb2", "report.withdraw", {"report": report, "reason": "r"}, "a", "b")


def duties(stage: Scene) -> list[tuple[int, str]]:
    """Each duty's quantity and state, in the order of their entries."""
    rows = sorted(stage.rows(duty_table), key=lambda row: (row["index"], row["duty"]))
    return [(row["quantity"], row["state"]) for row in rows]


def owed(stage: Scene, batch: str) -> int:
    return sum(row["owed"] for row in stage.rows(duty_part_table) if row["batch"] == batch)


def discharge(stage: Scene, duty: str, batch: str, quantity: int) -> None:
    body = {"duty": duty, "batch": batch, "quantity": quantity}
    stage.do("owner", "duty.discharge", body, "a", "b")


def test_a_part_freezes_and_owes_that_part_alone(stage: Scene) -> None:
    name = less(stage, (2024, 100))
    assert holding(stage, "owner/registry") == {"available": 50, "frozen": 100}
    assert holding(stage, "owner/registry", EARLIER) == {"available": 300}
    assert holding(stage, "buyer/registry") == {"available": 450}
    assert duties(stage) == [(100, "open")]
    discharge(stage, name, BATCH, 100)
    assert duties(stage) == [(100, "discharged")]
    assert holding(stage, "owner/registry") == {"available": 50}


def test_a_part_above_what_the_owner_holds_freezes_all_of_that(stage: Scene) -> None:
    name = less(stage, (2023, 10), (2024, 400))
    assert holding(stage, "owner/registry") == {"frozen": 150}
    assert holding(stage, "owner/registry", EARLIER) == {"available": 290, "frozen": 10}
    assert duties(stage) == [(410, "open")]
    assert [claimed(stage, f"{name}/{number}") for number in (0, 1)] == [(10, 0), (150, 0)]


def test_parts_add_up_and_the_whole_after_them_is_the_rest(stage: Scene) -> None:
    less(stage, (2024, 100))
    audited(stage)
    less(stage, (2024, 40))
    audited(stage)
    assert holding(stage, "owner/registry") == {"available": 10, "frozen": 140}
    whole(stage)
    assert holding(stage, "owner/registry") == {"frozen": 150}
    assert holding(stage, "owner/registry", EARLIER) == {"frozen": 300}
    assert [quantity for quantity, _ in duties(stage)] == [100, 40, 760]
    assert (owed(stage, BATCH), owed(stage, EARLIER)) == (600, 300)


def test_what_stays_attested_may_replace_and_what_nothing_bears_may_not(stage: Scene) -> None:
    name = less(stage, (2024, 400))
    discharge(stage, name, EARLIER, 100)  # another year of the same report
    other = less(stage, (2024, 200), report="R2")
    discharge(stage, name, OTHER, 50)  # what of the batch is not frozen
    short = {"duty": name, "batch": OTHER, "quantity": 201}
    whole(stage, "R2")
    assert stage.refused("owner", "duty.discharge", short, "a", "b") == "batch-withdrawn"
    assert owed(stage, OTHER) == 600  # those that replaced others are owed too
    discharge(stage, other, OTHER, 200)
    assert [state for _, state in duties(stage)] == ["open", "discharged", "open"]


def test_what_was_bought_back_replaces_its_own_batch(stage: Scene) -> None:
    name = less(stage, (2024, 400))
    discharge(stage, name, BATCH, 150)
    body = {"batch": BATCH, "quantity": 250, "receiver": "owner"}
    transfer = stage.do("buyer", "credit.transfer", body, "a", "b")
    stage.do("owner", "credit.accept", {"transfer": transfer}, "a")
    discharge(stage, name, BATCH, 250)
    assert duties(stage) == [(400, "discharged")]


def test_an_order_that_cancels_what_is_frozen_does_what_the_owner_did_not(stage: Scene) -> None:
    name = less(stage, (2024, 100))
    body = {"party": "owner", "batch": BATCH, "quantity": 60, "freeze": f"{name}/0", **COURT}
    stage.do("registrar", "credit.cancel", body, *OFFICERS)
    (row,) = stage.rows(duty_table)
    assert (row["discharged"], row["state"]) == (60, "open")
    stage.do(
        "registrar",
        "credit.cancel",
        {**body, "document": "（2026）执2号", "quantity": 40},
        *OFFICERS,
    )
    assert duties(stage) == [(100, "discharged")]
    whole(stage)
    assert owed(stage, BATCH) == 600


def test_what_an_order_cancelled_before_is_not_owed(stage: Scene) -> None:
    body = {"party": "buyer", "batch": BATCH, "quantity": 80, **COURT}
    stage.do("registrar", "credit.cancel", body, *OFFICERS)
    less(stage, (2024, 60))
    assert duties(stage) == []
    less(stage, (2024, 30))
    assert duties(stage) == [(10, "open")]
    whole(stage)
    assert owed(stage, BATCH) == 520


def test_a_listing_gives_way_only_where_a_part_needs_it(stage: Scene) -> None:
    body = {"batch": BATCH, "quantity": 100, "receiver": "buyer"}
    stage.do("owner", "credit.transfer", body, "a", "b")
    less(stage, (2024, 50))
    assert holding(stage, "owner/registry") == {"in_transfer": 100, "frozen": 50}
    less(stage, (2024, 20))
    assert holding(stage, "owner/registry") == {"available": 80, "frozen": 70}


def test_a_validation_withdrawn_freezes_and_owes_all_that_its_project_brought(
    stage: Scene,
) -> None:
    name = stage.do("vvb1", "validation.withdraw", VALIDATION, "a", "b")
    assert holding(stage, "owner/registry") == {"frozen": 150}
    assert holding(stage, "owner/registry", EARLIER) == {"frozen": 300}
    assert holding(stage, "owner/registry", OTHER) == {"available": 600}
    assert holding(stage, "buyer/registry") == {"available": 450}
    (row,) = stage.rows(duty_table)
    assert (row["duty"], row["quantity"]) == (f"{name}/0", 900)
    assert row["deadline"] == "2026-03-02"  # 60 days after 1 January
    discharge(stage, row["duty"], OTHER, 450)
    stage.clock.time += 61 * 24 * HOUR_MS
    stage.ledger.writer.tick().result(30)
    assert duties(stage) == [(900, "short")]
    discharge(stage, row["duty"], BATCH, 150)
    discharge(stage, row["duty"], EARLIER, 300)
    assert duties(stage) == [(900, "discharged")]


def test_nothing_is_owed_twice_whatever_is_withdrawn_when(stage: Scene) -> None:
    less(stage, (2024, 100))
    stage.do("vvb1", "validation.withdraw", VALIDATION, "a", "b")
    assert duties(stage) == [(100, "open"), (800, "open")]
    whole(stage)
    stage.do("vvb1", "project.validate", validation("P1"), "a", "b")
    stage.do("vvb1", "validation.withdraw", VALIDATION, "a", "b")
    assert duties(stage) == [(100, "open"), (800, "open")]  # a new validation ends no duty


def test_each_report_of_a_project_has_a_duty_of_its_own(stage: Scene) -> None:
    period = {"start": "2025-01-01", "end": "2025-12-31"}
    stage.do("owner", "report.submit", MonitoringReport(report="R3", **period), "a")
    opinion = verification(70, year=2025, report="R3")
    stage.do("vvb2", "report.verify", opinion, "a", "b")
    issuance = {"report": "R3", "quantity": 70}
    stage.do("registrar", "reduction.register", {**issuance, "document": "d"}, *OFFICERS)
    stage.do("registrar", "credit.issue", issuance, *OFFICERS)
    stage.do("registrar", "project.deregister", {"project": "P1", "document": "d"}, *OFFICERS)
    stage.do("vvb1", "validation.withdraw", VALIDATION, "a", "b")
    assert sorted(duties(stage)) == [(70, "open"), (900, "open")]
    frozen = {row["asset"]: row["ordered"] for row in stage.rows(freeze_table)}
    assert frozen == {EARLIER: 300, BATCH: 150, "ZJ_FS-R3-2025": 70}
