"""What a rule that grades gives: a few whole numbers, of each how many have it.

Such a rule grants no sum, so that a change of its figures shows in who is graded otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from incentives.population.columns import KNOWN, Array, Bits, Numbers
from incentives.population.work import YES, Result
from incentives.rules.rule import Rule
from incentives.rules.steps import Step

KIND, BARE = "grade", "1"
MOST = 99
"""Above it a whole number is a count of something, and no grade."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of those told yes: `known` where it was worked out, `value` 0 elsewhere."""

    step: Step
    known: Bits
    value: Array

    def without(self, result: Result) -> int:
        """How many are told yes without it, for want of a fact."""
        return int(np.count_nonzero((result.status == YES) & ~self.known))

    def counts(self) -> dict[str, int]:
        """How many have each grade, the lowest number first."""
        found = np.bincount(self.value[self.known])
        return {str(value): int(found[value]) for value in np.flatnonzero(found).tolist()}


def grades(result: Result) -> Mapping[str, Grade]:
    """The grades of a result by name."""
    found = {step.name: _grade(result, step) for step in _graded(result.rule)}
    return {name: grade for name, grade in found.items() if grade is not None}


def regraded(before: Grade, after: Grade) -> Bits:
    """Who has another grade; nobody where it is not known on both sides."""
    return np.asarray(before.known & after.known & (before.value != after.value))


def _graded(rule: Rule) -> tuple[Step, ...]:
    if rule.kind != KIND or rule.amount is not None:
        return ()
    return tuple(
        step
        for step in rule.steps
        if step.role == "let" and step.kind == "number" and step.each is None and step.unit == BARE
    )


def _grade(result: Result, step: Step) -> Grade | None:
    """A step as a grade, or None where it is a quotient or a number of many values."""
    column = result.steps.get(step.name)
    if not isinstance(column, Numbers) or column.bottom != 1 or column.under is not None:
        return None
    if not 0 <= column.low <= column.high <= MOST:
        return None
    count = len(result.status)
    state = np.broadcast_to(np.asarray(column.state), count)
    value = np.broadcast_to(np.asarray(column.top), count)
    known = (result.status == YES) & (state == KNOWN)
    return Grade(step, known, np.where(known, value, 0).astype(np.int64))
