"""What is told beside an answer follows from the rule's data: grade, terms, range, way, gaps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from incentives.putting import put
from incentives.rules import beside
from incentives.rules.declared import unfit_in
from incentives.rules.packaged import names, rule_text
from incentives.rules.rule import Rule, read
from tests.incentives.rules.sample import THRESHOLDS, rule

REGION = "330000"
# By hand: (12,000 - 1,500) / 15,000 = 0.7 t per 10^4 CNY, over 0.6 and up to 2.0: level 2; 0.7 over
# a mean of 1.1 is 0.636..., over 0.6 and up to 0.8: grade 2.
YEAR = {"emissions": 12_000, "deducted": 1_500, "value_added": 15_000, "industry_mean": "1.1"}
LOAN = {
    "field": "clean-energy",
    "loan_on": "2026-02-01",
    "principal": 10_000_000,
    "bank_admitted": True,
    "near_lpr": True,
    "disclosed": True,
    "verified": True,
    "direct_effect": True,
}


def packaged(name: str) -> Rule:
    return read(rule_text(name))


def told(law: Rule, given: Mapping[str, object], on: date) -> Any:
    """What is told of a rule to which everything was declared."""
    made = put(law, [], on, law.region, explain=True, declared={law.id: given})
    return {
        **beside.outcome(law, made.given),
        "parameters": beside.parameters(law, on),
        "papers": beside.papers(law),
        "steps": beside.steps(made.given, made.sources),
        "wanted": beside.wanted(law, made.given, made.stated, on, {}),
        "unfit": beside.misfits(law, unfit_in(law, made.declared)),
    }


def figures(found: Any) -> dict[str, str]:
    return {figure["name"]: figure["value"] for figure in found["figures"]}


def test_a_grade_is_told_with_its_words() -> None:
    found = told(packaged("carbon-code"), YEAR, date(2025, 12, 31))
    assert found["applies"] is True
    assert (figures(found)["grade"], figures(found)["level"]) == ("2", "2")
    (grade,) = (figure for figure in found["figures"] if figure["name"] == "grade")
    assert grade["title"]["zh"] == "碳效等级（0为无法评级）"


def test_a_facility_tells_its_terms_and_that_the_bank_benefits() -> None:
    found = told(packaged("pboc-carbon"), LOAN, date(2026, 3, 31))
    # 60 % of 10,000,000 is 6,000,000; a year of that at 1.25 % is 75,000. In fen.
    assert figures(found) == {"funds": "600000000", "yearly_cost": "7500000"}
    assert (found["benefits"], found["sum"]) == ("bank", False)
    terms = {term["name"]: term for term in found["parameters"]}
    assert (terms["funded_share"]["value"], terms["funded_share"]["from"]) == ("0.6", "2021-11-08")
    assert (terms["funding_rate"]["value"], terms["funding_rate"]["from"]) == (
        "0.0125",
        "2026-01-19",
    )
    assert terms["funding_rate"]["document"] == "中国人民银行推出碳减排支持工具"
    assert [paper["id"] for paper in found["papers"]] == ["disclosure", "verification"]


def test_a_figure_that_nobody_has_read_says_why() -> None:
    found = told(packaged("pboc-carbon"), LOAN, date(2025, 6, 1))
    (rate,) = (term for term in found["parameters"] if term["name"] == "funding_rate")
    assert (rate["value"], rate["before"]) == (None, "2026-01-19")
    assert "1.5" in rate["why"]["zh"]
    assert figures(found)["yearly_cost"] is None


def test_the_range_of_a_fine_is_told_before_anything_is_known() -> None:
    found = told(packaged("ets-art21"), {}, date(2025, 12, 31))
    assert figures(found) == {"fine_least": "5000000", "fine_most": "50000000"}
    assert found["applies"] is False


def test_a_rule_without_figures_tells_which_conditions_hold() -> None:
    given = {"product": "loan", "state": "none", "issued_on": "2025-11-01", "in_2025": True}
    found = told(packaged("green-catalogue"), given, date(2025, 12, 31))
    assert found["figures"] == []
    assert [held["name"] for held in found["holds"]] == ["covered", "by_2025", "listed"]


def test_a_rule_with_a_sum_tells_no_other_result() -> None:
    found = told(read(THRESHOLDS), {}, date(2025, 12, 31))
    assert (found["sum"], found["figures"], found["holds"]) == (True, [], [])


def test_the_way_to_the_sum_has_each_step_with_the_source_of_each_value() -> None:
    row = {"outlet": "A", "medium": "air", "pollutant": "烟尘", "mass_kg": 218, "ratio": "0.4",
           "exceeded": False}  # fmt: skip
    found = told(packaged("ept-art13"), {"emissions": [row]}, date(2025, 12, 31))
    steps = {step["name"]: step for step in found["steps"]}
    # 218 / 2.18 = 100 equivalents at 1.2 is 120; half of it is paid.
    assert [steps[n]["value"] for n in ("equivalents", "gross_each", "pay", "due_each")] == [
        "100", "120", "0.5", "60",
    ]  # fmt: skip
    assert steps["relief"]["value"] == "6000"
    assert steps["relief"]["title"] == {"zh": "减征税额", "en": "Tax relieved"}
    mass, table, *_ = steps["equivalents"]["operands"]
    assert (mass["name"], mass["from"]) == ("mass_kg", "declared")
    assert (table["name"], table["value"], table["from"]) == ("equivalent_kg", "2.18", "parameter")
    assert "declared_once" not in steps  # a check leads to no sum


def test_of_a_rule_that_is_not_told_there_are_no_steps_and_nothing_is_asked_for() -> None:
    found = told(packaged("pboc-coal"), {}, date(2026, 3, 31))
    assert (found["steps"], found["wanted"]) == ([], [])
    assert found["parameters"]


def test_the_inputs_of_the_sum_are_open_beside_those_of_the_conditions() -> None:
    found = told(packaged("pboc-carbon"), {**LOAN, "principal": None}, date(2026, 3, 31))
    needed = {item["name"] for item in found["wanted"] if item["needed"]}
    assert needed == {"principal"}
    assert {item["name"] for item in found["wanted"]} == {*LOAN, "early_counts"}
    (item,) = (i for i in found["wanted"] if i["name"] == "principal")
    assert (item["kind"], item["unit"], item["least"], item["stated_as"]) == (
        "number", "CNY", "0", None,
    )  # fmt: skip


def test_what_an_item_of_a_list_lacks_is_named_by_its_place() -> None:
    facts = {"sites": [{"site": "A", "saved_t": 130}], "trade": "steel", "small": True}
    law = rule()
    made = put(law, [], date(2026, 1, 1), REGION, declared=facts)
    stated = {"sites": facts["sites"]}
    found: Any = beside.wanted(law, made.given, stated, made.on, {})
    assert {item["name"]: item["needed"] for item in found} == {
        "trade": False, "small": False, "sites[0].plants": True,
    }  # fmt: skip


def test_a_missing_list_names_indicators_unit_period_and_who_may_state_them() -> None:
    law = packaged("ept-art13")
    made = put(law, [], date(2026, 2, 3), REGION)
    mass = {
        "name": "排放量", "name_en": None, "unit": "kg", "circle": "party",
        "dimensions": ["outlet", "medium", "pollutant"], "publishers": ["enterprise"],
    }  # fmt: skip
    found: Any = beside.wanted(law, made.given, made.stated, made.on, {"discharge.mass": mass})
    (item,) = found
    way = item["stated_as"]
    assert (way["period"], way["start"], way["end"]) == ("month", "2026-02-01", "2026-02-28")
    assert way["indicators"][0] == {
        "indicator": "discharge.mass",
        "input": "mass_kg",
        "title": {"zh": "排放量"},
        "unit": "kg",
        "dimensions": ["outlet", "medium", "pollutant"],
        "roles": ["enterprise"],  # the rule hears the regulator too, who may not state it
        "type": "fact.report",
    }
    assert [told["indicator"] for told in way["indicators"][1:]] == [
        "discharge.ratio",
        "discharge.exceeded",
    ]


def test_every_mistake_is_told_at_once_with_the_bounds_of_its_input() -> None:
    wrong = {"staff": "1.5", "share": 2, "spend": "x", "base": 1, "clean": "maybe"}
    found = told(read(THRESHOLDS), wrong, date(2025, 12, 31))
    assert [(item["input"], item["code"]) for item in found["unfit"]] == [
        ("staff", "number-not-whole"),
        ("share", "number-out-of-range"),
        ("spend", "number-malformed"),
        ("clean", "flag-malformed"),
    ]
    share = found["unfit"][1]
    assert (share["least"], share["most"], share["left_out"]) == ("0", "1", False)
    assert {item["name"] for item in found["wanted"]} == set(wrong)  # the form stays whole


@pytest.mark.parametrize("name", names())
def test_every_packaged_rule_without_a_sum_tells_something(name: str) -> None:
    law = packaged(name)
    on = law.force.span.start or date(2026, 1, 1)
    found = told(law, {}, on)
    assert all(set(step.title) == {"zh", "en"} for step in law.steps)
    if law.amount is None:
        assert found["figures"] or found["parameters"]
