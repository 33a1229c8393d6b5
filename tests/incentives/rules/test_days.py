"""Days in rules: months counted by hand, comparisons to the day, the law's own day by name."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from incentives.rules.assess import assess
from incentives.rules.days import months
from incentives.rules.errors import InputRefused, RuleRefused
from incentives.rules.rule import Rule
from tests.incentives.rules.sample import FACTS, rule

START = ("  small: {kind: flag}\n", "  small: {kind: flag}\n  since: {kind: day}\n")


def dated(expression: str) -> Rule:
    """The sample with a condition on a day instead of the one on size."""
    return rule(START, ("    is: small\n", f"    is: {expression}\n"))


def state(expression: str, since: object, on: date = date(2025, 6, 30)) -> str:
    found = assess(dated(expression), {**FACTS, "since": since}, on)
    return next(c.state for c in found.conditions if c.name == "is_small")


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        (date(2025, 1, 15), date(2025, 2, 14), 0),
        (date(2025, 1, 15), date(2025, 2, 15), 1),
        (date(2024, 1, 31), date(2024, 2, 29), 0),
        (date(2024, 1, 31), date(2024, 3, 1), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 11),
        (date(2024, 2, 29), date(2025, 3, 1), 12),
        (date(2025, 3, 1), date(2024, 2, 29), -12),
    ],
)
def test_a_month_is_whole_on_the_day_of_its_number(first: date, last: date, whole: int) -> None:
    assert months(first, last) == whole


@pytest.mark.parametrize(
    ("expression", "yes", "no"),
    [
        ("since < day('2025-01-15')", "2025-01-14", "2025-01-15"),
        ("since >= day('2025-01-15')", "2025-01-15", "2025-01-14"),
        ("since == day('2024-02-29')", "2024-02-29", "2024-03-01"),
        ("months(since, as_of) >= 12", "2024-06-30", "2024-07-01"),
        ("days(since, as_of) <= 30", "2025-05-31", "2025-05-30"),
        ("year(as_of) - year(since) < 3", "2023-01-01", "2022-12-31"),
        ("since <= as_of", "2025-06-30", "2025-07-01"),
    ],
)
def test_a_day_decides_to_the_day(expression: str, yes: str, no: str) -> None:
    assert (state(expression, yes), state(expression, no)) == ("yes", "no")


def test_a_day_that_nobody_gave_is_missing() -> None:
    assert state("since < day('2025-01-15')", None) == "missing"


def test_the_distance_to_a_day_is_in_days() -> None:
    found = assess(
        dated("since < day('2025-01-15')"), {**FACTS, "since": "2025-01-20"}, date(2025, 6, 1)
    )
    (away,) = next(c.distances for c in found.conditions if c.name == "is_small")
    assert (away.value, away.threshold) == (date(2025, 1, 20), date(2025, 1, 15))
    assert away.difference == Fraction(5)


@pytest.mark.parametrize("given", ["2025-02-30", "20250101", "2025-1-1", 20250101, True])
def test_what_is_no_day_is_refused(given: object) -> None:
    with pytest.raises(InputRefused):
        state("since < day('2025-01-15')", given)


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("since < 3", "kind-mismatch"),
        ("since < '2025-01-15'", "kind-mismatch"),
        ("since < day('2025-02-30')", "arguments-wrong"),
        ("since < day('2025-1-5')", "arguments-wrong"),
        ("day(since) < as_of", "arguments-wrong"),
        ("days(since) < 3", "arguments-wrong"),
        ("year(small) == 2025", "kind-mismatch"),
        ("since + 1 < as_of", "kind-mismatch"),
    ],
)
def test_days_mix_with_nothing_else(expression: str, code: str) -> None:
    with pytest.raises(RuleRefused) as fault:
        dated(expression)
    assert fault.value.code == code


def test_the_day_of_the_law_is_a_name_that_nobody_else_may_have() -> None:
    with pytest.raises(RuleRefused, match="name-twice"):
        rule(("  small: {kind: flag}\n", "  small: {kind: flag}\n  as_of: {kind: day}\n"))
