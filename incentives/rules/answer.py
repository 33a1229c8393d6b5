"""The answer to a question put to a rule: a pre-check (预审结果), no administrative decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from incentives.rules.evaluate import World
from incentives.rules.law import Clause, Parameter
from incentives.rules.rule import Rule
from incentives.rules.steps import Step
from incentives.rules.trace import Distance, Trace
from incentives.rules.values import State, Value


@dataclass(frozen=True, slots=True)
class Worked:
    """A step with the value it came to; `item` is the place in its list, from 0.

    `label` are the facts that name the item. `value` is after rounding, the trace's is before.
    """

    step: Step
    item: int | None
    label: tuple[str, ...]
    value: Value
    trace: Trace


@dataclass(frozen=True, slots=True)
class Condition:
    """The state of a condition, and how far it is from each of its thresholds."""

    name: str
    item: int | None
    label: tuple[str, ...]
    state: State
    wanting: tuple[str, ...]
    distances: tuple[Distance, ...]
    clause: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the rule works out for the whole question."""

    name: str
    unit: str
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class Used:
    """A parameter as it stood on the day: `value` None for a table or where none was in force.

    `why` says, by language, why nobody can say what it was.
    """

    parameter: Parameter
    value: Fraction | frozenset[str] | date | None
    why: Mapping[str, str]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule says of some facts on a day.

    `amount_fen` is None where the rule has none or it cannot be known, and 0 for a no. `wanting`
    names the facts, parameters or clauses for want of which nothing is said. `world` is what every
    name stood for in the end.
    """

    rule: Rule
    as_of: date
    status: State
    amount_fen: int | None
    wanting: tuple[str, ...]
    conditions: tuple[Condition, ...]
    figures: tuple[Figure, ...]
    steps: tuple[Worked, ...]
    eligible: Trace | None
    parameters: tuple[Used, ...]
    clauses: tuple[Clause, ...]
    world: World = field(default_factory=World, repr=False, compare=False)
    pre_check: Literal[True] = True
