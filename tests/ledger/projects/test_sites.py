"""To whom a site is kept, from which step on, and what frees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.projects.models import project_table, report_table, spelling_table
from ledger.projects.owner_models import retraction_table
from ledger.projects.queries import neighbours
from ledger.projects.steps_models import application_table
from ledger.writer.versions import SITES_SPELLED
from tests.factories.audits import sealed
from tests.factories.people import REGULATORS
from tests.factories.scene import (
    OFFICERS,
    MonitoringReport,
    ProjectDesign,
    Scene,
    scene,
    validation,
    verification,
)

RETRACTION = {"subject": "project", "name": "P1", "reason": "重新编制设计文件"}
REFUSAL = {"document": "d", "reasons": "与既有项目重叠"}


def design(project: str, **more: Any) -> dict[str, Any]:
    return dict(ProjectDesign(project=project, site="plot", **more))


def submitted(stage: Scene, owner: str, project: str, **more: Any) -> None:
    stage.do(owner, "project.submit", design(project, **more), "a")


def applied(stage: Scene, owner: str, project: str) -> str:
    """Validate a project and apply for its registration; gives the application."""
    stage.do("vvb1", "project.validate", validation(project), "a", "b")
    asked = {"subject": "project", "name": project, "undertaking": "no-ccer"}
    return stage.do(owner, "application.submit", asked, "a", "b")


def accepted(stage: Scene, application: str) -> None:
    stage.do("registrar", "application.accept", {"application": application}, OFFICERS[0])


def registered(stage: Scene) -> None:
    """The owner's project P1 stands registered at the site."""
    submitted(stage, "owner", "P1")
    stage.do("vvb1", "project.validate", validation("P1"), "a", "b")
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)


def test_a_submission_keeps_nobody_else_from_a_site(stage: Scene) -> None:
    stage.cast()
    submitted(stage, "buyer", "SQUAT")
    submitted(stage, "owner", "P1")
    accepted(stage, applied(stage, "owner", "P1"))
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)


def test_an_owner_does_not_propose_the_same_twice(stage: Scene) -> None:
    stage.cast()
    submitted(stage, "owner", "P1")
    other = {"credit_class": "ZJ_VER", "methodology": "CCER-14-003-V01"}
    for more in ({}, other):
        body = design("P2", **more)
        assert stage.refused("owner", "project.submit", body, "a") == "site-claimed"


def test_of_two_that_wait_the_first_taken_up_has_the_site(stage: Scene) -> None:
    stage.cast()
    submitted(stage, "owner", "P1")
    submitted(stage, "buyer", "P2")
    first, second = applied(stage, "owner", "P1"), applied(stage, "buyer", "P2")
    accepted(stage, second)
    reply = stage.say("registrar", "application.accept", {"application": first}, OFFICERS[0])
    index = next(row["index"] for row in stage.rows(project_table) if row["project"] == "P2")
    assert reply.answer == {
        "result": "refused",
        "code": "site-claimed",
        "params": {"field": "site", "project": "P2", "state": "validated", "index": index},
    }
    back = {"application": second, "reasons": "缺少权属证明"}
    stage.do("registrar", "application.return", back, OFFICERS[0])
    accepted(stage, first)


def test_what_is_taken_up_or_registered_keeps_everybody_out_in_every_class(stage: Scene) -> None:
    stage.cast()
    submitted(stage, "owner", "P1")
    accepted(stage, applied(stage, "owner", "P1"))
    other = {"credit_class": "ZJ_VER", "methodology": "CCER-14-003-V01"}
    for _ in range(2):
        for more in ({}, other):
            refused = stage.refused("buyer", "project.submit", design("P2", **more), "a")
            assert refused == "site-claimed"
        row = next(r for r in stage.rows(project_table) if r["project"] == "P1")
        if row["state"] == "validated":
            decision = {"project": "P1", "document": "d"}
            stage.do("registrar", "project.register", decision, *OFFICERS)


def test_without_applications_registration_keeps_the_site(stage: Scene) -> None:
    stage.cast()
    submitted(stage, "buyer", "P2")
    stage.do("vvb1", "project.validate", validation("P2"), "a", "b")
    registered(stage)
    decision = {"project": "P2", "document": "d"}
    assert stage.refused("registrar", "project.register", decision, *OFFICERS) == "site-claimed"


