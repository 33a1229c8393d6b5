"""Thresholds: who stands close to one, and how far the amount jumps there.

Close is within a twentieth of the threshold. A threshold is the side of a comparison in a
condition that is the same for all; where neither is, the right one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import numpy as np

from incentives import exact
from incentives.population import arithmetic
from incentives.population.columns import KNOWN, Array, Bits, Flags, Numbers, constant
from incentives.population.facts import Facts
from incentives.population.people import People
from incentives.population.whatif import total
from incentives.population.work import Result, put
from incentives.rules.rule import Rule
from incentives.rules.syntax import Compare

CLOSE = Fraction(1, 20)
_ORDERED = ("<", "<=", ">", ">=")


@dataclass(frozen=True)
class Edge:
    """One threshold: enterprises close to it that do not meet it, and those that just do.

    `threshold` is its value, None where it is not the same for all.
    """

    condition: str
    clause: str | None
    expression: str
    threshold: Fraction | None
    missed: Bits
    met: Bits

    @property
    def name(self) -> str:
        """What tells it from the rule's other thresholds."""
        return f"{self.condition}: {self.expression}"


@dataclass(frozen=True, slots=True)
class Cliff:
    """How far amounts jump at a threshold, in fen, over the enterprises close to it.

    The jump of one is its amount with the condition met less that with it not met, all else equal.
    """

    name: str
    close: int
    least_fen: int
    most_fen: int
    mean_fen: int


@dataclass(slots=True)
class _Watch:
    """Hears every comparison while the steps of a rule are worked out."""

    found: list[tuple[Compare, str | None, Numbers, Numbers, Flags]] = field(default_factory=list)

    def __call__(
        self, node: Compare, rows: str | None, left: Numbers, right: Numbers, flags: Flags
    ) -> Flags:
        if node.op in _ORDERED and not _counting(left, right):
            self.found.append((node, rows, left, right, flags))
        return flags


def edges(rule: Rule, facts: Facts, result: Result) -> list[Edge]:
    """The thresholds of the rule's conditions with who stands close to them.

    `result` are the rule's own answers. Enterprises without a yes or a no are left out.
    """
    if result.world is None:
        return []
    found = []
    for step in rule.steps:
        if step.role != "condition":
            continue
        watch = _Watch()
        result.world.evaluation(step.each, watch).column(step.node)
        for node, rows, left, right, flags in watch.found:
            close = _close(left, right)
            missed, met = close & ~np.asarray(flags.true), close & np.asarray(flags.true)
            if rows is not None:
                ragged = result.world.lists[rows]
                missed, met = (
                    ragged.folded(
                        np.logical_or.reduceat, np.broadcast_to(side, ragged.length), False
                    )
                    for side in (missed, met)
                )
            shape = facts.count
            missed, met = (np.broadcast_to(side, shape) & result.settled for side in (missed, met))
            if not missed.any() and not met.any() and not _interesting(left, right):
                continue
            found.append(
                Edge(step.name, step.clause, node.text, _threshold(left, right), missed, met)
            )
    return found


def near(found: Sequence[Edge], count: int) -> Bits:
    """Who misses any threshold closely."""
    missed = np.zeros(count, bool)
    for edge in found:
        missed |= edge.missed
    return missed


def cliff(rule: Rule, people: People, facts: Facts, on: date, edge: Edge) -> Cliff | None:
    """How far amounts jump at a threshold; None where nobody is close or nothing is paid."""
    places = np.flatnonzero(edge.missed | edge.met)
    if rule.amount is None or not len(places):
        return None
    some, theirs = people.taken(places), facts.taken(places)
    over, under = (
        put(rule, some, theirs, on, seen=_Forced(edge.expression, met)) for met in (True, False)
    )
    return _jump(edge, over, under)


@dataclass(frozen=True, slots=True)
class _Forced:
    """Makes one comparison come out as told wherever the value is close to the threshold."""

    expression: str
    met: bool

    def __call__(
        self, node: Compare, rows: str | None, left: Numbers, right: Numbers, flags: Flags
    ) -> Flags:
        if node.text != self.expression:
            return flags
        return Flags(np.where(_close(left, right), self.met, flags.true), flags.state)


def _jump(edge: Edge, over: Result, under: Result) -> Cliff | None:
    jumps = (over.amount_fen - under.amount_fen)[over.settled & under.settled]
    if not len(jumps):
        return None
    mean = exact.rounded(Fraction(total(jumps), len(jumps)), "half-up")
    return Cliff(edge.name, len(jumps), int(jumps.min()), int(jumps.max()), mean)


def _close(left: Numbers, right: Numbers) -> Array:
    """Where the two sides lie within a twentieth of the threshold, and both are known."""
    limit = left if _fixed(left) and not _fixed(right) else right
    apart = arithmetic.absolute(arithmetic.plus(left, arithmetic.negative(right)))
    reach = arithmetic.times(arithmetic.absolute(limit), constant(CLOSE))
    return np.asarray(arithmetic.compared("<=", apart, reach).true)


def _fixed(side: Numbers) -> bool:
    return isinstance(side.top, int) and side.under is None


def _threshold(left: Numbers, right: Numbers) -> Fraction | None:
    for side in (right, left):
        if (
            isinstance(side.top, int)
            and side.under is None
            and np.any(np.asarray(side.state) == KNOWN)
        ):
            return Fraction(side.top, side.bottom)
    return None


def _counting(left: Numbers, right: Numbers) -> bool:
    """Whether small whole numbers are compared, of which a twentieth is less than one."""
    return all(
        side.bottom == 1 and side.under is None and side.low > -20 and side.high < 20
        for side in (left, right)
    )


def _interesting(left: Numbers, right: Numbers) -> bool:
    """Whether exactly one side is the same for all."""
    return _fixed(left) is not _fixed(right)


def summary(found: Sequence[Edge]) -> list[Mapping[str, object]]:
    """Thresholds for whoever reads a program's answer."""
    return [
        {
            "condition": edge.condition,
            "clause": edge.clause,
            "expression": edge.expression,
            "threshold": None if edge.threshold is None else exact.text(edge.threshold),
            "missed_closely": int(np.count_nonzero(edge.missed)),
            "met_closely": int(np.count_nonzero(edge.met)),
        }
        for edge in found
    ]
