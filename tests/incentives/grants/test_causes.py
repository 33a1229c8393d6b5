"""Why a case was opened is told to those who have a part in it, by what the entry did."""

from __future__ import annotations

from typing import Any

from incentives.grants import queries
from incentives.grants.causes import with_causes
from ledger.facts.models import private_fact_table
from tests.factories import grants
from tests.factories.facts import REGULATOR
from tests.factories.grants import AWARD_TEXT, cited, desk, measured
from tests.factories.scene import Scene


def told(stage: Scene) -> dict[str, Any]:
    with stage.ledger.record.reading() as connection:
        cases = queries.newest(connection, queries.cases_of("finance"))
        (case,) = with_causes(connection, cases)
    found: dict[str, Any] = case["cause_told"]
    return found


def paid(stage: Scene, **more: Any) -> str:
    grant = grants.apply(stage, grants.recorded(stage), **more)
    grants.to_paid(stage, grant)
    return grant


def test_a_correction_is_told_by_the_fact_that_it_corrected(stage: Scene) -> None:
    desk(stage)
    paid(stage)
    (fact,) = stage.rows(private_fact_table)
    stage.do("owner", "fact.report", measured(99, corrects=fact["fact"]), "a")
    grants.tick(stage)
    assert told(stage) == {"how": "corrected", "name": fact["fact"]}


def test_a_louder_voice_is_told_by_its_own_fact(stage: Scene) -> None:
    said = AWARD_TEXT.replace("said_by: [enterprise]", "said_by: [regulator, enterprise]")
    desk(stage, text=said)
    paid(stage)
    stage.do("regulator", "fact.report", measured(99), *REGULATOR)
    grants.tick(stage)
    newest = max(stage.rows(private_fact_table), key=lambda row: row["index"])
    assert told(stage) == {"how": "stated", "name": newest["fact"]}


def test_units_are_told_with_what_was_stated_about_them(stage: Scene) -> None:
    batch = desk(stage)
    paid(stage, credits=[cited(batch, 100, 200)])
    stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "r"}, "a", "b")
    grants.tick(stage)
    units = [{"batch": batch, "first": 100, "last": 200}]
    assert told(stage) == {"how": "units", "units": units, "type": "report.withdraw"}


def test_what_the_bureau_found_is_told_in_its_own_words(stage: Scene) -> None:
    desk(stage)
    grants.open_case(stage, paid(stage))
    assert told(stage) == {"how": "said", "reason": "test"}