def test_days_that_no_crediting_period_shares_are_free(stage: Scene) -> None:
    stage.cast()
    registered(stage)  # until 1 January 2041
    last = design("P2", crediting_start="2041-01-01", crediting_end="2050-01-01")
    assert stage.refused("buyer", "project.submit", last, "a") == "site-claimed"
    stage.do("buyer", "project.submit", {**last, "crediting_start": "2041-01-02"}, "a")


@pytest.mark.parametrize("end", ["validator", "registrar", "owner"])
def test_what_ended_before_registration_frees_the_site(stage: Scene, end: str) -> None:
    stage.cast()
    submitted(stage, "owner", "P1")
    if end == "validator":
        negative = {**validation("P1"), "opinion": "negative"}
        stage.do("vvb1", "project.validate", negative, "a", "b")
    else:
        accepted(stage, applied(stage, "owner", "P1"))
        if end == "registrar":
            stage.do("registrar", "project.refuse", {"project": "P1", **REFUSAL}, *OFFICERS)
        else:
            stage.do("owner", "submission.withdraw", RETRACTION, "a", "b")
    submitted(stage, "owner", "P2")
    submitted(stage, "buyer", "P3")
    accepted(stage, applied(stage, "buyer", "P3"))


def test_a_deregistered_project_without_units_frees_the_site_for_others_alone(stage: Scene) -> None:
    stage.cast()
    registered(stage)
    stage.do("registrar", "project.deregister", {"project": "P1", "document": "d"}, *OFFICERS)
    later = {"crediting_start": "2042-01-01", "crediting_end": "2050-01-01"}
    for more in ({}, later):
        body = design("P2", **more)
        assert stage.refused("owner", "project.submit", body, "a") == "site-claimed"
    submitted(stage, "buyer", "P2")


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_deregistered_project_with_units_keeps_its_site_for_its_crediting_period(
    stage: Scene, withdrawn: bool
) -> None:
    stage.issue(900)
    if withdrawn:
        stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "失实"}, "a", "b")
    stage.do("registrar", "project.deregister", {"project": "P1", "document": "d"}, *OFFICERS)
    site = {"site": "plot-P1"}
    other = {"credit_class": "ZJ_VER", "methodology": "CCER-14-003-V01"}
    for more in ({}, other):
        body = ProjectDesign(project="P2", **site, **more)
        assert stage.refused("buyer", "project.submit", body, "a") == "site-claimed"
    later = {"crediting_start": "2041-01-02", "crediting_end": "2050-01-01"}
    stage.do("buyer", "project.submit", ProjectDesign(project="P2", **site, **later), "a")


def test_an_owner_takes_back_its_own_and_what_is_not_registered(stage: Scene) -> None:
    stage.cast()
    submitted(stage, "owner", "P1")
    application = applied(stage, "owner", "P1")
    foreign = stage.refused("buyer", "submission.withdraw", RETRACTION, "a", "b")
    assert foreign == "owner-differs"
    assert stage.refused("owner", "submission.withdraw", RETRACTION, "a") == "four-eyes"
    unknown = {**RETRACTION, "name": "P9"}
    assert stage.refused("owner", "submission.withdraw", unknown, "a", "b") == "project-unknown"
    stage.do("owner", "submission.withdraw", RETRACTION, "a", "b")
    (row,) = stage.rows(project_table)
    (noted,) = stage.rows(retraction_table)
    (ended,) = stage.rows(application_table)
    assert (row["state"], noted["reason"]) == ("retracted", RETRACTION["reason"])
    assert (ended["application"], ended["state"]) == (application, "returned")
    assert stage.refused("owner", "project.submit", design("P1"), "a") == "project-exists"


REPORT = {"subject": "report", "name": "R1", "reason": "数据须复核"}


def test_a_report_taken_back_frees_its_period_and_its_paper(stage: Scene) -> None:
    stage.cast()
    registered(stage)
    stage.do("owner", "report.submit", MonitoringReport(), "a")
    stage.do("vvb2", "report.verify", verification(900), "a", "b")
    stage.do("owner", "submission.withdraw", REPORT, "a", "b")
    assert stage.rows(report_table)[0]["state"] == "retracted"
    body = {"report": "R1", "quantity": 900, "document": "d"}
    refused = stage.refused("registrar", "reduction.register", body, *OFFICERS)
    assert refused == "report-state"
    again = {**MonitoringReport(), "report": "R2"}  # the same paper
    stage.do("owner", "report.submit", again, "a")


