"""Puts a question to a rule: the facts of one subject, as the law stood on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache

from incentives import exact
from incentives.rules import inputs, kinds, values
from incentives.rules.answer import Answer, Condition, Figure, Used, Worked
from incentives.rules.errors import InputRefused
from incentives.rules.evaluate import Evaluation, Item, World
from incentives.rules.law import Clause
from incentives.rules.rule import Rule
from incentives.rules.steps import Step
from incentives.rules.trace import Distance
from incentives.rules.values import Absent, State, Table, Value

LAWS_KEPT = 200
"""Of how many rules on how many days it is kept: of those of a question, several times over."""


def assess(rule: Rule, facts: object, as_of: date) -> Answer:
    """Answer by a rule: status, amount, every condition, and the way to each of them.

    `facts` is a mapping by the rule's inputs: integers, exact texts, booleans, lists of mappings.
    The same arguments give the same answer. Raises InputRefused (shape, or check-failed with
    `check` and `field`) and RuleFault.
    """
    scalars, lists = inputs.take(rule.inputs, facts)
    standing = rule.standing(as_of)
    if standing is not None and rule.review != "draft":
        return _not_said(rule, as_of, standing)
    law = _law(rule, as_of)
    work = _Work(rule, as_of, World({**scalars, **law.scalars}, lists, law.texts, law.tables))
    for step in rule.steps:
        work.do(step)
    eligible = Evaluation(work.world).trace(rule.eligible)
    status, amount = work.outcome(eligible.value)
    wanting = work.wanting(eligible.value) if status not in ("yes", "no") else ()
    if standing is not None:  # of a draft everything is shown, and nothing follows
        status, amount, wanting = standing.state, None, standing.names
    return Answer(
        rule,
        as_of,
        status,
        amount,
        wanting,
        tuple(work.conditions),
        tuple(work.figures()),
        tuple(work.steps),
        eligible,
        law.used,
        law.cited,
        work.world,
    )


@dataclass(slots=True)
class _Work:
    """The steps done so far."""

    rule: Rule
    as_of: date
    world: World
    steps: list[Worked] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    labels: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def do(self, step: Step) -> None:
        if step.each is None:
            value = self._one(step, Evaluation(self.world), None, ())
            self.world.scalars[step.name] = value
            return
        rows = self.world.lists[step.each]
        if isinstance(rows, Absent):
            if step.role == "condition":
                self.conditions.append(_condition(step, None, (), rows, ()))
            return
        evaluation = Evaluation(self.world, step.each)
        found = [
            self._one(step, evaluation.at(place), place, label)
            for place, label in enumerate(self._labels(step.each, rows))
        ]
        for row, value in zip(rows, found, strict=True):
            row[step.name] = value

    def _labels(self, each: str, rows: list[Item]) -> list[tuple[str, ...]]:
        """What each item of a list is known by, for every step over it."""
        if each not in self.labels:
            names = next(r.label for r in self.rule.inputs.lists if r.name == each)
            self.labels[each] = [tuple(values.text(row[n]) or "" for n in names) for row in rows]
        return self.labels[each]

    def _one(
        self, step: Step, evaluation: Evaluation, item: int | None, label: tuple[str, ...]
    ) -> Value:
        trace = evaluation.trace(step.node)
        value = self._lawful(step, trace.value)
        if step.round is not None and isinstance(value, Fraction):
            value = Fraction(exact.rounded(value, step.round))
        self.steps.append(Worked(step, item, label, value, trace))
        if step.role == "check" and value is False:
            path = "" if item is None else f"{step.each}[{item}]"
            raise InputRefused("check-failed", field=path, check=step.name)
        if step.role == "condition":
            distances = tuple(evaluation.distances)
            self.conditions.append(_condition(step, item, label, value, distances))
        return value

    def _lawful(self, step: Step, value: Value) -> Value:
        clause = self.rule.clauses[step.clause] if step.clause is not None else None
        return value if clause is None else clause.force.given(value, clause.id, self.as_of)

    def outcome(self, eligible: Value) -> tuple[State, int | None]:
        """Give status and amount; an amount that is not known makes the whole not known."""
        status = values.state(eligible)
        if self.rule.amount is None or status not in ("yes", "no"):
            return status, None
        if status == "no":
            return status, 0
        amount = self.world.scalars[self.rule.amount]
        if isinstance(amount, Fraction):
            return status, int(amount)
        return values.state(amount), None

    def wanting(self, eligible: Value) -> tuple[str, ...]:
        amount = self.world.scalars[self.rule.amount] if self.rule.amount else True
        absent = values.merged((eligible, amount))
        return absent.names if absent else ()

    def figures(self) -> Iterator[Figure]:
        for worked in self.steps:
            step = worked.step
            if worked.item is None and step.each is None and step.kind == "number":
                value = worked.value if isinstance(worked.value, Fraction) else None
                yield Figure(step.name, step.unit, value)


@dataclass(frozen=True, slots=True)
class _Law:
    """What a rule says on a day before anything of a subject is known."""

    scalars: Mapping[str, Value]
    texts: dict[str, frozenset[str] | Absent]
    tables: dict[str, Table]
    used: tuple[Used, ...]
    cited: tuple[Clause, ...]


@lru_cache(maxsize=LAWS_KEPT)
def _law(rule: Rule, as_of: date) -> _Law:
    """The same for every subject, so that a list of thousands does not look it up for each."""
    parameters = rule.parameters.values()
    numbers = {p.id: p.number(as_of) for p in parameters if p.kind == "value"}
    named = {p.id: p.day(as_of) for p in parameters if p.kind == "day"}
    return _Law(
        {kinds.AS_OF: as_of, **numbers, **named},
        {p.id: p.texts(as_of) for p in parameters if p.kind == "texts"},
        {p.id: p.table(as_of) for p in parameters if p.kind == "table"},
        tuple(_used(rule, as_of)),
        tuple(_cited(rule)),
    )


def _condition(
    step: Step,
    item: int | None,
    label: tuple[str, ...],
    value: Value,
    distances: tuple[Distance, ...],
) -> Condition:
    wanting = value.names if isinstance(value, Absent) else ()
    return Condition(step.name, item, label, values.state(value), wanting, distances, step.clause)


def _not_said(rule: Rule, as_of: date, why: Absent) -> Answer:
    """The answer of a rule that has no force, or of which that is not established."""
    conditions = tuple(
        Condition(s.name, None, (), why.state, why.names, (), s.clause)
        for s in rule.steps
        if s.role == "condition"
    )
    cited = tuple(_cited(rule))
    return Answer(rule, as_of, why.state, None, why.names, conditions, (), (), None, (), cited)


def _used(rule: Rule, as_of: date) -> Iterator[Used]:
    for parameter in rule.parameters.values():
        for dated in parameter.on(as_of):
            value = None if isinstance(dated.value, dict) else dated.value
            yield Used(parameter, value, dated.why, dated.source, dated.confidence)


def _cited(rule: Rule) -> Iterator[Clause]:
    named = {s.clause for s in rule.steps} | {p.clause for p in rule.parameters.values()}
    for clause in rule.clauses.values():
        if clause.id in named:
            yield clause
