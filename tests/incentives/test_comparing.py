"""Why an answer changed is told by rule, parameter, clause, fact and what was declared."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from incentives.asking import ask
from incentives.comparing import compare
from incentives.rules.packaged import rule_text
from tests.factories.facts import REGULATOR
from tests.factories.policy import (
    RELIEF_FEN,
    RULE,
    define_discharge,
    discharge,
    publish_rule,
    report_month,
)
from tests.factories.scene import Scene
from tests.incentives.rules.sample import THRESHOLDS

ON = date(2025, 12, 31)
NEVER = """
rule: {rule}
cases: [{{name: none, as_of: 2017-01-01, expect: {{status: not-in-force}}}}]
"""


@pytest.fixture
def desk(stage: Scene) -> Scene:
    stage.cast()
    define_discharge(stage)
    publish_rule(stage)
    report_month(stage)
    return stage


def asked(stage: Scene, on: date = ON, **declared: Any) -> Any:
    with stage.ledger.record.reading() as connection:
        size = stage.ledger.record.head(connection).size
        return ask(connection, "owner", on, size, declared=declared)


def causes(found: Any, rule: str = RULE) -> list[tuple[str, str, Any, Any]]:
    (told,) = [r for r in found["rules"] if r["rule"] == rule]
    return [(c["kind"], c["name"], c["before"], c["after"]) for c in told["causes"]]


def test_the_same_answer_has_no_cause(desk: Scene) -> None:
    found: Any = compare(asked(desk), asked(desk))
    assert causes(found) == []
    assert found["rules"][0]["changed"] is False


def test_a_fact_of_a_higher_voice_is_the_cause_and_the_condition_that_turned_is_named(
    desk: Scene,
) -> None:
    before = asked(desk)
    over = discharge("exceeded", "二氧化硫", 1, 0)
    desk.do("regulator", "fact.report", over, *REGULATOR)
    found: Any = compare(before, asked(desk))
    ((kind, name, old, new),) = causes(found)
    assert (kind, name) == ("fact", "discharge.exceeded DA001 air 二氧化硫")
    assert (old["value"], old["party"], new["value"], new["party"]) == (
        "0", "owner", "1", "regulator"
    )  # fmt: skip
    assert new["entry"] > old["entry"]
    (told,) = found["rules"]
    assert (told["before"]["amount_fen"], told["after"]["amount_fen"]) == (RELIEF_FEN, 60_000)
    assert told["conditions"] == [
        {"name": "no_exceedance", "label": ["DA001", "二氧化硫"], "before": "yes", "after": "no"}
    ]


def test_another_text_is_named_with_the_parameter_that_it_changes(desk: Scene) -> None:
    before = asked(desk)
    text = rule_text(RULE).replace("value: 1.2,", "value: 2.4,")
    publish_rule(desk, text=text, golden=NEVER.format(rule=RULE))
    version, parameter = causes(compare(before, asked(desk)))
    assert version[0] == "text"
    assert version[3]["entry"] > version[2]["entry"]
    assert parameter[:2] == ("parameter", "rate_air")
    assert (parameter[2]["value"], parameter[3]["value"]) == ("1.2", "2.4")


def test_a_rule_that_was_not_there_is_a_cause_of_its_own(desk: Scene) -> None:
    before = asked(desk)
    name = "sample-thresholds"
    publish_rule(desk, text=THRESHOLDS, golden=NEVER.format(rule=name))
    found: Any = compare(before, asked(desk))
    ((kind, _, old, new),) = causes(found, name)
    assert (kind, old) == ("rule", None)
    assert new["valid_from"] == "2018-01-01"


def test_what_is_declared_otherwise_is_a_cause(desk: Scene) -> None:
    name = "sample-thresholds"
    publish_rule(desk, text=THRESHOLDS, golden=NEVER.format(rule=name))
    met: dict[str, Any] = {"staff": 9, "share": "0.8", "spend": 70, "base": 140, "clean": True}
    own = {**met, name: {"staff": 3}}
    found: Any = compare(asked(desk, **met), asked(desk, **own))
    assert causes(found, name) == [("declared", "staff", 9, 3)]


def test_another_month_brings_other_facts(desk: Scene) -> None:
    found: Any = compare(asked(desk), asked(desk, date(2025, 11, 30)))
    assert {kind for kind, _, _, new in causes(found) if new is None} == {"fact"}
    assert found["rules"][0]["after"] == {"status": "missing", "amount_fen": None}
