"""Golden tests of rules: they pass, they fail with what differs, and bad files are refused."""

from __future__ import annotations

import pytest

from incentives.rules import golden, packaged
from incentives.rules.errors import RuleRefused
from incentives.rules.golden import Failure
from incentives.rules.rule import Rule, read
from tests.incentives.rules.sample import rule

FACTS = "{trade: steel, small: true, sites: [{site: A, saved_t: 100, plants: 1}]}"


def run(expect: str, facts: str = FACTS) -> tuple[Failure, ...]:
    text = (
        "rule: sample-award\ncases:\n"
        f"  - {{name: a case, as_of: 2023-06-01, facts: {facts}, expect: {expect}}}\n"
    )
    return golden.run(rule(), golden.read(text, rule()))


def test_what_is_expected_passes() -> None:
    # 100 x (10 + 0.5) = 1050 yuan.
    assert run("{status: yes, amount_fen: 105000, figures: {saved: 100}}") == ()
    assert run("{states: {enough: yes, is_small: [not-in-force]}}") == ()
    assert run("{status: missing, wanting: [trade, sites]}", "{}") != ()
    assert run("{status: missing, wanting: [sites, trade]}", "{}") == ()
    assert run("{refused: field-unknown}", "{colour: green}") == ()


@pytest.mark.parametrize(
    ("expect", "failure"),
    [
        ("{status: no}", Failure("a case", "status", "no", "yes")),
        ("{amount_fen: 1}", Failure("a case", "amount_fen", "1", "105000")),
        ("{figures: {saved: 0.5}}", Failure("a case", "figures.saved", "0.5", "100")),
        ("{figures: {costs: 1}}", Failure("a case", "figures.costs", "1", None)),
        ("{states: {enough: no}}", Failure("a case", "states.enough", "no", "yes")),
        ("{refused: check-failed}", Failure("a case", "refused", "check-failed", None)),
    ],
)
def test_what_differs_is_told(expect: str, failure: Failure) -> None:
    assert run(expect) == (failure,)


def test_a_refusal_that_nobody_expected_fails() -> None:
    assert run("{status: yes}", "{colour: green}") == (
        Failure("a case", "status", "yes", None, "field-unknown colour"),
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("rule: other\ncases: []", "rule-other"),
        ("rule: sample-award\ncases: []", "cases-empty"),
        ("rule: sample-award\ncases: [{name: a, as_of: 2023-01-01, expect: {}}]",
         "case-without-expectation"),
        ("rule: sample-award\ncases: [{name: a, as_of: 2023, expect: {status: yes}}]",
         "date-malformed"),
        ("rule: sample-award\ncases: [{name: a, hint: b}]", "field-unknown"),
    ],
)  # fmt: skip
def test_bad_files_are_refused(text: str, code: str) -> None:
    with pytest.raises(RuleRefused) as caught:
        golden.read(text, rule())
    assert caught.value.code == code


@pytest.mark.parametrize("name", packaged.names())
def test_every_packaged_rule_passes_its_golden_tests(name: str) -> None:
    found = read(packaged.rule_text(name))
    assert found.id == name
    cases = golden.read(packaged.golden_text(name), found)
    assert golden.run(found, cases) == ()


@pytest.mark.parametrize("name", packaged.names())
def test_every_condition_of_a_packaged_rule_is_tried_both_ways(name: str) -> None:
    found = read(packaged.rule_text(name))
    cases = golden.read(packaged.golden_text(name), found)
    for step in found.steps:
        if step.role == "condition":
            key = f"states.{step.name}"
            tried = {s for c in cases for s in c.expect.get(key, "").split()}
            if never_read(found, step.clause):
                assert tried == {"unverified"}, step.name
            else:
                assert {"yes", "no", "missing"} <= tried, step.name


def never_read(rule: Rule, clause: str | None) -> bool:
    """Whether nobody has read what a clause asks for, on any day of the rule."""
    doubt = None if clause is None else rule.clauses[clause].force.doubt
    start = rule.force.span.start
    return doubt is not None and start is not None and doubt.start <= start
