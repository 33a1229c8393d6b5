"""What waits without a day stands on the board of whose turn it is, until it is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from incentives.models import rule_table
from ledger.parties.parameters import business_date
from ledger.projects.steps_models import application_table
from portal.app import create_app
from portal.desk.deadlines import board
from tests.factories.claims import agree, pledge, pledge_body
from tests.factories.facts import FINANCE, REGULATOR
from tests.factories.market import BANK
from tests.factories.people import require_lifecycle
from tests.factories.policy import define_discharge, rule_body
from tests.factories.readers import sign_in
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

pytestmark = pytest.mark.database
DAY_MS = 24 * HOUR_MS
PROJECT = {"subject": "project", "name": "P1"}
OPINION = validation()


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    with scene(home, vacant_database_url) as opened:
        yield opened


@pytest.fixture
def designed(stage: Scene) -> Scene:
    """A submitted design P1."""
    stage.cast()
    stage.do("owner", "project.submit", ProjectDesign(), "a")
    return stage


def waiting(stage: Scene, party: str) -> list[tuple[str, str]]:
    """Kind and name of what waits for a party without a day."""
    today = business_date(stage.clock.now())
    with stage.ledger.record.reading() as connection:
        found = board(connection, party, today, [party])
    undated = [row for row in found if row["last"] is None]
    assert found[len(found) - len(undated) :] == undated  # they stand at the end
    assert not any(row["overdue"] for row in undated)
    return [(row["kind"], row["name"]) for row in undated]


def dated(stage: Scene, party: str) -> list[tuple[str, str]]:
    """Kind and last day of what has one, but for the body's own approval."""
    today = business_date(stage.clock.now())
    with stage.ledger.record.reading() as connection:
        found = board(connection, party, today, [party])
    mine = [row for row in found if row["kind"] != "approval-end"]
    return [(row["kind"], row["last"]) for row in mine if row["last"] is not None]


def test_an_engaged_body_has_the_opinion_and_the_comments_that_wait_for_it(
    designed: Scene,
) -> None:
    stage = designed
    notice = stage.do("owner", "notice.open", PROJECT, "a")
    comment = stage.do("buyer", "notice.comment", {"notice": notice, "text": "地块重叠"}, "a")
    assert waiting(stage, "owner") == [("engagement", "P1"), ("comment", comment)]
    assert waiting(stage, "vvb1") == []
    stage.do("owner", "verifier.engage", {**PROJECT, "verifier": "vvb1"}, "a")
    assert waiting(stage, "vvb1") == [("comment", comment)]  # its notice runs
    assert dated(stage, "vvb1") == dated(stage, "owner") == [("notice-end", "2026-01-29")]
    assert waiting(stage, "vvb2") == []
    stage.do("vvb1", "notice.answer", {"comment": comment, "text": "已核对"}, "a", "b")
    assert waiting(stage, "vvb1") == waiting(stage, "owner") == []
    stage.do("owner", "verifier.engage", {**PROJECT, "verifier": "vvb2"}, "a")
    assert waiting(stage, "vvb1") == []  # its answer stands; the new body gives one of its own
    assert waiting(stage, "vvb2") == [("comment", comment)]
    stage.clock.time += 29 * DAY_MS
    assert waiting(stage, "vvb2") == [("comment", comment), ("opinion", "P1")]
    assert dated(stage, "vvb2") == []
    stage.do("vvb2", "notice.answer", {"comment": comment, "text": "无重叠"}, "a", "b")
    stage.do("vvb2", "project.validate", OPINION, "a", "b")
    assert waiting(stage, "vvb2") == []
    assert waiting(stage, "owner") == [("application", "P1")]


