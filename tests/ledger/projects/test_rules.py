"""The dated rules of what may be submitted, and that none of them reaches back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.projects import rules
from ledger.projects.opinion_models import opinion_paper_table
from ledger.projects.steps_models import comment_table
from ledger.writer.versions import PAPERS_ONCE
from portal.config import at_home
from portal.home import opening
from tests.factories.market import REGULATOR
from tests.factories.scene import (
    HOUR_MS,
    OFFICERS,
    ORIGIN,
    MonitoringReport,
    ProjectDesign,
    Scene,
    SteppingClock,
    paper,
    scene,
    validation,
)
from tests.factories.scene import verification as opinion_of

DAY_MS = 24 * HOUR_MS
OPINION = validation()
NEW = {*rules.SWITCHES, *rules.METHODOLOGIES_OF}


@pytest.fixture
def older(home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """A ledger whose genesis states none of these rules."""
    kept = [row for row in opening.seed_parameters() if row["code"] not in NEW]
    monkeypatch.setattr(opening, "seed_parameters", lambda: kept)
    settings, clock = at_home(home, database_url), SteppingClock()
    opened = Scene(opening.init_ledger(settings, ORIGIN, clock, os.urandom), clock, settings.keys)
    with closing(opened):
        opened.cast()
        yield opened


def rule(stage: Scene, code: str, value: str) -> dict[str, Any]:
    entry = {"code": code, "valid_from": "2026-01-01", "value": value, "unit": "0/1"}
    return {**entry, "source": "test", "confidence": "low"}


def registered(stage: Scene) -> None:
    stage.do("owner", "project.submit", ProjectDesign(), "a")
    stage.do("vvb1", "project.validate", OPINION, "a", "b")
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)


def test_a_period_is_reported_when_it_is_over(stage: Scene) -> None:
    stage.cast()
    registered(stage)  # it is 1 January 2026 in Shanghai
    body = MonitoringReport(start="2025-01-01", end="2026-01-02")
    reply = stage.say("owner", "report.submit", body, "a")
    assert reply.answer == {
        "result": "refused",
        "code": "period-not-over",
        "params": {"field": "end", "end": "2026-01-02", "today": "2026-01-01"},
    }
    stage.clock.time += 16 * HOUR_MS - 1  # the last millisecond of the day
    assert stage.refused("owner", "report.submit", body, "a") == "period-not-over"
    stage.clock.time += 1
    stage.do("owner", "report.submit", body, "a")


def test_what_was_reported_too_early_is_not_verified_nor_issued_before_its_end(
    older: Scene,
) -> None:
    registered(older)
    future = MonitoringReport(start="2025-01-01", end="2027-12-31")
    older.do("owner", "report.submit", future, "a")
    ahead = opinion_of(900, year=2027)
    older.do("regulator", "parameter.set", rule(older, rules.PERIOD_OVER, "1"), *REGULATOR)
    assert older.refused("vvb2", "report.verify", ahead, "a", "b") == "period-not-over"
    older.clock.time += 730 * DAY_MS  # 1 January 2028
    older.do("vvb2", "report.verify", ahead, "a", "b")


def test_no_future_report_becomes_credits_though_it_was_verified(older: Scene) -> None:
    registered(older)
    older.do("owner", "report.submit", MonitoringReport(start="2025-01-01", end="2027-12-31"), "a")
    older.do("vvb2", "report.verify", opinion_of(900, year=2027), "a", "b")
    older.do("regulator", "parameter.set", rule(older, rules.PERIOD_OVER, "1"), *REGULATOR)
    body = {"report": "R1", "quantity": 900, "document": "d"}
    refused = older.refused("registrar", "reduction.register", body, *OFFICERS)
    assert refused == "period-not-over"


def test_nor_though_it_was_registered(older: Scene) -> None:
    registered(older)
    older.do("owner", "report.submit", MonitoringReport(start="2025-01-01", end="2027-12-31"), "a")
    older.do("vvb2", "report.verify", opinion_of(900, year=2027), "a", "b")
    body = {"report": "R1", "quantity": 900, "document": "d"}
    older.do("registrar", "reduction.register", body, *OFFICERS)
    older.do("regulator", "parameter.set", rule(older, rules.PERIOD_OVER, "1"), *REGULATOR)
    issuance = {"report": "R1", "quantity": 900}
    assert older.refused("registrar", "credit.issue", issuance, *OFFICERS) == "period-not-over"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"region": "999999"}, "region-unknown", "region"),
        ({"region": "330103"}, "region-not-in-force", "region"),  # until the merger of 2021
        ({"methodology": "NOPE"}, "methodology-not-for-class", "methodology"),
        ({"methodology": "VM0007"}, "methodology-not-for-class", "methodology"),  # foreign
        ({"methodology": "ZJ-AC-DESIGN-PROPOSAL"}, "methodology-not-for-class", "methodology"),
        ({"credit_class": "ZJ_AC"}, "methodology-not-for-class", "methodology"),
    ],
)
def test_region_and_methodology_are_looked_up(
    stage: Scene, changes: dict[str, str], code: str, field: str
) -> None:
    stage.cast()
    reply = stage.say("owner", "project.submit", ProjectDesign(**changes), "a")
    assert (reply.answer["code"], reply.answer["params"]["field"]) == (code, field)


def test_the_regulator_states_another_list_from_a_day_on(stage: Scene) -> None:
    stage.cast()
    body = ProjectDesign(methodology="CCER-14-009-V01")
    refused = stage.say("owner", "project.submit", body, "a")
    allowed = refused.answer["params"]["allowed"]
    assert allowed == ["CCER-14-001-V01", "CCER-14-002-V01"]
    wider = rule(stage, "methodologies.ZJ_FS", "CCER-14-001-V01 CCER-14-009-V01")
    stage.do("regulator", "parameter.set", wider, *REGULATOR)
    stage.do("owner", "project.submit", body, "a")


@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        ("2021-01-01", 20, "2040-12-31"),
        ("2024-02-29", 10, "2034-02-28"),  # no such day in 2034: the anniversary is 1 March
        ("2024-02-29", 4, "2028-02-28"),
        ("2021-03-01", 1, "2022-02-28"),
        ("2021-01-01", 999, "3019-12-31"),
        ("9500-01-01", 999, "9999-12-31"),
    ],
)
def test_a_period_ends_the_day_before_its_anniversary(start: str, years: int, last: str) -> None:
    assert rules.last_day(date.fromisoformat(start), years).isoformat() == last


def test_no_project_is_credited_longer_than_its_methodology_allows(stage: Scene) -> None:
    stage.cast()
    of = {"credit_class": "ZJ_VER", "methodology": "CCER-01-001-V01"}  # wind: ten years
    body = ProjectDesign(**of, crediting_end="2031-01-01")
    reply = stage.say("owner", "project.submit", body, "a")
    told = {"field": "crediting_end", "years": 10, "latest": "2030-12-31"}
    assert reply.answer == {"result": "refused", "code": "crediting-too-long", "params": told}
    stage.do("owner", "project.submit", {**body, "crediting_end": "2030-12-31"}, "a")
    other = ProjectDesign(**{**of, "methodology": "CCER-10-001-V01"}, project="P2", site="q")
    stage.do("owner", "project.submit", other, "a")  # of which no length is stated


def test_another_length_holds_from_the_day_on_which_it_is_stated(stage: Scene) -> None:
    stage.cast()
    shorter = rule(stage, "crediting-years-max.CCER-14-001-V01", "20")
    stage.do("regulator", "parameter.set", shorter, *REGULATOR)
    assert stage.refused("owner", "project.submit", ProjectDesign(), "a") == "crediting-too-long"
    stage.do("owner", "project.submit", ProjectDesign(crediting_end="2040-12-31"), "a")


def test_one_paper_stands_behind_one_project_or_report(stage: Scene) -> None:
    stage.cast()
    for project in ("P1", "P2"):
        stage.do("owner", "project.submit", ProjectDesign(project=project), "a")
    stage.do("vvb1", "project.validate", validation("P1"), "a", "b")
    again = {**validation("P2"), "report_sha256": paper("P1")}
    reply = stage.say("vvb1", "project.validate", again, "a", "b")
    assert reply.answer["code"] == "opinion-paper-used"
    told = reply.answer["params"]
    assert (told["field"], told["subject"], told["name"]) == ("report_sha256", "project", "P1")
    decision = {"project": "P1", "document": "d"}
    stage.do("registrar", "project.register", decision, *OFFICERS)
    stage.do("owner", "report.submit", MonitoringReport(), "a")
    same = {**opinion_of(900), "report_sha256": paper("P1")}
    assert stage.refused("vvb2", "report.verify", same, "a", "b") == "opinion-paper-used"
    stage.do("vvb2", "report.verify", opinion_of(900), "a", "b")


def test_a_negative_opinion_keeps_its_paper_too(stage: Scene) -> None:
    stage.cast()
    for project in ("P1", "P2"):
        stage.do("owner", "project.submit", ProjectDesign(project=project), "a")
    negative = {**validation("P1"), "opinion": "negative"}
    stage.do("vvb1", "project.validate", negative, "a", "b")
    again = {**validation("P2"), "report_sha256": paper("P1")}
    assert stage.refused("vvb1", "project.validate", again, "a", "b") == "opinion-paper-used"


def test_an_older_log_keeps_no_papers(home: Path) -> None:
    with scene(home, None, PAPERS_ONCE - 1) as stage:
        stage.cast()
        for project in ("P1", "P2"):
            stage.do("owner", "project.submit", ProjectDesign(project=project), "a")
            same = {**validation(project), "report_sha256": paper("P1")}
            stage.do("vvb1", "project.validate", same, "a", "b")
        assert stage.rows(opinion_paper_table) == []


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("crediting-years-max.CCER-14-001-V01", "0"),
        ("crediting-years-max.CCER-14-001-V01", "10.5"),
        ("crediting-years-max.CCER-14-001-V01", "1000"),
        ("crediting-years-max.", "10"),
        ("methodologies.ZJ_FS", "A A"),
        ("methodologies.ZJ_FS", "A  B"),
        ("methodologies.CCER", "A"),
        ("methodologies.ZJ_FS", "方法学"),
        *((switch, "yes") for switch in sorted(rules.SWITCHES)),
    ],
)
def test_a_rule_that_nothing_could_read_is_refused(stage: Scene, code: str, value: str) -> None:
    body = rule(stage, code, value)
    assert stage.refused("regulator", "parameter.set", body, *REGULATOR) == "parameter-malformed"


def test_a_log_without_these_rules_is_decided_as_it_was(older: Scene) -> None:
    older.do("owner", "project.submit", ProjectDesign(methodology="NOPE", region="999999"), "a")
    again = ProjectDesign(project="P2", site="plot-P1")
    assert older.refused("owner", "project.submit", again, "a") == "site-claimed"
    older.do("buyer", "project.submit", again, "a")
    notice = older.do("owner", "notice.open", {"subject": "project", "name": "P1"}, "a")
    said = older.do("buyer", "notice.comment", {"notice": notice, "text": "重叠"}, "a")
    for body in ("vvb1", "vvb2"):
        older.do(body, "notice.answer", {"comment": said, "text": body}, "a", "b")
    (row,) = older.rows(comment_table)
    assert (row["answered_by"], row["answer"]) == ("vvb2", "vvb2")
    older.do(
        "registrar", "project.refuse", {"project": "P1", "document": "d", "reasons": "r"}, *OFFICERS
    )
    assert (
        older.refused("owner", "project.submit", again | {"project": "P3"}, "a") == "site-claimed"
    )
