"""An answer that counts issued units goes on the record, and falls when units of them do."""

from __future__ import annotations

from typing import Any

import pytest

from incentives.onrecord.leaves import answer_digest
from incentives.onrecord.models import answer_table, cite_table, review_table
from ledger.credits.models import issuance_table
from tests.factories import grants
from tests.factories.audits import audited, faults_after_rebuild
from tests.factories.facts import REGULATOR
from tests.factories.grants import AWARD_GOLDEN, AWARD_TEXT, answered, desk
from tests.factories.policy import publish_rule
from tests.factories.scene import HOUR_MS, OFFICERS, MonitoringReport, Scene, verification

RULE = "issued-award"
TEXT = AWARD_TEXT.replace("rule: test-award", f"rule: {RULE}").replace(
    "  period: day\n  said_by: [enterprise]\n  values: {area: stand.area}\n",
    "  period: year\n  said_by: [enterprise]\n"
    "  queries: {area: {is: issued-quantity, class: ZJ_FS}}\n",
)
GOLDEN = AWARD_GOLDEN.replace("rule: test-award", f"rule: {RULE}")
AS_OF = "2026-06-01"
BATCH = "ZJ_FS-R1-2024"
# 900 units at 169.26 yuan, as if a unit were a mu.
AWARD_FEN = 15_233_400


def body(stage: Scene, subject: str = "owner", known_at: int | None = None) -> dict[str, Any]:
    found = answered(stage, subject, known_at, RULE, AS_OF)
    return {
        "subject": subject,
        "rule": RULE,
        "as_of": AS_OF,
        "known_at": found["known_at"],
        "rule_set_sha256": found["rule_set_sha256"],
        "answer_sha256": answer_digest(found),
    }


@pytest.fixture
def issued(stage: Scene) -> Scene:
    """Nine hundred units of the owner's, an open line, and a rule that counts what was issued."""
    desk(stage)
    publish_rule(stage, text=TEXT, golden=GOLDEN, valid_from="2024-01-01")
    return stage


def withdrawn(stage: Scene) -> None:
    stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "r"}, "a", "b")
    grants.tick(stage)


def issue_more(stage: Scene, quantity: int) -> None:
    """A second report of the project, on its next year."""
    days = {"start": "2025-01-01", "end": "2025-12-31"}
    stage.do("owner", "report.submit", MonitoringReport(report="R2", claimed=quantity, **days), "a")
    opinion = verification(quantity, year=2025, report="R2")
    stage.do("vvb2", "report.verify", opinion, "a", "b")
    issuance = {"report": "R2", "quantity": quantity}
    stage.do("registrar", "reduction.register", {**issuance, "document": "d"}, *OFFICERS)
    stage.do("registrar", "credit.issue", issuance, *OFFICERS)


def test_issued_units_are_counted_and_cited(issued: Scene) -> None:
    name = issued.do("owner", "answer.record", body(issued), "a")
    (row,) = issued.rows(answer_table)
    assert (row["status"], row["amount_fen"]) == ("yes", AWARD_FEN)
    cited = [c for c in issued.rows(cite_table) if c["what"] == "credit"]
    assert [(c["answer"], c["name"], c["first"], c["last"]) for c in cited] == [
        (name, BATCH, 1, 900)
    ]
    with issued.ledger.record.reading() as connection:
        assert audited(issued, connection, supervisor=True).faults == []
        assert audited(issued, connection, supervisor=False).faults == []


def test_the_same_question_has_the_same_bytes_when_more_was_issued(issued: Scene) -> None:
    known_at = grants.size(issued)
    first = body(issued, known_at=known_at)
    issued.clock.time += HOUR_MS
    issue_more(issued, 50)
    later = body(issued)
    assert body(issued, known_at=known_at) == first
    assert later["answer_sha256"] != first["answer_sha256"]
    for stated in (first, later):
        issued.do("owner", "answer.record", stated, "a")
    amounts = sorted(row["amount_fen"] for row in issued.rows(answer_table))
    assert amounts == [AWARD_FEN, AWARD_FEN + 50 * 16_926]


def test_units_that_fall_reach_the_answer_and_the_grant_on_it(issued: Scene) -> None:
    answer = issued.do("owner", "answer.record", body(issued), "a")
    grant = grants.apply(issued, answer)
    grants.to_paid(issued, grant)
    withdrawn(issued)
    (review,) = issued.rows(review_table)
    assert (review["what"], review["name"], review["state"]) == ("credit", BATCH, "changed")
    (case,) = grants.cases(issued)
    assert (case["grant"], case["ground"], case["cause"]) == (grant, "credit", review["cause"])


def test_units_that_fell_before_are_not_counted_on_the_record(issued: Scene) -> None:
    withdrawn(issued)
    answer = issued.say("owner", "answer.record", body(issued), "a").answer
    assert answer["code"] == "serials-unborne"
    assert (answer["params"]["field"], answer["params"]["batch"]) == ("rule", BATCH)


def test_who_was_issued_nothing_is_answered_too(issued: Scene) -> None:
    issued.do("buyer", "answer.record", body(issued, "buyer"), "a")
    (row,) = issued.rows(answer_table)
    assert (row["status"], row["amount_fen"]) == ("no", 0)


def test_a_batch_that_does_not_say_when_it_was_issued_is_not_counted(old_stage: Scene) -> None:
    desk(old_stage)
    publish_rule(old_stage, text=TEXT, golden=GOLDEN, valid_from="2024-01-01")
    untold = {"input": "area", "query": "issued-quantity"}
    for party in ("owner", "buyer"):
        answer = old_stage.say(party, "answer.record", body(old_stage, party), "a").answer
        assert (answer["code"], answer["params"]) == ("query-unrecorded", untold)
    activation = {"version": 2, "release": "2.0", "document": "d"}
    old_stage.do("regulator", "engine.activate", activation, *REGULATOR)
    refused = old_stage.refused("owner", "answer.record", body(old_stage), "a")
    assert refused == "query-unrecorded"
    early = body(old_stage, known_at=grants.size(old_stage) - 1)
    assert old_stage.refused("owner", "answer.record", early, "a") == "query-unrecorded"
    old_stage.do("buyer", "answer.record", body(old_stage, "buyer"), "a")
    assert old_stage.rows(issuance_table) == []
    with old_stage.ledger.record.reading() as connection:
        assert audited(old_stage, connection, supervisor=True).faults == []


def test_times_of_issue_come_again_from_the_log(issued: Scene) -> None:
    assert [row["batch"] for row in issued.rows(issuance_table)] == [BATCH]
    assert faults_after_rebuild(issued) == []
