"""Notices, comments, applications: what must be over before an opinion and a decision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.projects.steps_models import (
    APPLICATION_MOVES,
    ApplicationState,
    application_table,
    notice_table,
)
from tests.factories.people import require_lifecycle
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

DAY_MS = 24 * HOUR_MS
NOTICE = {"subject": "project", "name": "P1"}
OPINION = validation()
APPLICATION = {**NOTICE, "undertaking": "no-ccer"}


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """A submitted design; it is 1 January 2026, a holiday."""
    with scene(home, vacant_database_url) as opened:
        opened.cast()
        opened.do("owner", "project.submit", ProjectDesign(), "a")
        yield opened


def last_day(stage: Scene) -> str:
    (row,) = stage.rows(notice_table)
    return str(row["last"])


def application(stage: Scene, name: str) -> dict[str, Any]:
    return next(row for row in stage.rows(application_table) if row["application"] == name)


def validated(stage: Scene) -> None:
    stage.do("vvb1", "project.validate", OPINION, "a", "b")


def test_a_notice_runs_twenty_working_days_and_is_certain_where_the_year_is_known(
    stage: Scene,
) -> None:
    stage.do("owner", "notice.open", NOTICE, "a")
    (row,) = stage.rows(notice_table)
    # 1-3 January are holidays and Sunday 4 is made up: 4-9, 12-16, 19-23, 26-29 January
    assert (row["first"], row["last"], bool(row["certain"])) == ("2026-01-01", "2026-01-29", True)
    assert stage.refused("owner", "notice.open", NOTICE, "a") == "notice-exists"


def test_no_opinion_is_given_while_the_notice_runs(stage: Scene) -> None:
    stage.do("owner", "notice.open", NOTICE, "a")
    assert stage.refused("vvb1", "project.validate", OPINION, "a", "b") == "notice-runs"
    stage.clock.time += 29 * DAY_MS - 8 * HOUR_MS - 1  # the last millisecond of 29 January
    assert stage.refused("vvb1", "project.validate", OPINION, "a", "b") == "notice-runs"
    stage.clock.time += 1
    validated(stage)


def test_what_is_not_ones_own_or_too_late_is_not_published(stage: Scene) -> None:
    assert stage.refused("buyer", "notice.open", NOTICE, "a") == "owner-differs"
    unknown = {"subject": "project", "name": "P9"}
    assert stage.refused("owner", "notice.open", unknown, "a") == "project-unknown"
    validated(stage)
    assert stage.refused("owner", "notice.open", NOTICE, "a") == "notice-late"


def test_where_the_lifecycle_is_required_no_step_may_be_left_out(stage: Scene) -> None:
    require_lifecycle(stage)
    assert stage.refused("vvb1", "project.validate", OPINION, "a", "b") == "notice-missing"
    stage.do("owner", "notice.open", NOTICE, "a")
    stage.clock.time += 29 * DAY_MS
    validated(stage)
    decision = {"project": "P1", "document": "d"}
    missing = stage.refused("registrar", "project.register", decision, *OFFICERS)
    assert missing == "application-missing"
    name = stage.do("owner", "application.submit", APPLICATION, "a", "b")
    early = stage.refused("registrar", "project.register", decision, *OFFICERS)
    assert early == "application-state"
    stage.do("registrar", "application.accept", {"application": name}, OFFICERS[0])
    stage.do("registrar", "project.register", decision, *OFFICERS)
    assert application(stage, name)["state"] == "decided"


def test_a_decision_is_due_fifteen_working_days_after_the_application_was_taken_up(
    stage: Scene,
) -> None:
    validated(stage)
    name = stage.do("owner", "application.submit", APPLICATION, "a", "b")
    stage.do("registrar", "application.accept", {"application": name}, OFFICERS[0])
    # 4-9 January are six working days, 12-16 five more, 19-22 four
    assert application(stage, name)["decide_by"] == "2026-01-22"


def test_what_was_sent_back_is_applied_for_anew(stage: Scene) -> None:
    validated(stage)
    first = stage.do("owner", "application.submit", APPLICATION, "a", "b")
    assert stage.refused("owner", "application.submit", APPLICATION, "a", "b") == "application-open"
    back = {"application": first, "reasons": "缺少权属证明"}
    stage.do("registrar", "application.return", back, OFFICERS[0])
    second = stage.do("owner", "application.submit", APPLICATION, "a", "b")
    accept = {"application": first}
    assert (
        stage.refused("registrar", "application.accept", accept, OFFICERS[0]) == "application-state"
    )
    stage.do("registrar", "application.accept", {"application": second}, OFFICERS[0])


def test_a_provincial_project_undertakes_not_to_seek_ccer(stage: Scene) -> None:
    validated(stage)
    refused = stage.refused("owner", "application.submit", NOTICE, "a", "b")
    assert refused == "undertaking-missing"


def test_a_refusal_says_why_and_ends_the_application(stage: Scene) -> None:
    validated(stage)
    name = stage.do("owner", "application.submit", APPLICATION, "a", "b")
    stage.do("registrar", "application.accept", {"application": name}, OFFICERS[0])
    refusal = {"project": "P1", "document": "d", "reasons": "与既有项目重叠"}
    stage.do("registrar", "project.refuse", refusal, *OFFICERS)
    assert application(stage, name)["state"] == "decided"


def reported(stage: Scene) -> None:
    """A registered project and its submitted report."""
    validated(stage)
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)
    stage.do("owner", "report.submit", MonitoringReport(), "a")


def test_a_report_is_published_applied_for_and_refused_likewise(stage: Scene) -> None:
    reported(stage)
    notice = {"subject": "report", "name": "R1"}
    stage.do("owner", "notice.open", notice, "a")
    assert stage.refused("vvb2", "report.verify", verification(900), "a", "b") == "notice-runs"
    stage.clock.time += 40 * DAY_MS
    stage.do("vvb2", "report.verify", verification(900), "a", "b")
    stage.do("owner", "application.submit", notice, "a", "b")
    refusal = {"report": "R1", "document": "d", "reasons": "监测记录不全"}
    early = stage.refused("registrar", "reduction.refuse", refusal, *OFFICERS)
    assert early == "application-state"
    (row,) = stage.rows(application_table)
    accept = {"application": row["application"]}
    stage.do("registrar", "application.accept", accept, OFFICERS[0])
    stage.do("registrar", "reduction.refuse", refusal, *OFFICERS)
    again = {"report": "R1", "quantity": 900, "document": "d"}
    assert stage.refused("registrar", "reduction.register", again, *OFFICERS) == "report-state"


def test_one_report_is_not_submitted_under_two_names(stage: Scene) -> None:
    reported(stage)
    stage.do("owner", "project.submit", ProjectDesign(project="P2"), "a")
    stage.do("vvb1", "project.validate", validation("P2"), "a", "b")
    stage.do("registrar", "project.register", {"project": "P2", "document": "d"}, *OFFICERS)
    same = MonitoringReport(report_sha256=MonitoringReport()["report_sha256"], report="R2")
    body = {**same, "project": "P2"}
    assert stage.refused("owner", "report.submit", body, "a") == "report-claimed"


def test_reductions_are_generated_within_five_years_before_the_application(stage: Scene) -> None:
    validated(stage)
    stage.do("owner", "application.submit", APPLICATION, "a", "b")  # on 1 January 2026
    (row,) = stage.rows(application_table)
    accept = {"application": row["application"]}
    stage.do("registrar", "application.accept", accept, OFFICERS[0])
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)
    stage.clock.time += 300 * DAY_MS  # the application counts, not today
    stage.do("owner", "report.submit", MonitoringReport(start="2021-01-01", end="2021-12-31"), "a")


def test_older_reductions_are_refused(stage: Scene) -> None:
    body = ProjectDesign(
        project="P3", construction_start="2020-09-30", crediting_start="2020-10-01"
    )
    stage.do("owner", "project.submit", body, "a")
    stage.do("vvb1", "project.validate", {**OPINION, "project": "P3"}, "a", "b")
    stage.do("registrar", "project.register", {"project": "P3", "document": "d"}, *OFFICERS)
    old = MonitoringReport(project="P3", start="2020-12-31", end="2021-12-31")
    assert stage.refused("owner", "report.submit", old, "a") == "generated-too-long-ago"
    stage.do("owner", "report.submit", {**old, "start": "2021-01-01"}, "a")


def test_a_project_leaves_for_the_national_register_without_living_units(
    home: Path, vacant_database_url: str
) -> None:
    with scene(home, vacant_database_url) as stage:
        batch = stage.issue(900)
        move = {"project": "P1", "document": "d", "ccer_project": "CCER-1"}
        assert stage.refused("registrar", "project.move", move, *OFFICERS) == "units-alive"
        order = {"party": "owner", "batch": batch, "quantity": 900, "authority": "a"}
        stage.do("registrar", "credit.cancel", {**order, "document": "d"}, *OFFICERS)
        stage.do("registrar", "project.move", move, *OFFICERS)
        again = {"project": "P1", "document": "d"}
        assert stage.refused("registrar", "project.register", again, *OFFICERS) == "project-state"


ACTS = {
    "application.accept": (ApplicationState.ACCEPTED, {}),
    "application.return": (ApplicationState.RETURNED, {"reasons": "r"}),
}


@pytest.mark.parametrize("type", sorted(ACTS))
@pytest.mark.parametrize("before", list(ApplicationState))
def test_every_pair_of_states_of_an_application_is_walked(
    stage: Scene, before: ApplicationState, type: str
) -> None:
    validated(stage)
    name = stage.do("owner", "application.submit", APPLICATION, "a", "b")
    body = {"application": name}
    if before is ApplicationState.RETURNED:
        stage.do("registrar", "application.return", {**body, "reasons": "r"}, OFFICERS[0])
    elif before is not ApplicationState.APPLIED:
        stage.do("registrar", "application.accept", body, OFFICERS[0])
        if before is ApplicationState.DECIDED:
            decision = {"project": "P1", "document": "d"}
            stage.do("registrar", "project.register", decision, *OFFICERS)
    after, more = ACTS[type]
    reply = stage.say("registrar", type, {**body, **more}, OFFICERS[0])
    if after in APPLICATION_MOVES[before]:
        assert (reply.status, application(stage, name)["state"]) == ("accepted", after)
    else:
        assert (reply.status, reply.answer["code"]) == ("refused", "application-state")
