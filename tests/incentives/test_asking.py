"""An answer rests on named facts, has two times, and comes again with the same bytes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from incentives.asking import ask
from incentives.errors import DeclarationRefused
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
from tests.factories.scene import OFFICERS, ORIGIN, Scene
from tests.incentives.rules.sample import THRESHOLDS

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


AWARD = """
rule: sample-thresholds
cases: [{name: none, as_of: 2019-01-01, expect: {status: not-in-force}}]
"""
DECLARED = {"staff": 9, "share": "0.8", "spend": 70, "base": 140, "clean": True}


def test_every_operand_says_where_it_came_from(desk: Scene) -> None:
    (answer,) = asked(desk)["answers"]
    entry = desk.rows(private_fact_table)[0]["index"]
    by_name = {(c["name"], c["item"]): c["operands"] for c in answer["conditions"]}
    (exceeded,) = by_name["no_exceedance", 0]
    assert (exceeded["from"], exceeded["entry"], exceeded["value"]) == ("fact", entry, False)
    ratio, cut = by_name["below_second", 1]
    assert (ratio["value"], ratio["from"]) == ("0.6", "fact")
    assert (cut["name"], cut["value"], cut["from"]) == ("second_cut", "0.5", "parameter")
    place, _ = by_name["taxed", 0]
    assert (place["from"], place["entries"]) == ("step", [entry])
    assert "emissions.mass_kg" in place["inputs"]


def test_an_answer_tells_what_would_change_it(desk: Scene) -> None:
    (answer,) = asked(desk)["answers"]
    flips = {(f["condition"], f["item"]): f for f in answer["changes"]["flips"]}
    # NOx pays half of its 2,400.00 instead of three quarters below 0.50: 600.00 more relief.
    found = flips["below_second", 1]
    assert (found["value"], found["to"], found["bound"]) == ("0.6", "0.5", "below")
    assert (found["change"], found["status"]) == ("-0.1", "yes")
    assert found["amount_fen"] == RELIEF_FEN + 60_000


def test_what_is_declared_fills_what_the_record_leaves_open_and_is_marked(desk: Scene) -> None:
    publish_rule(desk, text=THRESHOLDS, golden=AWARD)
    (before,) = asked(desk, rule="sample-thresholds")["answers"]
    assert (before["status"], before["amount_fen"]) == ("missing", None)
    found = asked(desk, rule="sample-thresholds", declared=DECLARED)
    (answer,) = found["answers"]
    assert (answer["status"], answer["amount_fen"]) == ("yes", 7_000)
    assert answer["declared"] == sorted(DECLARED)
    assert found["declared"] == DECLARED
    staff, least = answer["conditions"][0]["operands"]
    assert (staff["from"], least["from"]) == ("declared", "parameter")


def test_what_the_record_says_counts_before_what_is_declared(desk: Scene) -> None:
    own = {RULE: {"emissions": [{"pollutant": "烟尘"}]}}
    (answer,) = asked(desk, declared=own)["answers"]
    assert (answer["amount_fen"], answer["declared"]) == (RELIEF_FEN, [])
    assert answer["declared_unused"] == ["emissions"]


@pytest.mark.parametrize(
    ("declared", "field"),
    [
        ({"staff": 1}, "declared.staff"),
        ({"other-rule": {"staff": 1}}, "declared.other-rule.staff"),
        ({"other-rule": {}}, "declared.other-rule"),
        ({RULE: {"staff": 1}}, f"declared.{RULE}.staff"),
    ],
)
def test_a_declaration_that_no_rule_takes_is_refused(
    desk: Scene, declared: dict[str, Any], field: str
) -> None:
    with pytest.raises(DeclarationRefused, match="declared-unknown") as refused:
        asked(desk, declared=declared)
    assert refused.value.params["field"] == field


def test_a_declaration_of_another_shape_refuses_that_rule_alone(desk: Scene) -> None:
    publish_rule(desk, text=THRESHOLDS, golden=AWARD)
    tax, award = asked(desk, declared={"staff": "1.5"})["answers"]
    assert (tax["status"], award["status"]) == ("yes", "refused")
    assert award["reason"]["code"] == "number-not-whole"


def test_the_best_lawful_combination_leaves_out_what_excludes_it(desk: Scene) -> None:
    text = THRESHOLDS + "stacking: {excludes: [ept-art13], note: not twice}\n"
    publish_rule(desk, text=text, golden=AWARD)
    found = asked(desk, declared=DECLARED)
    assert found["combination"] == {
        "rules": [RULE], "amount_fen": RELIEF_FEN, "without_amount": [],
        "unverified": [RULE], "left": ["sample-thresholds"],
    }  # fmt: skip
    tax, award = found["answers"]
    assert (tax["excluded_by"], tax["stacks_with"]) == (["sample-thresholds"], [])
    assert (award["excludes"], award["stacking_note"]) == ([RULE], "not twice")
    publish_rule(desk, text=THRESHOLDS, golden=AWARD)
    found = asked(desk, declared=DECLARED)
    assert found["combination"]["rules"] == [RULE, "sample-thresholds"]
    assert found["combination"]["amount_fen"] == RELIEF_FEN + 7_000


def test_the_region_counts_that_the_party_had_when_the_log_was_so_long(desk: Scene) -> None:
    publish_rule(desk, text=rule_text(RULE).replace('region: "330000"', 'region: "330100"'))
    then = size(desk)
    first = encode(asked(desk, explain=True))
    body = {"party": "owner", "region": "330200", "document": "d"}
    desk.do("registrar", "party.change", body, *OFFICERS)
    assert asked(desk)["answers"][0]["status"] == "not-in-force"
    assert encode(asked(desk, known_at=then, explain=True)) == first


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
