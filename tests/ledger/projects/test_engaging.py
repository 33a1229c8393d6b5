"""Whom an owner engages, who answers a comment, and what is kept of each answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.projects.owner_models import engagement_table
from ledger.projects.queries import steps_of
from ledger.projects.steps_models import comment_table
from ledger.writer.kinds import Row
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
WITHDRAWAL = {"project": "P1", "reason": "r"}


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """A submitted design of a party that has two more verifiers beside it."""
    with scene(home, vacant_database_url) as opened:
        opened.cast()
        opened.do("owner", "project.submit", ProjectDesign(), "a")
        yield opened


def engage(stage: Scene, verifier: str, **about: str) -> None:
    stage.do("owner", "verifier.engage", {**NOTICE, **about, "verifier": verifier}, "a")


def commented(stage: Scene, **about: str) -> str:
    """A comment of the buyer on what the owner has published."""
    notice = stage.do("owner", "notice.open", {**NOTICE, **about}, "a")
    return stage.do("buyer", "notice.comment", {"notice": notice, "text": "地块重叠"}, "a")


def answers(stage: Scene, *reports: str) -> list[Row]:
    with stage.ledger.record.reading() as connection:
        found = steps_of(connection, "P1", list(reports), "2026-01-01")
    return [said for n in found["notices"] for c in n["comments"] for said in c["answers"]]


def registered(stage: Scene) -> None:
    stage.do("vvb1", "project.validate", OPINION, "a", "b")
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)


def test_nobody_answers_before_the_owner_has_engaged_a_body(stage: Scene) -> None:
    comment = commented(stage)
    said = {"comment": comment, "text": "已核对"}
    assert stage.refused("vvb1", "notice.answer", said, "a", "b") == "verifier-not-engaged"
    engage(stage, "vvb1")
    stage.do("vvb1", "notice.answer", said, "a", "b")


def test_another_body_overwrites_no_answer_and_gives_no_opinion(stage: Scene) -> None:
    comment = commented(stage)
    engage(stage, "vvb1")
    stage.clock.time += 29 * DAY_MS  # the notice ended on 29 January
    assert stage.refused("vvb1", "project.validate", OPINION, "a", "b") == "comment-unanswered"
    stage.do("vvb1", "notice.answer", {"comment": comment, "text": "已核对，无重叠"}, "a", "b")
    other = {"comment": comment, "text": "重叠"}
    assert stage.refused("vvb2", "notice.answer", other, "a", "b") == "verifier-not-engaged"
    assert stage.refused("vvb2", "project.validate", OPINION, "a", "b") == "verifier-not-engaged"
    stage.do("vvb1", "project.validate", OPINION, "a", "b")
    assert [said["text"] for said in answers(stage)] == ["已核对，无重叠"]
    (row,) = stage.rows(comment_table)
    assert (row["answered_by"], row["answer"]) == (None, None)


def test_each_answer_is_kept_with_its_author_day_and_entry(stage: Scene) -> None:
    comment = commented(stage)
    engage(stage, "vvb1")
    for text in ("已核对", "补充：边界图见附件"):
        stage.do("vvb1", "notice.answer", {"comment": comment, "text": text}, "a", "b")
    first, second = answers(stage)
    assert (first["text"], second["text"]) == ("已核对", "补充：边界图见附件")
    assert {(s["verifier"], s["verifier_name"], s["answered"]) for s in (first, second)} == {
        ("vvb1", "vvb1", "2026-01-01")
    }
    assert second["index"] == first["index"] + 1


def test_whoever_takes_the_place_of_another_answers_for_itself(stage: Scene) -> None:
    comment = commented(stage)
    engage(stage, "vvb1")
    stage.do("vvb1", "notice.answer", {"comment": comment, "text": "一"}, "a", "b")
    engage(stage, "vvb2")
    stage.clock.time += 29 * DAY_MS
    assert stage.refused("vvb2", "project.validate", OPINION, "a", "b") == "comment-unanswered"
    stage.do("vvb2", "notice.answer", {"comment": comment, "text": "二"}, "a", "b")
    stage.do("vvb2", "project.validate", OPINION, "a", "b")
    assert [(s["verifier"], s["text"]) for s in answers(stage)] == [("vvb1", "一"), ("vvb2", "二")]


def test_a_body_is_engaged_for_what_waits_for_an_opinion(stage: Scene) -> None:
    body = {**NOTICE, "verifier": "vvb1"}
    assert stage.refused("buyer", "verifier.engage", body, "a") == "owner-differs"
    for party, code in (("buyer", "not-a-verifier"), ("nobody", "party-unknown")):
        refused = stage.refused("owner", "verifier.engage", {**body, "verifier": party}, "a")
        assert refused == code
    stage.do("vvb1", "project.validate", OPINION, "a", "b")
    assert stage.refused("owner", "verifier.engage", body, "a") == "project-state"


def test_whoever_validated_is_not_engaged_to_verify_nor_the_other_way_round(stage: Scene) -> None:
    registered(stage)
    stage.do("owner", "report.submit", MonitoringReport(), "a")
    body = {"subject": "report", "name": "R1", "verifier": "vvb1"}
    assert stage.refused("owner", "verifier.engage", body, "a") == "validator-verifies"
    engage(stage, "vvb2", subject="report", name="R1")
    stage.do("vvb2", "report.verify", verification(900), "a", "b")
    stage.do("vvb1", "validation.withdraw", WITHDRAWAL, "a", "b")
    anew = {**NOTICE, "verifier": "vvb2"}
    assert stage.refused("owner", "verifier.engage", anew, "a") == "verifier-validates"
    engage(stage, "vvb1")
    assert {row["verifier"] for row in stage.rows(engagement_table)} == {"vvb1", "vvb2"}


def test_the_body_engaged_for_a_report_answers_and_verifies(stage: Scene) -> None:
    registered(stage)
    stage.do("owner", "report.submit", MonitoringReport(), "a")
    stage.admit("vvb3", "verifier", 7)
    about = {"subject": "report", "name": "R1"}
    comment = commented(stage, **about)
    engage(stage, "vvb2", **about)
    said = {"comment": comment, "text": "已核对"}
    for body in ("vvb1", "vvb3"):
        assert stage.refused(body, "notice.answer", said, "a", "b") == "verifier-not-engaged"
    stage.do("vvb2", "notice.answer", said, "a", "b")
    stage.clock.time += 40 * DAY_MS
    refused = stage.refused("vvb3", "report.verify", verification(900), "a", "b")
    assert refused == "verifier-not-engaged"
    stage.do("vvb2", "report.verify", verification(900), "a", "b")
    assert [(s["verifier"], s["text"]) for s in answers(stage, "R1")] == [("vvb2", "已核对")]