def test_an_application_waits_for_the_registrar_and_sent_back_for_its_owner(
    designed: Scene,
) -> None:
    stage = designed
    stage.do("vvb1", "project.validate", OPINION, "a", "b")
    assert waiting(stage, "owner") == [("application", "P1")]
    assert waiting(stage, "registrar") == []
    asked = {**PROJECT, "undertaking": "no-ccer"}
    first = stage.do("owner", "application.submit", asked, "a", "b")
    assert waiting(stage, "registrar") == waiting(stage, "owner") == [("acceptance", first)]
    back = {"application": first, "reasons": "缺地块权属证明"}
    stage.do("registrar", "application.return", back, OFFICERS[0])
    assert waiting(stage, "registrar") == []
    assert waiting(stage, "owner") == [("supplement", first)]
    second = stage.do("owner", "application.submit", asked, "a", "b")
    assert waiting(stage, "owner") == [("acceptance", second)]
    stage.do("registrar", "application.accept", {"application": second}, OFFICERS[0])
    assert waiting(stage, "owner") == waiting(stage, "registrar") == []  # now it has a day


def test_what_an_owner_left_under_way_waits_for_its_successor(designed: Scene) -> None:
    stage = designed
    notice = stage.do("owner", "notice.open", PROJECT, "a")
    comment = stage.do("buyer", "notice.comment", {"notice": notice, "text": "地块重叠"}, "a")
    stage.admit("heir", "enterprise", 8)
    body = {"project": "P1", "successor": "heir", "ground": "merger", "document": "d"}
    stage.do("registrar", "project.succeed", body, *OFFICERS)
    assert waiting(stage, "owner") == dated(stage, "owner") == []
    assert waiting(stage, "heir") == [("engagement", "P1"), ("comment", comment)]
    assert [kind for kind, _ in dated(stage, "heir")] == ["notice-end"]
    stage.do("heir", "verifier.engage", {**PROJECT, "verifier": "vvb1"}, "a")
    stage.do("vvb1", "notice.answer", {"comment": comment, "text": "已核对"}, "a", "b")
    stage.clock.time += 29 * DAY_MS
    stage.do("vvb1", "project.validate", OPINION, "a", "b")
    asked = {**PROJECT, "undertaking": "no-ccer"}
    first = stage.do("heir", "application.submit", asked, "a", "b")
    other = {**body, "successor": "buyer", "ground": "division"}
    stage.do("registrar", "project.succeed", other, *OFFICERS)
    assert waiting(stage, "heir") == []
    assert waiting(stage, "registrar") == waiting(stage, "buyer") == [("acceptance", first)]
    back = {"application": first, "reasons": "缺地块权属证明"}
    stage.do("registrar", "application.return", back, OFFICERS[0])
    assert [kind for kind, _ in waiting(stage, "buyer")] == ["supplement"]


def test_where_it_is_required_the_owner_opens_the_notice_before_it_is_a_bodys_turn(
    designed: Scene,
) -> None:
    stage = designed
    stage.do("owner", "verifier.engage", {**PROJECT, "verifier": "vvb1"}, "a")
    assert waiting(stage, "vvb1") == [("opinion", "P1")]
    require_lifecycle(stage)
    assert waiting(stage, "vvb1") == []
    assert waiting(stage, "owner") == [("notice", "P1")]
    stage.do("owner", "notice.open", PROJECT, "a")
    assert waiting(stage, "vvb1") == waiting(stage, "owner") == []
    stage.clock.time += 29 * DAY_MS
    assert waiting(stage, "vvb1") == waiting(stage, "owner") == [("opinion", "P1")]
    stage.do("vvb1", "project.validate", OPINION, "a", "b")


def test_what_was_taken_back_has_no_notice_that_runs(designed: Scene) -> None:
    stage = designed
    stage.do("owner", "notice.open", PROJECT, "a")
    assert dated(stage, "owner") == [("notice-end", "2026-01-29")]
    stage.do("owner", "submission.withdraw", {**PROJECT, "reason": "放弃"}, "a", "b")
    assert dated(stage, "owner") == waiting(stage, "owner") == []


