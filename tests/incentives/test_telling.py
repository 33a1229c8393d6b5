"""What is told beside an answer changes no byte of it, and names who may state what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from incentives.asking import ask
from incentives.rules.packaged import golden_text, rule_text
from incentives.telling import answer_in, tell
from ledger.facts.models import private_fact_table
from ledger.statements.canonical import encode
from tests.factories.policy import RULE, define_discharge, publish_rule, report_month
from tests.factories.scene import Scene, scene
from tests.incentives.test_asking import size

ON = date(2025, 12, 31)
COAL_DAY = date(2023, 6, 1)
WORD = {"field": "clean-energy", "loan_on": "2023-05-01"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("telling") / "home", None) as stage:
        stage.cast()
        define_discharge(stage)
        publish_rule(stage)
        for name in ("pboc-carbon", "pboc-coal", "huzhou-fraud"):
            publish_rule(stage, text=rule_text(name), golden=golden_text(name))
        report_month(stage)
        yield stage


def both(stage: Scene, party: str, on: date, **more: Any) -> tuple[Any, Any]:
    with stage.ledger.record.reading() as connection:
        at = size(stage)
        return ask(connection, party, on, at, **more), tell(connection, party, on, at, **more)


@pytest.mark.parametrize("explain", [True, False])
@pytest.mark.parametrize("party", ["owner", "buyer"])
def test_the_answer_is_the_same_to_the_byte(desk: Scene, party: str, explain: bool) -> None:
    declared = {"principal": 5, RULE: {}}
    answer, told = both(desk, party, ON, explain=explain, declared=declared)
    assert encode(answer_in(told)) == encode(answer)
    assert set(told["beside"]) == {a["rule"] for a in answer["answers"]}
    assert ("steps" in told["beside"][RULE]) is explain
    encode(told)


def test_the_steps_name_the_entry_of_each_fact_and_the_days_of_each_figure(desk: Scene) -> None:
    _, told = both(desk, "owner", ON, explain=True)
    entry = desk.rows(private_fact_table)[0]["index"]
    side = told["beside"][RULE]
    (step,) = (s for s in side["steps"] if (s["name"], s["item"]) == ("equivalents", 0))
    assert (step["operands"][0]["from"], step["operands"][0]["entry"]) == ("fact", entry)
    (rate,) = (p for p in side["parameters"] if p["name"] == "rate_air")
    assert (rate["from"], rate["document"]) == (
        "2018-01-01",
        "浙江省人民代表大会常务委员会公告第71号",
    )


def test_a_missing_list_is_told_with_the_indicators_of_the_record(desk: Scene) -> None:
    _, told = both(desk, "buyer", ON)
    (item,) = told["beside"][RULE]["wanted"]
    assert (item["name"], item["needed"]) == ("emissions", True)
    mass = item["stated_as"]["indicators"][0]
    assert (mass["indicator"], mass["unit"], mass["type"]) == (
        "discharge.mass", "kg", "fact.report",
    )  # fmt: skip
    assert mass["roles"] == ["regulator", "enterprise"]


def test_a_rule_of_another_region_says_so_and_wants_nothing(desk: Scene) -> None:
    _, told = both(desk, "owner", ON)
    side = told["beside"]["huzhou-fraud"]
    assert side["region"] == {"rule": "330500", "party": "330100", "within": False}
    assert side["wanted"] == []


def test_one_rules_word_refuses_no_other_rule(desk: Scene) -> None:
    answer, told = both(desk, "owner", COAL_DAY, declared=WORD)
    before = {a["rule"]: a["status"] for a in answer["answers"]}
    after = {a["rule"]: a["status"] for a in told["answers"]}
    assert (before["pboc-coal"], after["pboc-coal"]) == ("refused", "missing")
    assert before["pboc-carbon"] == after["pboc-carbon"] == "missing"
    (unfit,) = told["beside"]["pboc-coal"]["unfit"]
    assert (unfit["input"], unfit["code"], unfit["left_out"]) == ("field", "choice-unknown", True)
    assert told["beside"]["pboc-carbon"]["unfit"] == []
    assert told["declared"] == {
        "loan_on": "2023-05-01",
        "pboc-carbon": {"field": "clean-energy"},
    }


def test_a_word_addressed_to_the_rule_that_cannot_take_it_refuses_that_rule(desk: Scene) -> None:
    _, told = both(desk, "owner", COAL_DAY, declared={"pboc-coal": {"field": "clean-energy"}})
    statuses = {a["rule"]: a["status"] for a in told["answers"]}
    assert (statuses["pboc-coal"], statuses["pboc-carbon"]) == ("refused", "missing")
    (unfit,) = told["beside"]["pboc-coal"]["unfit"]
    assert (unfit["code"], unfit["left_out"]) == ("choice-unknown", False)
