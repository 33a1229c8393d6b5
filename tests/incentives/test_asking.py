"""An answer rests on named facts, has two times, and comes again with the same bytes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from incentives.asking import ask
from incentives.models import rule_table
from incentives.regions import within
from incentives.rules.packaged import rule_text
from ledger.facts.models import private_fact_table
from ledger.statements.canonical import encode
from ledger.writer.errors import Refusal
from ledger.writer.store import read_head
from tests.factories.facts import REGULATOR
from tests.factories.policy import (
    RELIEF_FEN,
    RULE,
    define_discharge,
    discharge,
    publish_rule,
    report_month,
)
from tests.factories.scene import ORIGIN, Scene

ON = date(2025, 12, 31)


@pytest.fixture
def desk(stage: Scene) -> Scene:
    stage.cast()
    define_discharge(stage)
    publish_rule(stage)
    report_month(stage)
    return stage


def size(stage: Scene) -> int:
    with stage.ledger.record.reading() as connection:
        head = read_head(connection, ORIGIN)
    assert head is not None
    return head.size


def asked(
    stage: Scene, party: str = "owner", on: date = ON, known_at: int | None = None, **more: Any
) -> Any:
    with stage.ledger.record.reading() as connection:
        at = size(stage) if known_at is None else known_at
        return ask(connection, party, on, at, **more)


def test_the_answer_is_worked_out_from_the_facts_of_the_month(desk: Scene) -> None:
    (answer,) = asked(desk)["answers"]
    assert (answer["status"], answer["amount_fen"]) == ("yes", RELIEF_FEN)
    assert answer["period"] == ["2025-12-01", "2025-12-31"]
    assert answer["pre_check"] is True
    assert answer["rule_entry"] == desk.rows(rule_table)[0]["index"]
    assert [fact["fact"] for fact in answer["facts"]] == [
        row["fact"] for row in sorted(desk.rows(private_fact_table), key=lambda row: row["place"])
    ]
    assert {fact["party"] for fact in answer["facts"]} == {"owner"}
    assert "steps" not in answer
    assert asked(desk, explain=True)["answers"][0]["steps"]


def test_a_past_answer_comes_again_byte_for_byte_after_everything_has_changed(desk: Scene) -> None:
    then = size(desk)
    first = encode(asked(desk, explain=True))
    rows = desk.rows(private_fact_table)
    mass = next(row for row in rows if row["value"] == 950)
    fix = discharge("mass", "二氧化硫", 95, 0, corrects=mass["fact"])
    desk.do("owner", "fact.report", fix, "a")
    text = rule_text(RULE).replace("value: 1.2,", "value: 2.4,")
    golden = (
        "rule: ept-art13\ncases: [{name: none, as_of: 2017-01-01, expect: {status: not-in-force}}]"
    )
    publish_rule(desk, text=text, golden=golden)
    # SO2 95/0.95 = 100 pays half of 240; NOx 2000 pays 3,600 of 4,800; soot 100 pays 240.
    assert asked(desk)["answers"][0]["amount_fen"] == 132_000
    assert encode(asked(desk, known_at=then, explain=True)) == first


def test_what_nobody_stated_is_missing_and_never_no(desk: Scene) -> None:
    (answer,) = asked(desk, "buyer")["answers"]
    assert (answer["status"], answer["amount_fen"]) == ("missing", None)
    assert answer["wanting"] == ["emissions"]
    (answer,) = asked(desk, on=date(2025, 11, 30))["answers"]
    assert answer["status"] == "missing"
    assert answer["facts"] == []


def test_what_the_authority_states_counts_before_what_the_enterprise_declares(
    desk: Scene,
) -> None:
    over = discharge("exceeded", "二氧化硫", 1, 0)
    desk.do("regulator", "fact.report", over, *REGULATOR)
    (answer,) = asked(desk)["answers"]
    assert answer["amount_fen"] == 60_000  # NOx alone: 2400 less three quarters
    assert [f["party"] for f in answer["facts"] if f["party"] != "owner"] == ["regulator"]


def test_facts_that_contradict_the_rule_are_refused_with_the_reason(desk: Scene) -> None:
    mean = discharge("ratio", "烟尘", 2, 0)
    desk.do("regulator", "fact.report", mean, *REGULATOR)
    (answer,) = asked(desk)["answers"]
    assert (answer["status"], answer["amount_fen"]) == ("refused", None)
    assert answer["reason"]["check"] == "mean_agrees"


def test_a_rule_holds_in_its_own_region(desk: Scene) -> None:
    publish_rule(desk, text=rule_text(RULE).replace('region: "330000"', 'region: "330200"'))
    (answer,) = asked(desk)["answers"]
    assert (answer["status"], answer["wanting"]) == ("not-in-force", ["region"])


@pytest.mark.parametrize(
    ("code", "above", "inside"),
    [
        ("330100", "330000", True),
        ("330102", "330100", True),
        ("330102", "330102", True),
        ("330100", "330102", False),
        ("320100", "330000", False),
        ("330200", "330100", False),
        ("330000", "330100", False),
    ],
)
def test_a_region_lies_within_another_by_its_code(code: str, above: str, inside: bool) -> None:
    assert within(code, above) is inside


def test_nobody_and_no_rule_are_refused(desk: Scene) -> None:
    for party, on, known_at, rule, code in (
        ("nobody", ON, None, None, "party-unknown"),
        ("owner", ON, 1, None, "party-unknown"),
        ("owner", ON, None, "other", "incentive-rule-unknown"),
        ("owner", date(2017, 1, 1), None, None, "incentive-rule-unknown"),
    ):
        with pytest.raises(Refusal, match=code):
            asked(desk, party, on, known_at, rule=rule)