REPORT = {"subject": "report", "name": "R1"}
ENDS = {
    "suspended": ("vvb1", "validation.withdraw", {"project": "P1", "reason": "r"}, ("a", "b")),
    "over": ("registrar", "project.deregister", {"project": "P1", "document": "d"}, OFFICERS),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("steps", range(5))
def test_nothing_waits_of_a_report_whose_project_goes_no_further(
    designed: Scene, end: str, steps: int
) -> None:
    """Engaged, verified, applied for, registered; with the project the next step is gone."""
    stage = designed
    stage.do("vvb1", "project.validate", OPINION, "a", "b")
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)
    stage.do("owner", "report.submit", MonitoringReport(claimed=900), "a")
    registered = {"report": "R1", "quantity": 900, "document": "d"}
    for _, act in zip(
        range(steps),
        (
            lambda: stage.do("owner", "verifier.engage", {**REPORT, "verifier": "vvb2"}, "a"),
            lambda: stage.do("vvb2", "report.verify", verification(900), "a", "b"),
            lambda: stage.do("owner", "application.submit", REPORT, "a", "b"),
            lambda: taken_up(stage, registered),
        ),
        strict=False,
    ):
        act()
    assert len(waiting(stage, "owner")) == 1
    party, type, body, signers = ENDS[end]
    stage.do(party, type, body, *signers)
    left = {"suspended": [("engagement", "P1")], "over": []}[end]
    assert waiting(stage, "owner") == left
    assert waiting(stage, "registrar") == waiting(stage, "vvb2") == []
    assert dated(stage, "owner") == dated(stage, "registrar") == []


def taken_up(stage: Scene, registered: dict[str, object]) -> None:
    (row,) = stage.rows(application_table)
    stage.do("registrar", "application.accept", {"application": row["application"]}, OFFICERS[0])
    assert dated(stage, "registrar") == [("decision", "2026-01-22")]
    stage.do("registrar", "reduction.register", registered, *OFFICERS)


def test_each_row_says_whose_turn_it_is(designed: Scene) -> None:
    stage = designed
    assert turns(stage, "owner") == {"engagement": {"party": "owner"}}
    stage.do("owner", "verifier.engage", {**PROJECT, "verifier": "vvb1"}, "a")
    assert turns(stage, "owner") == turns(stage, "vvb1") == {"opinion": {"party": "vvb1"}}
    stage.do("vvb1", "project.validate", OPINION, "a", "b")
    asked = {**PROJECT, "undertaking": "no-ccer"}
    name = stage.do("owner", "application.submit", asked, "a", "b")
    assert turns(stage, "owner") == {"acceptance": {"role": "registrar"}}
    back = {"application": name, "reasons": "缺地块权属证明"}
    stage.do("registrar", "application.return", back, OFFICERS[0])
    assert turns(stage, "owner") == {"supplement": {"party": "owner"}}
    with stage.ledger.record.reading() as connection:
        (row,) = board(connection, "owner", business_date(stage.clock.now()))
    assert row["about"]["reasons"] == "缺地块权属证明"


def test_what_runs_out_by_itself_is_nobodys_turn(designed: Scene) -> None:
    designed.do("owner", "notice.open", PROJECT, "a")
    assert turns(designed, "owner")["notice-end"] is None


def turns(stage: Scene, party: str) -> dict[str, object]:
    with stage.ledger.record.reading() as connection:
        found = board(connection, party, business_date(stage.clock.now()), [party])
    return {row["kind"]: row["turn"] for row in found if row["kind"] != "approval-end"}


def test_what_was_taken_back_needs_no_supplement(designed: Scene) -> None:
    stage = designed
    stage.do("vvb1", "project.validate", OPINION, "a", "b")
    asked = {**PROJECT, "undertaking": "no-ccer"}
    name = stage.do("owner", "application.submit", asked, "a", "b")
    stage.do("registrar", "application.return", {"application": name, "reasons": "r"}, OFFICERS[0])
    stage.do("owner", "submission.withdraw", {**PROJECT, "reason": "放弃"}, "a", "b")
    assert waiting(stage, "owner") == []


def test_upon_another_opinion_an_owner_applies_as_upon_a_first_one(designed: Scene) -> None:
    stage = designed
    stage.do("vvb1", "project.validate", OPINION, "a", "b")
    asked = {**PROJECT, "undertaking": "no-ccer"}
    first = stage.do("owner", "application.submit", asked, "a", "b")
    stage.do("registrar", "application.accept", {"application": first}, OFFICERS[0])
    stage.do("vvb1", "validation.withdraw", {"project": "P1", "reason": "失实"}, "a", "b")
    assert waiting(stage, "owner") == [("engagement", "P1")]
    stage.do("vvb1", "project.validate", OPINION, "a", "b")  # and be it by the same paper
    assert waiting(stage, "owner") == [("application", "P1")]
    stage.do("owner", "application.submit", asked, "a", "b")
    assert [kind for kind, _ in waiting(stage, "owner")] == ["acceptance"]


