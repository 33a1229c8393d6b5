"""Whatever is declared, an answer comes that can be written, or the declaration is refused."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives import exact
from incentives.errors import NumberRefused
from incentives.putting import put
from incentives.rules.assess import assess
from incentives.rules.flips import TRIALS_LEAST, changes
from incentives.rules.inputs import Fact
from incentives.rules.packaged import names, rule_text
from incentives.rules.rule import Rule, read
from incentives.rules.together import combined
from ledger.statements.canonical import INTEGER_MAX, encode

NUMBERS = (
    "9e40", "-9e40", "1e-40", "-5", "0", "1", "9007199254740993", "1/3", "1000000", "0.5", "100",
    f"1/{'9' * 50}7", "-1/7",
)  # fmt: skip
DAYS = ("0001-01-01", "9999-12-31", "2026-01-01", "2024-06-30", "2026-12-31")
ASKED = (date(2024, 6, 30), date(2025, 1, 1), date(2026, 6, 30))
REGION = "330500"


def said(fact: Fact) -> st.SearchStrategy[object]:
    if fact.kind == "number":
        return st.sampled_from(NUMBERS)
    if fact.kind == "day":
        return st.sampled_from(DAYS)
    if fact.kind == "flag":
        return st.booleans()
    return st.sampled_from(sorted(fact.choices) or ["a", "CO2"])


def declarations(rule: Rule) -> st.SearchStrategy[dict[str, Any]]:
    known = {fact.name: said(fact) for fact in rule.inputs.facts}
    for rows in rule.inputs.lists:
        item = st.fixed_dictionaries({fact.name: said(fact) for fact in rows.facts})
        known[rows.name] = st.lists(item, min_size=1, max_size=3)
    return st.fixed_dictionaries({}, optional=known)


@pytest.mark.parametrize("name", list(names()))
@given(data=st.data(), on=st.sampled_from(ASKED))
def test_every_answer_of_a_rule_that_ships_can_be_written(
    name: str, data: st.DataObject, on: date
) -> None:
    rule = read(rule_text(name))
    declared = data.draw(declarations(rule))
    encode(put(rule, [], on, REGION, explain=True, declared=declared).written)


def test_an_amount_that_only_a_change_would_give_is_not_told_where_it_cannot_be_written() -> None:
    rule = read(rule_text("ept-exempt"))
    declared = {"tax_otherwise": "9e40", "lawful": False}
    encode(put(rule, [], ASKED[2], REGION, explain=True, declared=declared).written)


def test_a_sum_of_answers_that_cannot_be_written_is_none() -> None:
    each: dict[str, Any] = {"status": "yes", "kind": "tax-relief", "review": "in-force"}
    answers = [{**each, "rule": rule, "amount_fen": INTEGER_MAX} for rule in "ab"]
    told: Any = combined(answers)
    assert (told["rules"], told["amount_fen"]) == (["a", "b"], None)
    encode(told)


def test_a_number_of_more_digits_than_anybody_reads_is_refused() -> None:
    long = Fraction(1, 3**1_300)
    with pytest.raises(NumberRefused, match="number-too-long"):
        exact.text(long)
    assert exact.text(Fraction(1, 2**600)).startswith("0.000")


def outlets(count: int) -> list[dict[str, Any]]:
    return [
        {
            "outlet": f"O{place}",
            "medium": "air",
            "pollutant": "二氧化硫",
            "mass_kg": f"1/1{place:050d}3",
            "ratio": "0.9",
            "exceeded": False,
        }
        for place in range(count)
    ]


def test_sums_of_many_unlike_ratios_are_refused_and_break_nothing() -> None:
    rule = read(rule_text("ept-art13"))
    given_ = {"emissions": outlets(120)}
    told = put(rule, [], ASKED[2], REGION, explain=True, declared=given_).written
    assert (told["status"], told["reason"]) == (
        "refused",
        {"code": "number-too-long", "limit": exact.WRITTEN_BITS_MAX},
    )


def test_a_long_list_is_tried_less_often_and_what_was_not_tried_is_counted() -> None:
    rule = read(rule_text("ept-art13"))
    rows = [{**row, "mass_kg": 100 + place} for place, row in enumerate(outlets(1_000))]
    found = changes(rule, {"emissions": rows}, assess(rule, {"emissions": rows}, ASKED[2]))
    assert len(found.flips) <= TRIALS_LEAST
    assert found.left_out > 0


FLAGS = "".join(
    f"  - {{condition: s{place}, is: s{place - 1} or not s{place - 1}}}\n" for place in range(1, 60)
)
DEEP = f"""
rule: deep
kind: fiscal-award
title: {{zh: 深, en: Deep}}
region: "330000"
grantor: finance
review: in-force
force: {{from: 2020-01-01}}
clauses: {{}}
inputs: {{n: {{kind: number}}, first: {{kind: day}}, last: {{kind: day}}}}
steps:
  - {{condition: s0, is: n > 1}}
{FLAGS}  - {{condition: low, is: "n + n < 0 and s59"}}
  - {{condition: later, is: last > first}}
eligible: low and later
"""


def test_steps_that_name_each_other_twice_are_looked_through_once() -> None:
    """Sixty doublings: whoever follows every path never comes back."""
    found = put(read(DEEP), [], ASKED[2], REGION, declared={"n": 5}).written
    assert found["status"] == "no"


@pytest.mark.parametrize("first", ["9999-12-31", "0001-01-01"])
def test_a_day_beyond_the_calendar_changes_nothing(first: str) -> None:
    declared = {"n": -5, "first": first, "last": first}
    encode(put(read(DEEP), [], ASKED[2], REGION, declared=declared).written)
