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
from ledger.writer.tables import concern
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


def test_an_answer_before_a_voice_that_counts_first_is_refused(stage: Scene) -> None:
    said = "said_by: [regulator, enterprise]"
    text = AWARD_TEXT.replace("said_by: [enterprise]", said)
    desk(stage, text=text)
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


def fallen(stage: Scene) -> tuple[str, str, int]:
    """A town asked, the owner's grant cites units, and they fall; answer, grant and entry."""
    batch = desk(stage)
    stage.admit("town", "finance", 71)
    name = stage.do("town", "answer.record", grants.answer_body(stage), "a")
    grant = grants.apply(stage, name, credits=[grants.cited(batch)])
    reply = stage.say("vvb2", "report.withdraw", {"report": "R1", "reason": "r"}, "a", "b")
    assert reply.index is not None
    grants.tick(stage)
    return name, grant, reply.index


def reviews_told(stage: Scene, party: str, name: str) -> list[str]:
    """What a party reads of reviews, in the list and at the answer itself."""
    with stage.ledger.record.reading() as connection:
        listed = queries.newest(connection, queries.reviews_of(party))
        one = queries.answer(connection, name, party)
    assert one is not None
    assert [row["name"] for row in one["reviews"]] == [row["name"] for row in listed]
    return [row["name"] for row in listed]


def test_who_asked_is_told_neither_that_units_under_a_grant_fell_nor_by_which_entry(
    stage: Scene,
) -> None:
    name, grant, cause = fallen(stage)
    assert reviews_told(stage, "owner", name) == [grant]
    assert reviews_told(stage, "town", name) == []
    touched = {(row["index"], row["party"]) for row in stage.rows(concern)}
    (review,) = stage.rows(review_table)
    assert {(cause, "owner"), (review["index"], "owner")} <= touched
    assert not {(cause, "town"), (review["index"], "town")} & touched


def test_on_a_ledger_that_has_not_gone_on_who_asked_is_told_the_grant_alone(
    old_stage: Scene,
) -> None:
    name, grant, cause = fallen(old_stage)
    assert reviews_told(old_stage, "town", name) == [grant]
    assert (cause, "town") in {(row["index"], row["party"]) for row in old_stage.rows(concern)}


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


def test_those_who_judge_a_grant_are_told_that_its_answer_fell(stage: Scene) -> None:
    name, grant, _ = fallen(stage)
    for party in ("county", "finance"):
        assert reviews_told(stage, party, name) == [grant]
    with stage.ledger.record.reading() as connection:
        for party in ("owner", "county", "finance", None):
            own = queries.newest(connection, queries.grants_of(party))
            assert [row["answer_fell"] for row in queries.with_fallen(connection, own)] == [True]
            one = queries.grant(connection, grant, party)
            assert one is not None and one["answer_fell"]
        assert queries.newest(connection, queries.reviews_of("regulator")) == []  # has no part yet


def test_an_answer_that_stands_is_not_called_fallen(stage: Scene) -> None:
    desk(stage)
    grant = grants.apply(stage, grants.recorded(stage))
    with stage.ledger.record.reading() as connection:
        one = queries.grant(connection, grant, "finance")
    assert one is not None and not one["answer_fell"]