def test_a_report_waits_for_a_body_for_its_owner_and_at_last_for_the_registrar(
    designed: Scene,
) -> None:
    stage = designed
    stage.do("vvb1", "project.validate", OPINION, "a", "b")
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)
    assert waiting(stage, "owner") == []
    stage.do("owner", "report.submit", MonitoringReport(claimed=900), "a")
    assert waiting(stage, "owner") == [("engagement", "R1")]
    stage.do("vvb2", "report.verify", verification(900), "a", "b")
    assert waiting(stage, "owner") == [("application", "R1")]
    assert waiting(stage, "registrar") == []
    registered = {"report": "R1", "quantity": 900, "document": "d"}
    stage.do("registrar", "reduction.register", registered, *OFFICERS)
    assert waiting(stage, "registrar") == waiting(stage, "owner") == [("issuance", "R1")]
    stage.do("registrar", "credit.issue", {"report": "R1", "quantity": 900}, *OFFICERS)
    assert waiting(stage, "owner") == waiting(stage, "registrar") == []


def test_a_pledge_waits_for_the_bank_then_for_the_registrar(stage: Scene) -> None:
    stage.issue(900)
    proposed = stage.do("owner", "pledge.propose", pledge_body(300), "a", "b")
    assert waiting(stage, "bank") == waiting(stage, "owner") == [("pledge-answer", proposed)]
    assert waiting(stage, "registrar") == []
    stage.do("bank", "pledge.decline", {"pledge": proposed}, *BANK)
    agreed = agree(stage, 300)
    assert (
        waiting(stage, "registrar") == waiting(stage, "bank") == [("pledge-registration", agreed)]
    )
    assert waiting(stage, "buyer") == []


def test_a_default_is_to_be_sold_once_its_notice_has_run(stage: Scene) -> None:
    stage.issue(900)
    name = pledge(stage, 300)
    stage.clock.time += 182 * DAY_MS  # 2 July
    stage.do("bank", "pledge.default", {"pledge": name, "document": "违约通知1"}, *BANK)
    stage.clock.time += 10 * DAY_MS  # 12 July, from which it may be sold
    assert waiting(stage, "bank") == []
    sale = {"pledge": name, "buyer": "buyer", "quantity": 300, "amount_fen": 4_500_000}
    offered = stage.do("bank", "pledge.dispose", sale, *BANK)
    assert waiting(stage, "buyer") == [("sale-answer", offered)]
    stage.clock.time += DAY_MS
    assert waiting(stage, "owner") == [("pledge-sale", name)]
    assert waiting(stage, "bank") == [("pledge-sale", name), ("sale-answer", offered)]


@pytest.mark.parametrize(("language", "words"), [("en", "no day"), ("zh", "未定期限")])
def test_the_desk_says_that_there_is_no_day(designed: Scene, language: str, words: str) -> None:
    stage = designed
    stage.do("owner", "verifier.engage", {**PROJECT, "verifier": "vvb1"}, "a")
    client = create_app(stage.ledger, stage.clock).test_client()
    reader = sign_in(client, "vvb1", stage.key("vvb1/a"))
    told = client.get(f"/desk/deadlines?lang={language}", headers=reader).text
    assert f">{words}</th>" in told


def test_a_rule_waits_for_the_bureaus_until_one_has_signed_it(stage: Scene) -> None:
    stage.cast()
    define_discharge(stage)
    stage.do("regulator", "rule.publish", rule_body(), *REGULATOR)
    (rule,) = stage.rows(rule_table)
    assert (
        waiting(stage, "finance")
        == waiting(stage, "regulator")
        == [("rule-approval", rule["rule"])]
    )
    assert waiting(stage, "owner") == []
    signed = {"rule": rule["rule"], "entry": rule["index"], "sha256": rule["digest"]}
    stage.do("finance", "rule.approve", {**signed, "document": "d"}, *FINANCE)
    assert waiting(stage, "finance") == waiting(stage, "regulator") == []
