"""What a rule without a sum of its own has in money: what a bank may borrow, bounds of a fine.

Such a rule gives no amount, but works out figures in fen; each is summed over those told yes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from incentives.population import arithmetic
from incentives.population.columns import KNOWN, Array, Bits, Numbers
from incentives.population.work import YES, Result
from incentives.rules.rule import Rule
from incentives.rules.steps import Step

FEN = "fen"


@dataclass(frozen=True, slots=True)
class Money:
    """A figure of those told yes: `known` where it was worked out, `fen` 0 elsewhere."""

    step: Step
    known: Bits
    fen: Array


def money_of(rule: Rule) -> tuple[Step, ...]:
    """The figures in fen of a rule that has no amount."""
    if rule.amount is not None:
        return ()
    return tuple(
        step
        for step in rule.steps
        if step.role == "let" and step.kind == "number" and step.each is None and step.unit == FEN
    )


def money(result: Result) -> Mapping[str, Money]:
    """The figures of a result by name, half up where the rule does not round."""
    return {step.name: _money(result, step) for step in money_of(result.rule)}


def altered(before: Money, after: Money) -> Bits:
    """Whose figure is another one; nobody's where it is not known on both sides."""
    return np.asarray(before.known & after.known & (before.fen != after.fen))


def _money(result: Result, step: Step) -> Money:
    count = len(result.status)
    column = result.steps.get(step.name)
    if not isinstance(column, Numbers):  # law that says nothing works nothing out
        return Money(step, np.zeros(count, bool), np.zeros(count, np.int64))
    whole = arithmetic.rounded(column, "half-up")
    state = np.broadcast_to(np.asarray(whole.state), count)
    known = (result.status == YES) & (state == KNOWN)
    return Money(step, known, np.where(known, np.asarray(whole.top), 0))
