"""Answers: states, amounts, what is wanting, time, and facts of the wrong shape."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest

from incentives.rules.answer import Answer
from incentives.rules.assess import assess
from incentives.rules.errors import InputRefused
from incentives.rules.report import plain
from tests.incentives.rules.sample import FACTS, rule

DAY = date(2023, 6, 1)


def answered(changes: dict[str, object], day: date = DAY) -> Answer:
    facts = {k: v for k, v in (FACTS | changes).items() if v is not ...}
    return assess(rule(), facts, day)


def answer(day: date = DAY, **changes: object) -> Answer:
    return answered(changes, day)


def states(found: Answer) -> dict[str, str]:
    return {c.name: c.state for c in found.conditions}


def sites(*saved: object) -> list[dict[str, object]]:
    return [{"site": f"{i}", "saved_t": s, "plants": 1} for i, s in enumerate(saved)]


def test_a_yes_has_its_amount_and_every_condition() -> None:
    found = answer()
    # 119.5 t x (10 + 0.5) = 1254.75 yuan.
    assert (found.status, found.amount_fen, found.wanting) == ("yes", 125475, ())
    assert states(found) == {
        "enough": "yes",
        "is_small": "not-in-force",
        "trade_favoured": "yes",
    }
    assert found.pre_check is True


def test_the_distance_to_the_threshold_is_shown() -> None:
    (distance,) = answer().conditions[0].distances
    assert (distance.text, distance.value, distance.threshold, distance.difference) == (
        "saved >= threshold",
        Fraction(239, 2),
        Fraction(100),
        Fraction(39, 2),
    )


def test_a_no_is_worth_nothing_and_shows_every_gap() -> None:
    found = answer(trade="glass", sites=sites(99))
    assert (found.status, found.amount_fen) == ("no", 0)
    assert states(found)["enough"] == states(found)["trade_favoured"] == "no"
    assert found.conditions[0].distances[0].difference == -1


def test_exactly_the_threshold_is_enough_where_the_rule_says_so() -> None:
    assert answer(sites=sites(100)).status == "yes"


def test_the_law_of_the_day_decides() -> None:
    # From 2024 the threshold is 120 and steel pays 12: 119.5 is too little, 120 x 12.5 = 1500.
    assert answer(date(2024, 1, 1)).status == "no"
    assert answer(date(2024, 1, 1), sites=sites(120)).amount_fen == 150000


def test_a_clause_comes_into_force_on_its_day() -> None:
    assert states(answer(date(2024, 12, 31)))["is_small"] == "not-in-force"
    assert states(answer(date(2025, 1, 1)))["is_small"] == "yes"
    assert answer(date(2024, 12, 31)).conditions[1].wanting == ("two",)


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2030, 1, 1)])
def test_outside_its_span_a_rule_says_not_in_force(day: date) -> None:
    found = answer(day)
    assert (found.status, found.amount_fen, found.wanting) == (
        "not-in-force",
        None,
        ("sample-award",),
    )
    assert set(states(found).values()) == {"not-in-force"}


@pytest.mark.parametrize(
    ("day", "trade", "wanting"),
    [
        (date(2021, 12, 31), "steel", ("bonus",)),
        (date(2024, 1, 1), "paper", ("rate[paper]",)),
        (date(2029, 1, 1), "paper", ("rate[paper]", "bonus")),
    ],
)
def test_an_amount_without_its_parameter_is_not_in_force(
    day: date, trade: str, wanting: tuple[str, ...]
) -> None:
    found = answer(day, trade=trade, sites=sites(500))
    assert (found.status, found.amount_fen, found.wanting) == ("not-in-force", None, wanting)


@pytest.mark.parametrize(
    ("changes", "wanting"),
    [
        ({"trade": ...}, ("trade",)),
        ({"trade": None}, ("trade",)),
        ({"sites": ...}, ("sites",)),
        ({"sites": sites(100, None)}, ("sites[1].saved_t",)),
        ({"trade": ..., "sites": sites(None)}, ("sites[0].saved_t", "trade")),
    ],
)
def test_missing_is_never_no(changes: dict[str, object], wanting: tuple[str, ...]) -> None:
    found = answered(changes)
    assert (found.status, found.amount_fen, found.wanting) == ("missing", None, wanting)


def test_what_is_missing_but_undecisive_leaves_a_no() -> None:
    found = answer(trade="glass", sites=...)
    assert (found.status, found.amount_fen) == ("no", 0)
    assert states(found)["enough"] == "missing"


def test_a_failed_check_refuses_the_facts() -> None:
    facts = [{"site": "A", "saved_t": 1, "plants": 1}, {"site": "B", "saved_t": 1, "plants": 0}]
    with pytest.raises(InputRefused) as caught:
        answer(sites=facts)
    assert caught.value.code == "check-failed"
    assert caught.value.params == {"field": "sites[1]", "check": "plants_positive"}


def test_a_check_of_missing_facts_is_no_failure() -> None:
    assert answer(sites=[{"site": "A", "saved_t": 100}]).status == "yes"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"colour": "green"}, "field-unknown", "colour"),
        ({"trade": 5}, "field-type", "trade"),
        ({"trade": "wood"}, "choice-unknown", "trade"),
        ({"small": 1}, "flag-malformed", "small"),
        ({"sites": "A"}, "field-type", "sites"),
        ({"sites": [5]}, "field-type", "sites[0]"),
        ({"sites": [{"town": "A"}]}, "field-unknown", "sites[0].town"),
        ({"sites": [{"site": "x" * 201}]}, "text-too-long", "sites[0].site"),
        ({"sites": [{"saved_t": 0.5}]}, "number-malformed", "sites[0].saved_t"),
        ({"sites": [{"saved_t": "-0.1"}]}, "number-out-of-range", "sites[0].saved_t"),
        ({"sites": [{"saved_t": 1000001}]}, "number-out-of-range", "sites[0].saved_t"),
        ({"sites": [{"plants": "1.5"}]}, "number-not-whole", "sites[0].plants"),
        ({"sites": [{}] * 1001}, "list-too-long", "sites"),
    ],
)
def test_facts_of_the_wrong_shape_are_refused(
    changes: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(InputRefused) as caught:
        answered(changes)
    assert (caught.value.code, caught.value.params["field"]) == (code, field)


def test_facts_are_a_mapping() -> None:
    with pytest.raises(InputRefused, match="field-type"):
        assess(rule(), [], DAY)


def test_facts_are_not_changed() -> None:
    before = json.dumps(FACTS)
    answer()
    assert json.dumps(FACTS) == before


def test_a_report_is_the_same_every_time() -> None:
    assert json.dumps(plain(answer())) == json.dumps(plain(answer()))


def test_a_report_says_what_it_is_and_by_which_version() -> None:
    found = plain(answer())
    assert (found["pre_check"], found["review"], found["as_of"]) == (
        True,
        "unverified",
        "2023-06-01",
    )
    assert found["rule_sha256"] == rule().digest
    assert found["amount_fen"] == 125475
    assert found["excludes"] == ["other-award"]


def test_a_report_cites_parameters_and_clauses() -> None:
    found = json.loads(json.dumps(plain(answer())))
    threshold = found["parameters"][0]
    assert threshold == {
        "name": "threshold",
        "unit": "t",
        "value": "100",
        "source": "test",
        "confidence": "low",
        "clause": "one",
    }
    assert found["parameters"][2]["value"] == ["paper", "steel"]
    assert found["parameters"][3]["value"] is None
    assert found["clauses"][0]["text"] == "节能量达到起点的，每吨奖励若干元。"


def test_a_report_explains_each_step() -> None:
    steps = {s["name"]: s for s in json.loads(json.dumps(plain(answer())))["steps"]}
    award = steps["award"]
    assert (award["value"], award["round"], award["trace"]["value"]) == (
        "125475",
        "half-up",
        "125475",
    )
    product = award["trace"]["parts"][0]
    assert product["expression"] == "100 * saved"
    assert product["inputs"] == [{"name": "saved", "value": "119.5"}]
    small = steps["is_small"]
    assert (small["value"], small["state"], small["wanting"]) == (None, "not-in-force", ["two"])
    assert "steps" not in plain(answer(), explain=False)


def test_a_report_of_a_rule_without_force_is_whole() -> None:
    found = plain(answer(date(2019, 1, 1)))
    assert (found["status"], found["eligible"], found["steps"]) == ("not-in-force", None, [])