def test_registered_reductions_are_not_taken_back(stage: Scene) -> None:
    stage.issue(900)
    assert stage.refused("owner", "submission.withdraw", REPORT, "a", "b") == "report-state"
    assert stage.refused("owner", "submission.withdraw", RETRACTION, "a", "b") == "project-state"


WRITTEN, OTHERWISE = "余杭区 Plot 12（东）", "余杭区　ｐｌｏｔ  12(东)"
APART = "余杭区 Plot 12（西）"


def at(project: str, site: str) -> dict[str, Any]:
    return dict(ProjectDesign(project=project, site=site))


def test_a_site_that_is_spelled_otherwise_is_the_same_site(stage: Scene) -> None:
    stage.cast()
    stage.do("owner", "project.submit", at("P1", WRITTEN), "a")
    accepted(stage, applied(stage, "owner", "P1"))
    index = stage.rows(project_table)[0]["index"]
    for party in ("owner", "buyer"):
        reply = stage.say(party, "project.submit", at("P2", OTHERWISE), "a")
        params = {"field": "site", "project": "P1", "state": "validated", "index": index}
        assert reply.answer == {"result": "refused", "code": "site-claimed", "params": params}
    stage.do("buyer", "project.submit", at("P2", APART), "a")
    assert [(row["project"], row["form"]) for row in stage.rows(spelling_table)] == [
        ("P1", "余杭区PLOT 12(东)"),
        ("P2", "余杭区PLOT 12(西)"),
    ]
    assert stage.rows(project_table)[0]["site"] == WRITTEN  # shown as its owner wrote it
    for supervisor in (True, False):
        sealed(stage, supervisor=supervisor)  # an audit finds the same again


def test_of_two_spellings_that_wait_the_first_taken_up_has_the_site(stage: Scene) -> None:
    stage.cast()
    stage.do("owner", "project.submit", at("P1", WRITTEN), "a")
    stage.do("buyer", "project.submit", at("P2", OTHERWISE), "a")
    with stage.ledger.record.reading() as connection:
        assert [row["project"] for row in neighbours(connection, "P1", WRITTEN)] == ["P2"]
    first, second = applied(stage, "owner", "P1"), applied(stage, "buyer", "P2")
    accepted(stage, second)
    taken = {"application": first}
    assert stage.refused("registrar", "application.accept", taken, OFFICERS[0]) == "site-claimed"


def test_spellings_are_compared_from_the_version_on_that_compares_them(
    home: Path, vacant_database_url: str
) -> None:
    """Before it two spellings are two sites; a project is found by its form from its next step."""
    with scene(home, vacant_database_url, SITES_SPELLED - 1) as stage:
        stage.cast()
        stage.do("owner", "project.submit", at("P1", WRITTEN), "a")
        accepted(stage, applied(stage, "owner", "P1"))
        stage.do("buyer", "project.submit", at("P2", OTHERWISE), "a")
        accepted(stage, applied(stage, "buyer", "P2"))
        short = {"site": "PLOT 7", "crediting_end": "2030-12-31"}
        stage.do("owner", "project.submit", {**at("P5", ""), **short}, "a")
        assert stage.rows(spelling_table) == []
        activation = {"version": SITES_SPELLED, "release": "3.0", "document": "d"}
        stage.do("regulator", "engine.activate", activation, *REGULATORS)
        # nothing was done with either since: a site is found by its very text, or where that is
        # the form of it
        other = {**at("P6", "plot  7"), "crediting_end": "2030-12-31"}
        assert stage.refused("owner", "project.submit", other, "a") == "site-claimed"
        stage.do("buyer", "project.submit", at("P3", "余杭区plot 12 (东)"), "a")
        stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)
        refused = stage.refused("owner", "project.submit", at("P4", OTHERWISE), "a")
        assert refused == "site-claimed"
        assert sealed(stage, supervisor=True) == 0
