"""What has come to an end goes no further; what waits for another opinion keeps its period."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.projects.models import report_table
from ledger.projects.steps_models import application_table
from ledger.writer.versions import ENDED_WITH_PROJECT, OPINION_ANEW
from tests.factories.market import REGULATOR
from tests.factories.scene import (
    OFFICERS,
    MonitoringReport,
    ProjectDesign,
    Scene,
    once,
    scene,
    validation,
    verification,
)

pytestmark = pytest.mark.database
TAKEN_BACK = {"report": "R1", "reason": "监测数据失实"}
ENDED = {"project": "P1", "document": "注销1号"}
ANEW = {**verification(900), "report_sha256": "b" * 64}


@once
def verified(stage: Scene) -> None:
    """A registered project P1 with a verified report R1."""
    stage.cast()
    stage.do("owner", "project.submit", ProjectDesign(), "a")
    stage.do("vvb1", "project.validate", validation(), "a", "b")
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)
    stage.do("owner", "report.submit", MonitoringReport(claimed=900), "a")
    stage.do("vvb2", "report.verify", verification(900), "a", "b")


def apply(stage: Scene) -> str:
    return stage.do("owner", "application.submit", {"subject": "report", "name": "R1"}, "a", "b")


def report(stage: Scene) -> dict[str, Any]:
    (row,) = stage.rows(report_table)
    return row


def application(stage: Scene) -> dict[str, Any]:
    (row,) = stage.rows(application_table)
    return row


def register(stage: Scene) -> None:
    registered = {"report": "R1", "quantity": 900, "document": "d"}
    stage.do("registrar", "reduction.register", registered, *OFFICERS)


def issue(stage: Scene) -> None:
    stage.do("registrar", "credit.issue", {"report": "R1", "quantity": 900}, *OFFICERS)


@pytest.mark.parametrize("registered", [False, True])
def test_before_its_credits_exist_a_report_waits_for_another_opinion(
    stage: Scene, registered: bool
) -> None:
    verified(stage)
    if registered:
        register(stage)
    stage.do("vvb2", "report.withdraw", TAKEN_BACK, "a", "b")
    found = report(stage)
    assert (found["state"], found["verifier"], found["vintages"]) == ("submitted", None, None)
    code = stage.refused("owner", "report.submit", MonitoringReport(report="R2"), "a")
    assert code == "period-overlaps"  # the report of the period goes on
    stage.admit("vvb3", "verifier", 7)
    stage.do("vvb3", "report.verify", ANEW, "a", "b")
    register(stage)
    issue(stage)
    assert report(stage)["verifier"] == "vvb3"


def test_with_its_credits_an_opinion_is_gone_for_ever(stage: Scene) -> None:
    verified(stage)
    register(stage)
    issue(stage)
    stage.do("vvb2", "report.withdraw", TAKEN_BACK, "a", "b")
    assert report(stage)["state"] == "withdrawn"


def test_its_owner_may_take_such_a_report_back_and_its_period_is_free(stage: Scene) -> None:
    verified(stage)
    stage.do("vvb2", "report.withdraw", TAKEN_BACK, "a", "b")
    back = {"subject": "report", "name": "R1", "reason": "重编"}
    stage.do("owner", "submission.withdraw", back, "a", "b")
    stage.do("owner", "report.submit", MonitoringReport(report="R2", claimed=900), "a")


def test_who_took_back_a_verification_never_validates_the_project(stage: Scene) -> None:
    """Order 31 of 2023, Art. 18: not both, whatever became of the opinion."""
    verified(stage)
    stage.do("vvb2", "report.withdraw", TAKEN_BACK, "a", "b")
    stage.do("vvb1", "validation.withdraw", {"project": "P1", "reason": "r"}, "a", "b")
    code = stage.refused("vvb2", "project.validate", validation(), "a", "b")
    assert code == "verifier-validates"


def test_until_a_ledger_goes_on_a_report_without_credits_is_withdrawn_for_ever(
    home: Path, vacant_database_url: str
) -> None:
    with scene(home, vacant_database_url, OPINION_ANEW - 1) as stage:
        verified(stage)
        stage.do("vvb2", "report.withdraw", TAKEN_BACK, "a", "b")
        assert report(stage)["state"] == "withdrawn"
        again = MonitoringReport(report="R2", report_sha256="c" * 64)
        assert stage.refused("owner", "report.submit", again, "a") == "period-overlaps"


@pytest.mark.parametrize("taken_up", [False, True])
def test_a_project_that_ends_sends_back_what_was_applied_upon_its_reports(
    stage: Scene, taken_up: bool
) -> None:
    verified(stage)
    name = apply(stage)
    if taken_up:
        stage.do("registrar", "application.accept", {"application": name}, OFFICERS[0])
    stage.do("registrar", "project.deregister", ENDED, *OFFICERS)
    row = application(stage)
    assert (row["state"], row["reasons"]) == ("returned", "注销1号")
    code = stage.refused("registrar", "application.accept", {"application": name}, OFFICERS[0])
    assert code == "project-not-registered"


def test_until_a_ledger_goes_on_the_application_stays_and_is_refused_once_it_has(
    home: Path, vacant_database_url: str
) -> None:
    with scene(home, vacant_database_url, ENDED_WITH_PROJECT - 1) as stage:
        verified(stage)
        name = apply(stage)
        stage.do("registrar", "project.deregister", ENDED, *OFFICERS)
        assert application(stage)["state"] == "applied"
        body = {"version": ENDED_WITH_PROJECT, "release": "4.0", "document": "d"}
        stage.do("regulator", "engine.activate", body, *REGULATOR)
        code = stage.refused("registrar", "application.accept", {"application": name}, OFFICERS[0])
        assert code == "project-not-registered"


def test_what_was_taken_back_is_not_commented_upon_any_more(stage: Scene) -> None:
    stage.cast()
    stage.do("owner", "project.submit", ProjectDesign(), "a")
    notice = stage.do("owner", "notice.open", {"subject": "project", "name": "P1"}, "a")
    comment = {"notice": notice, "text": "地块重叠"}
    stage.do("buyer", "notice.comment", comment, "a")
    back = {"subject": "project", "name": "P1", "reason": "放弃"}
    stage.do("owner", "submission.withdraw", back, "a", "b")
    assert stage.refused("buyer", "notice.comment", comment, "a") == "notice-ended"


def test_a_suspended_project_may_have_its_first_notice(stage: Scene) -> None:
    """Where the lifecycle is required since, no validation would be possible without one."""
    verified(stage)
    stage.do("vvb1", "validation.withdraw", {"project": "P1", "reason": "r"}, "a", "b")
    stage.do("owner", "notice.open", {"subject": "project", "name": "P1"}, "a")
