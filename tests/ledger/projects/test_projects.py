"""The straight way of a project, and where the rules stop it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.projects.models import (
    PROJECT_MOVES,
    REPORT_MOVES,
    ProjectState,
    ReportState,
    project_table,
)
from ledger.writer.versions import CREDITED_ONCE_BUILT
from tests.factories.scene import (
    OFFICERS,
    MonitoringReport,
    ProjectDesign,
    Scene,
    scene,
    validation,
    verification,
)

OPINION = validation()
DECISION = {"project": "P1", "document": "d"}


def registered(stage: Scene) -> None:
    stage.cast()
    stage.do("owner", "project.submit", ProjectDesign(), "a")
    stage.do("vvb1", "project.validate", OPINION, "a", "b")
    stage.do("registrar", "project.register", DECISION, *OFFICERS)


def test_project_states_end_where_the_measures_say() -> None:
    assert PROJECT_MOVES[ProjectState.DEREGISTERED] == frozenset()
    assert PROJECT_MOVES[ProjectState.REJECTED] == frozenset()
    assert set(PROJECT_MOVES) == set(ProjectState)
    assert REPORT_MOVES[ReportState.ISSUED] == {ReportState.WITHDRAWN}
    assert REPORT_MOVES[ReportState.WITHDRAWN] == frozenset()
    assert set(REPORT_MOVES) == set(ReportState)


def test_a_project_is_registered_only_after_a_positive_opinion(stage: Scene) -> None:
    stage.cast()
    stage.do("owner", "project.submit", ProjectDesign(), "a")
    assert stage.refused("registrar", "project.register", DECISION, *OFFICERS) == "project-state"
    stage.do("vvb1", "project.validate", {**OPINION, "opinion": "negative"}, "a", "b")
    assert stage.refused("registrar", "project.register", DECISION, *OFFICERS) == "project-state"


def test_a_deregistered_project_never_comes_back(stage: Scene) -> None:
    registered(stage)
    stage.do("registrar", "project.deregister", DECISION, *OFFICERS)
    assert stage.refused("registrar", "project.register", DECISION, *OFFICERS) == "project-state"
    assert stage.refused("owner", "project.submit", ProjectDesign(), "a") == "project-exists"
    again = ProjectDesign(project="P2", site="plot-P1")
    assert stage.refused("owner", "project.submit", again, "a") == "site-claimed"
    assert (
        stage.refused("owner", "report.submit", MonitoringReport(), "a") == "project-not-registered"
    )
    assert stage.rows(project_table)[0]["state"] == "deregistered"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"construction_start": "2012-11-08"}, "construction-too-early"),
        ({"construction_start": "2021-01-02"}, "crediting-before-construction"),
        ({"crediting_end": "2021-01-01"}, "period-reversed"),
    ],
)
def test_a_design_outside_the_measures_is_refused(
    stage: Scene, changes: dict[str, str], code: str
) -> None:
    stage.cast()
    assert stage.refused("owner", "project.submit", ProjectDesign(**changes), "a") == code


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2020-09-22", "2021-12-31", "generated-too-early"),
        ("2020-12-31", "2021-12-31", "outside-crediting-period"),
        ("2040-01-01", "2041-01-02", "outside-crediting-period"),
        ("2024-02-01", "2024-01-31", "period-reversed"),
    ],
)
def test_a_period_outside_the_windows_is_refused(
    stage: Scene, start: str, end: str, code: str
) -> None:
    registered(stage)
    body = MonitoringReport(start=start, end=end)
    assert stage.refused("owner", "report.submit", body, "a") == code


def test_periods_of_one_project_never_overlap(stage: Scene) -> None:
    registered(stage)
    stage.do("owner", "report.submit", MonitoringReport(), "a")
    touching = MonitoringReport(report="R2", start="2024-12-31", end="2025-06-30")
    assert stage.refused("owner", "report.submit", touching, "a") == "period-overlaps"
    after = MonitoringReport(report="R2", start="2025-01-01", end="2025-06-30")
    stage.do("owner", "report.submit", after, "a")


def test_the_body_that_validated_cannot_verify(stage: Scene) -> None:
    registered(stage)
    stage.do("owner", "report.submit", MonitoringReport(), "a")
    assert (
        stage.refused("vvb1", "report.verify", verification(900), "a", "b") == "validator-verifies"
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (verification(1_001), "verified-above-claimed"),
        (verification(900, year=2022), "vintages-off-period"),
        (verification(900, year=2025), "vintages-off-period"),
    ],
)
def test_a_verification_keeps_to_claim_and_period(
    stage: Scene, body: dict[str, object], code: str
) -> None:
    registered(stage)
    stage.do("owner", "report.submit", MonitoringReport(), "a")
    assert stage.refused("vvb2", "report.verify", body, "a", "b") == code


@pytest.mark.parametrize("quantity", [899, 901])
def test_the_registered_quantity_is_the_verified_one(stage: Scene, quantity: int) -> None:
    registered(stage)
    stage.do("owner", "report.submit", MonitoringReport(), "a")
    stage.do("vvb2", "report.verify", verification(900), "a", "b")
    body = {"report": "R1", "quantity": quantity, "document": "d"}
    code = stage.refused("registrar", "reduction.register", body, *OFFICERS)
    assert code == "quantity-not-verified"


def test_a_negative_opinion_states_no_quantities(stage: Scene) -> None:
    registered(stage)
    stage.do("owner", "report.submit", MonitoringReport(), "a")
    negative = verification(900, "negative")
    refused = stage.refused("vvb2", "report.verify", negative, "a", "b")
    assert refused == "vintages-of-negative"
    stage.do("vvb2", "report.verify", {**negative, "vintages": []}, "a", "b")


def test_before_their_version_these_rules_refused_nothing(
    home: Path, vacant_database_url: str
) -> None:
    with scene(home, vacant_database_url, CREDITED_ONCE_BUILT - 1) as stage:
        stage.cast()
        design = ProjectDesign(construction_start="2021-01-02")
        stage.do("owner", "project.submit", design, "a")
