"""What a grant rests on: an answer that holds today, once, read by those who judge it alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from incentives.grants import queries
from incentives.onrecord.declaring import written
from incentives.onrecord.leaves import answer_digest
from incentives.onrecord.models import review_table
from tests.factories import grants
from tests.factories.grants import AWARD, AWARD_GOLDEN, AWARD_TEXT, ON, answered, desk, measured
from tests.factories.policy import publish_rule
from tests.factories.scene import Scene, scene

SAID_TEXT = AWARD_TEXT.replace("rule: test-award", "rule: said-award").replace(
    "facts:\n  period: day\n  said_by: [enterprise]\n  values: {area: stand.area}\n", ""
)
SAID_GOLDEN = AWARD_GOLDEN.replace("rule: test-award", "rule: said-award")


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    with scene(home, vacant_database_url) as opened:
        yield opened


def body(stage: Scene, known_at: int | None = None, as_of: str = ON, **more: Any) -> dict[str, Any]:
    """The body of answer.record as of a day and a log size; ``rule``, ``declared``."""
    rule, declared = more.get("rule", AWARD), more.get("declared", {})
    found = answered(stage, known_at=known_at, rule=rule, as_of=as_of, declared=declared)
    made = {
        "subject": "owner",
        "rule": rule,
        "as_of": as_of,
        "known_at": found["known_at"],
        "rule_set_sha256": found["rule_set_sha256"],
        "answer_sha256": answer_digest(found),
    }
    return {**made, "declared": written(declared)} if declared else made


def test_an_answer_by_a_text_that_was_replaced_is_refused(stage: Scene) -> None:
    desk(stage)
    before = grants.size(stage)
    text = AWARD_TEXT.replace("area >= 100", "area >= 200")
    golden = AWARD_GOLDEN.replace("area: 100}", "area: 200}").replace("1692600", "3385200")
    publish_rule(stage, text=text, golden=golden, valid_from="2024-01-01")
    name = stage.do("owner", "answer.record", body(stage, before), "a")
    assert grants.refused_application(stage, name) == "answer-outdated"


def test_an_answer_before_a_voice_that_counts_first_is_refused(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "said_by: [regulator, enterprise]"
    text = AWARD_TEXT.replace("said_by: [enterprise]", said)
    monkeypatch.setattr(grants, "AWARD_TEXT", text)
    desk(stage)
    before = grants.size(stage)
    early = stage.do("owner", "answer.record", body(stage), "a")
    stage.do("regulator", "fact.report", measured(10), *grants.REGULATOR)
    late = stage.do("owner", "answer.record", body(stage, before), "a")
    found = [grants.refused_application(stage, name) for name in (early, late)]
    assert found == ["answer-fell", "answer-outdated"]


def test_an_answer_that_fell_between_application_and_decision_is_not_granted(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, grants.recorded(stage))
    grants.to_heard(stage, grant)
    text = AWARD_TEXT.replace("area >= 100", "area >= 200")
    golden = AWARD_GOLDEN.replace("area: 100}", "area: 200}").replace("1692600", "3385200")
    publish_rule(stage, text=text, golden=golden, valid_from="2024-01-01")
    party, type, signers = grants.TO_GRANTED
    assert stage.refused(party, type, grants.decision(grant), *signers) == "answer-outdated"
    refused = grants.decision(grant, outcome="refused", amount_fen=0)
    stage.do(party, type, refused, *signers)


def dearer(stage: Scene) -> dict[str, Any]:
    """A text takes the place of the rule's: 200.00 yuan a mu; gives what refuses its decision."""
    desk(stage)
    grant = grants.apply(stage, grants.recorded(stage))
    grants.to_heard(stage, grant)
    text = AWARD_TEXT.replace("value: 16926", "value: 20000")
    golden = AWARD_GOLDEN.replace("1692600", "2000000")
    publish_rule(stage, text=text, golden=golden, valid_from="2024-01-01")
    party, type, signers = grants.TO_GRANTED
    answer: dict[str, Any] = stage.say(party, type, grants.decision(grant), *signers).answer
    assert answer["code"] == "answer-outdated"
    return dict(answer["params"])


def test_where_the_sums_alone_differ_both_are_told(stage: Scene) -> None:
    assert dearer(stage) == {
        "field": "answer",
        "status": "yes",
        "amount_fen": 2_000_000,
        "then": "yes",
        "then_fen": grants.FEN,
    }


def test_a_ledger_that_has_not_gone_on_tells_the_status_alone(old_stage: Scene) -> None:
    assert dearer(old_stage) == {"field": "answer", "status": "yes"}


def test_a_rule_that_asks_the_record_for_nothing_pays_once_and_not_each_day(stage: Scene) -> None:
    desk(stage)
    publish_rule(stage, text=SAID_TEXT, golden=SAID_GOLDEN, valid_from="2024-01-01")
    more: dict[str, Any] = {"rule": "said-award", "declared": {"area": "100"}}
    first, second = (
        stage.do("owner", "answer.record", body(stage, None, day, **more), "a")
        for day in ("2025-12-30", "2025-12-31")
    )
    grants.apply(stage, first)
    assert grants.refused_application(stage, second) == "days-used"


def test_who_asked_is_not_told_which_batch_a_grant_cites(stage: Scene) -> None:
    batch = desk(stage)
    name = stage.do("county", "answer.record", grants.answer_body(stage), "a")
    grant = grants.apply(stage, name, credits=[grants.cited(batch)])
    stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "r"}, "a", "b")
    (row,) = stage.rows(review_table)
    assert (row["asker"], row["what"], row["name"]) == ("county", "credit", grant)


def test_those_who_judge_a_grant_read_the_answer_that_it_rests_on(stage: Scene) -> None:
    desk(stage)
    name = grants.recorded(stage)

    def readers() -> list[str]:
        parties = ("owner", "county", "finance", "regulator", "buyer")
        with stage.ledger.record.reading() as connection:
            return [party for party in parties if queries.answer(connection, name, party)]

    assert readers() == ["owner"]
    grants.apply(stage, name)
    assert readers() == ["owner", "county", "finance"]
