"""The rules that ship: what holds for every one of them, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import pytest

from incentives.population.naming import asks
from incentives.rules import golden, packaged
from incentives.rules.assess import assess
from incentives.rules.errors import InputRefused, RuleFault
from incentives.rules.golden import Case
from incentives.rules.law import Parameter
from incentives.rules.rule import Rule, read
from incentives.rules.values import Absent, State, text

NAMES = packaged.names()
DAY = timedelta(days=1)
DECIDED = ("yes", "no")


@cache
def law(name: str) -> Rule:
    return read(packaged.rule_text(name))


@cache
def cases(name: str) -> tuple[Case, ...]:
    return golden.read(packaged.golden_text(name), law(name))


def status(rule: Rule, facts: object, on: date) -> State | None:
    """The status, or None where the facts contradict themselves."""
    try:
        return assess(rule, facts, on).status
    except (InputRefused, RuleFault):
        return None


def without_one(facts: dict[str, object]) -> Iterator[dict[str, object]]:
    """The facts without each of their values in turn, those of list items too."""
    for name, value in facts.items():
        yield {n: v for n, v in facts.items() if n != name}
        if isinstance(value, list):
            for place, item in enumerate(value):
                for field in item:
                    short = {n: v for n, v in item.items() if n != field}
                    yield {**facts, name: [*value[:place], short, *value[place + 1 :]]}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_known_never_turns_an_answer_round(name: str) -> None:
    rule, tried = law(name), 0
    for case in cases(name):
        assert isinstance(case.facts, dict)
        whole = status(rule, case.facts, case.as_of)
        for facts in without_one(case.facts):
            found = status(rule, facts, case.as_of)
            tried += 1
            assert {whole, found} != {"yes", "no"}, (case.name, facts)
            if whole not in DECIDED:  # a gap more decides nothing either
                assert found not in DECIDED or whole is None, (case.name, facts)
    assert tried > 0


@pytest.mark.parametrize("name", NAMES)
def test_with_nothing_known_the_answer_is_never_no(name: str) -> None:
    rule = law(name)
    for day in {case.as_of for case in cases(name)}:
        assert status(rule, {}, day) in ("missing", "unverified", "not-in-force")


COAL = ("clean-coal-power", "clean-processing", "coal-resources", "coalbed-methane",
        "household-heating", "industrial-heating", "safe-green-mining")  # fmt: skip
CARBON = ("carbon-technology", "clean-energy", "energy-saving")
NONE, UNREAD = "not-in-force", "unverified"
# Every day on which a figure changes while its rule is in force, with what it was and what it is.
CHANGES = (
    ("cit-cdm", "tax_rate", date(2008, 1, 1), NONE, "0.25"),
    ("pboc-carbon", "fields", date(2026, 1, 15), CARBON,
     (*CARBON, "energy-retrofit", "energy-transition", "green-upgrade")),
    ("pboc-carbon", "widened_on", date(2026, 1, 15), NONE, "2026-01-15"),
    ("pboc-carbon", "funding_rate", date(2025, 1, 1), "0.0175", UNREAD),
    ("pboc-carbon", "funding_rate", date(2026, 1, 19), UNREAD, "0.0125"),
    ("pboc-carbon", "yearly_limit", date(2026, 1, 15), NONE, "800000000000"),
    ("pboc-coal", "fields", date(2022, 5, 5), COAL,
     (*COAL, "coal-for-power", "mine-safety-and-stocks")),
    ("pboc-coal", "widened_on", date(2022, 5, 5), NONE, "2022-05-05"),
    ("pboc-coal", "total", date(2022, 5, 5), "200000000000", "300000000000"),
)  # fmt: skip


def figure(parameter: Parameter, on: date) -> object:
    """A figure on a day as text, a set in order, or why there is none."""
    by_kind = {"value": parameter.number, "day": parameter.day, "texts": parameter.texts}
    found = by_kind[parameter.kind](on)
    if isinstance(found, Absent):
        return found.state
    return tuple(sorted(found)) if isinstance(found, frozenset) else text(found)


@pytest.mark.parametrize(("name", "figure_", "day", "before", "since"), CHANGES)
def test_a_figure_changes_on_its_day_and_not_the_day_before(
    name: str, figure_: str, day: date, before: object, since: object
) -> None:
    parameter = law(name).parameters[figure_]
    told = [figure(parameter, on) for on in (day - DAY, day)]
    assert told == [tuple(sorted(v)) if isinstance(v, tuple) else v for v in (before, since)]


def test_every_change_of_a_figure_within_its_rules_days_is_among_those() -> None:
    found = {
        (name, parameter.id, day)
        for name in NAMES
        for parameter in law(name).parameters.values()
        for dated in parameter.values
        for day in (dated.span.start, dated.span.before)
        if day is not None and day > (law(name).force.span.start or date.min)
    }
    assert found == {change[:3] for change in CHANGES}


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_begins_and_ends_on_its_days(name: str) -> None:
    rule = law(name)
    span, doubt = rule.force.span, rule.force.doubt
    assert span.start is not None
    assert status(rule, {}, span.start - DAY) == "not-in-force"
    assert status(rule, {}, span.start) != "not-in-force"
    if span.before is not None:
        assert status(rule, {}, span.before - DAY) != "not-in-force"
        assert status(rule, {}, span.before) == "not-in-force"
    if doubt is not None:
        for case in cases(name):
            assert status(rule, case.facts, doubt.start) == "unverified"
        assert status(rule, {}, doubt.start - DAY) == "missing"


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_is_shown_has_words_in_both_languages(name: str) -> None:
    rule = law(name)
    shown = [rule.title, *rule.readings.values()]
    shown += [fact.title for fact in rule.inputs.facts]
    shown += [fact.title for rows in rule.inputs.lists for fact in rows.facts]
    shown += [step.title for step in rule.steps if step.role == "condition"]
    shown += [term.title for term in (*rule.evidence, *rule.clawback)]
    shown += [d.why for p in rule.parameters.values() for d in p.values if d.value is None]
    shown += [] if rule.force.doubt is None else [rule.force.doubt.why]
    for words in shown:
        assert set(words) == {"zh", "en"}, words


@pytest.mark.parametrize("name", NAMES)
def test_every_condition_and_every_amount_rests_on_a_clause(name: str) -> None:
    rule = law(name)
    for step in rule.steps:
        if step.role == "condition" or step.name == rule.amount:
            assert step.clause is not None, step.name
    for step in rule.steps:
        if step.unit == "fen" and name != "ept-art13":
            assert step.round == "half-up"
    cited = {s.clause for s in rule.steps} | {p.clause for p in rule.parameters.values()}
    cited |= {term.clause for term in (*rule.evidence, *rule.clawback)} | {rule.stacking.clause}
    explained = {"notice-3", "notice-4", "extension", "bonds-2021", "regulations-87", "standard"}
    assert set(rule.clauses) - cited <= explained


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_that_nobody_found_is_never_called_found(name: str) -> None:
    for parameter in law(name).parameters.values():
        for dated in parameter.values:
            if dated.value is None or "no source" in dated.source or "none found" in dated.source:
                assert dated.confidence == "low", parameter.id
            elif dated.source.startswith(("memory", "remembered")):
                assert dated.confidence != "found", parameter.id
            if "scan" in dated.source:
                assert dated.confidence in ("medium", "low"), parameter.id


@pytest.mark.parametrize("name", NAMES)
def test_no_law_counts_before_it_has_a_first_day(name: str) -> None:
    rule = law(name)
    for clause in rule.clauses.values():
        assert clause.force.span.start is not None, clause.id
    for parameter in rule.parameters.values():
        for dated in parameter.values:
            assert dated.span.start is not None, parameter.id


def test_nothing_is_called_verified_before_the_original_was_read() -> None:
    drafts = {name for name in NAMES if law(name).review == "draft"}
    assert drafts == {"huzhou-green-loan", "quzhou-label"}
    assert {law(name).review for name in NAMES} == {"draft", "unverified"}


def test_exclusion_is_told_by_both_sides_and_only_of_rules_that_ship() -> None:
    for name in NAMES:
        for other in law(name).stacking.excludes:
            assert other in NAMES
            assert name in law(other).stacking.excludes


def test_every_kind_of_incentive_ships() -> None:
    kinds = {law(name).kind for name in NAMES}
    assert kinds == {
        "tax-relief",
        "fiscal-award",
        "interest-subsidy",
        "facility",
        "grade",
        "sanction",
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_input_is_used_and_every_figure_but_those_for_information(name: str) -> None:
    rule = law(name)
    used = asks(rule.eligible).union(*(asks(step.node) for step in rule.steps))
    items = {fact.name for rows in rule.inputs.lists for fact in rows.facts}
    told = {"total", "yearly_limit"}  # ceilings of a programme, not of one case
    assert {fact.name for fact in rule.inputs.facts} <= used
    assert items <= used
    assert set(rule.parameters) <= used | told
