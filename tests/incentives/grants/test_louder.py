"""A new fact that corrects none reaches the answers that it changes, and the grants on them."""

from __future__ import annotations

from typing import Any

import pytest

from incentives.onrecord.models import review_table
from ledger.facts.models import private_fact_table
from tests.factories import grants
from tests.factories.audits import sealed
from tests.factories.facts import REGULATOR
from tests.factories.grants import AWARD_TEXT, desk, measured
from tests.factories.scene import Scene

VOICES = "said_by: [regulator, enterprise]"


@pytest.fixture
def heard(stage: Scene) -> Scene:
    """A ledger whose rule hears the regulator before the enterprise that has spoken."""
    text = AWARD_TEXT.replace("said_by: [enterprise]", VOICES)
    desk(stage, text=text)
    return stage


def say(stage: Scene, area: int, **more: Any) -> str:
    """The regulator speaks of the owner's stand, and what waits is stated; gives the fact."""
    stage.do("regulator", "fact.report", measured(area, **more), *REGULATOR)
    grants.tick(stage)
    return str(max(stage.rows(private_fact_table), key=lambda row: row["index"])["fact"])


def reviews(stage: Scene) -> list[tuple[str, str, str, int | None]]:
    names = ("name", "state", "status", "amount_fen")
    rows = sorted(stage.rows(review_table), key=lambda row: row["cause"])
    return [tuple(row[name] for name in names) for row in rows]


def test_a_louder_voice_opens_a_case_about_a_grant_that_was_paid(heard: Scene) -> None:
    grant = grants.apply(heard, grants.recorded(heard))
    grants.to_paid(heard, grant)
    fact = say(heard, 99)
    assert reviews(heard) == [(fact, "changed", "no", 0)]
    (case,) = grants.cases(heard)
    assert (case["grant"], case["ground"], case["state"]) == (grant, "fact", "opened")
    assert (str(case["cause"]), case["reason"]) == (fact, f"fact {fact}")
    assert sealed(heard, supervisor=True) == 0


def test_a_louder_voice_that_says_the_same_is_reviewed_and_opens_nothing(heard: Scene) -> None:
    grant = grants.apply(heard, grants.recorded(heard))
    grants.to_paid(heard, grant)
    fact = say(heard, 100)
    assert reviews(heard) == [(fact, "same", "yes", grants.FEN)]
    assert grants.cases(heard) == []


def test_a_louder_voice_before_the_decision_is_not_granted(heard: Scene) -> None:
    grant = grants.apply(heard, grants.recorded(heard))
    grants.to_heard(heard, grant)
    fact = say(heard, 10)
    party, type, signers = grants.TO_GRANTED
    reply = heard.say(party, type, grants.decision(grant), *signers)
    told = {"what": "fact", "name": fact, "index": int(fact)}
    assert reply.answer == {"result": "refused", "code": "answer-fell", "params": told}


def test_on_a_ledger_that_has_not_gone_on_the_decision_itself_asks_again(old_stage: Scene) -> None:
    text = AWARD_TEXT.replace("said_by: [enterprise]", VOICES)
    desk(old_stage, text=text)
    grant = grants.apply(old_stage, grants.recorded(old_stage))
    grants.to_heard(old_stage, grant)
    say(old_stage, 10)
    party, type, signers = grants.TO_GRANTED
    refused = old_stage.refused(party, type, grants.decision(grant), *signers)
    assert refused == "answer-outdated"


def test_who_is_not_heard_or_speaks_of_other_days_changes_nothing(stage: Scene) -> None:
    text = AWARD_TEXT.replace("said_by: [enterprise]", VOICES)
    desk(stage, text=text.replace("regulator", "finance"))
    grants.recorded(stage)
    say(stage, 10)
    stage.do("owner", "fact.report", measured(10, "2025-12-30"), "a")
    grants.tick(stage)
    assert reviews(stage) == []


def test_a_voice_below_the_one_that_counts_is_not_asked_about(heard: Scene) -> None:
    say(heard, 100)
    (own,) = [row for row in heard.rows(private_fact_table) if row["party"] == "owner"]
    body = measured(50, "2025-12-30", corrects=own["fact"])
    heard.do("owner", "fact.report", body, "a")
    grants.recorded(heard)
    heard.do("owner", "fact.report", measured(7), "a")
    grants.tick(heard)
    assert reviews(heard) == []


def test_a_fact_where_nobody_had_spoken_is_asked_about(heard: Scene) -> None:
    (own,) = heard.rows(private_fact_table)
    body = measured(50, "2025-12-30", corrects=own["fact"])
    heard.do("owner", "fact.report", body, "a")
    name = heard.do("owner", "answer.record", grants.answer_body(heard), "a")
    fact = say(heard, 100)
    assert reviews(heard) == [(fact, "changed", "yes", grants.FEN)]
    assert [row["answer"] for row in heard.rows(review_table)] == [name]


def test_one_entry_counts_once_though_it_corrects_what_it_moves(heard: Scene) -> None:
    grants.recorded(heard)
    (own,) = heard.rows(private_fact_table)
    heard.do("owner", "fact.report", measured(99, corrects=own["fact"]), "a")
    grants.tick(heard)
    assert reviews(heard) == [(own["fact"], "changed", "no", 0)]


def test_a_ledger_that_has_not_gone_on_hears_corrections_alone(old_stage: Scene) -> None:
    text = AWARD_TEXT.replace("said_by: [enterprise]", VOICES)
    desk(old_stage, text=text)
    grants.recorded(old_stage)
    say(old_stage, 10)
    assert reviews(old_stage) == []
    body = {"version": 2, "release": "2.0", "document": "d"}
    old_stage.do("regulator", "engine.activate", body, *REGULATOR)
    (said,) = [row for row in old_stage.rows(private_fact_table) if row["party"] == "regulator"]
    fact = say(old_stage, 11, corrects=said["fact"])
    assert reviews(old_stage) == [(fact, "changed", "no", 0)]
    assert sealed(old_stage, supervisor=True) == 0
