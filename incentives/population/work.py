"""Puts a rule to a whole population: every step as a column, then status and amount of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from incentives.population import arithmetic
from incentives.population.columns import (
    FAULT,
    KNOWN,
    MISSING,
    NOT_IN_FORCE,
    STATES,
    Array,
    Bits,
    Column,
    Days,
    Flags,
    Numbers,
    absent,
    code_of,
    constant,
)
from incentives.population.evaluate import Evaluation, Seen, World
from incentives.population.facts import Facts, with_column
from incentives.population.naming import asks
from incentives.population.people import People
from incentives.population.ragged import Ragged
from incentives.regions import within
from incentives.rules.kinds import AS_OF
from incentives.rules.law import Parameter
from incentives.rules.rule import Rule
from incentives.rules.steps import Step
from incentives.rules.values import Absent

NO, YES, REFUSED = 10, 11, FAULT
STATUSES = {
    NO: "no",
    YES: "yes",
    **STATES,
    REFUSED: "refused",
}


@dataclass(frozen=True)
class Result:
    """A rule's answers to all: `status` a code of STATUSES, `amount_fen` 0 where there is none.

    `steps` are the columns worked out, `world` all that names came to.
    """

    rule: Rule
    on: date
    status: Array
    amount_fen: Array
    steps: Mapping[str, Column]
    world: World | None = None
    refused: Bits | None = field(default=None, repr=False)

    def amount(self, place: int) -> int | None:
        """The amount of one in fen; None where the rule has none or it is not known."""
        known = self.rule.amount is not None and self.status[place] in (NO, YES)
        return int(self.amount_fen[place]) if known else None

    @property
    def beneficiaries(self) -> Bits:
        """Who is told yes, and where the rule has an amount gets one."""
        yes: Bits = self.status == YES
        return yes if self.rule.amount is None else yes & (self.amount_fen > 0)

    @property
    def settled(self) -> Bits:
        """Who is told yes or no."""
        found: Bits = (self.status == YES) | (self.status == NO)
        return found

    def differs(self, other: Result) -> Bits:
        """Who is answered otherwise by another result of the same population."""
        found: Bits = (self.status != other.status) | (self.amount_fen != other.amount_fen)
        return found


def put(
    rule: Rule,
    people: People,
    facts: Facts,
    on: date,
    *,
    before: Result | None = None,
    seen: Seen | None = None,
) -> Result:
    """Answer for everybody what `assess` answers for one.

    A draft says nothing of anybody; what it would say is asked of `supposed`. With `before`, the
    result of the same rule under other parameters, only the steps that read what differs are
    worked out again.
    """
    count = facts.count
    standing = rule.standing(on)
    if standing is not None:
        return _nowhere(rule, people, facts, on, code_of(standing))
    reused = _reusable(rule, on, before) if before is not None and seen is None else {}
    world = World(
        {AS_OF: Days(on.toordinal()), **facts.scalars, **_parameters(rule, on)},
        dict(facts.lists),
        {p.id: p.texts(on) for p in rule.parameters.values() if p.kind == "texts"},
        {p.id: p.table(on) for p in rule.parameters.values() if p.kind == "table"},
        facts.code,
    )
    if before is not None and before.world is not None:
        world.spread = {k: v for k, v in before.world.spread.items() if k[1] in facts.scalars}
    refused = np.zeros(count, bool) if facts.refused is None else facts.refused.copy()
    steps: dict[str, Column] = {}
    for step in rule.steps:
        column = reused.get(step.name)
        if column is None:
            column = _worked(rule, step, world, on, seen)
        if step.each is None:
            world.scalars[step.name] = column
        else:
            world.lists[step.each] = with_column(world.lists[step.each], step.name, column)
        steps[step.name] = column
        _refuse(step, column, world, refused)
    eligible = Evaluation(world, None, seen).column(rule.eligible)
    assert isinstance(eligible, Flags)
    status, amount = _outcome(rule, world, eligible, count)
    outside = _outside(rule, people)
    if outside is not None:
        status = np.where(outside == KNOWN, status, outside)
    fault = refused if isinstance(eligible.state, int) else refused | (eligible.state == FAULT)
    if fault.any():
        inside = fault if outside is None else fault & (outside == KNOWN)
        status = np.where(inside, np.int8(REFUSED), status)
    if rule.amount is not None:
        amount = np.where(status == YES, amount, 0)
    return Result(rule, on, status, amount, steps, world, refused)


def supposed(rule: Rule) -> Rule:
    """A draft as if it were in force, for asking what it would do."""
    return replace(rule, review="unverified") if rule.review == "draft" else rule


def _worked(rule: Rule, step: Step, world: World, on: date, seen: Seen | None) -> Column:
    column = Evaluation(world, step.each, seen).column(step.node)
    clause = rule.clauses[step.clause] if step.clause is not None else None
    if clause is not None:
        given = clause.force.given(True, clause.id, on)
        if isinstance(given, Absent):
            return _unlawful(column, code_of(given))
    if step.round is not None and isinstance(column, Numbers):
        return arithmetic.rounded(column, step.round)
    return column


def _unlawful(column: Column, why: int) -> Column:
    """A step whose clause gives nothing on the day has no value, but a fault stays one."""
    state: Array | int = why
    if not isinstance(column.state, int):
        state = np.where(column.state == FAULT, np.int8(FAULT), np.int8(why))
    elif column.state == FAULT:
        state = FAULT
    return Flags(False, state) if isinstance(column, Flags) else replace(column, state=state)


def _refuse(step: Step, column: Column, world: World, refused: Bits) -> None:
    """Mark whose facts fail a check or cannot be worked out."""
    bad: Array | bool = False
    if not isinstance(column.state, int):
        bad = column.state == FAULT
    elif column.state == FAULT:
        bad = True
    if step.role == "check":
        assert isinstance(column, Flags)
        bad = bad | ((column.state == KNOWN) & np.logical_not(column.true))
    if not np.any(bad):
        return
    if step.each is None:
        refused |= bad
        return
    rows: Ragged = world.lists[step.each]
    items = np.broadcast_to(np.asarray(bad), rows.length)
    refused |= rows.folded(np.logical_or.reduceat, items, False)


def _outcome(rule: Rule, world: World, eligible: Flags, count: int) -> tuple[Array, Array]:
    """Status and amount; an amount that is not known makes the whole not known."""
    true = np.broadcast_to(np.asarray(eligible.true), count)
    status = true.view(np.int8) + np.int8(NO)  # YES is the next code
    if not isinstance(eligible.state, int) or eligible.state != KNOWN:
        status = np.where(np.asarray(eligible.state) == KNOWN, status, eligible.state)
        status = status.astype(np.int8)
    if rule.amount is None:
        return status, np.zeros(count, np.int64)
    amount = world.scalars[rule.amount]
    assert isinstance(amount, Numbers)
    if not isinstance(amount.state, int) or amount.state != KNOWN:
        lost = (status == YES) & (np.asarray(amount.state) != KNOWN)
        status = np.where(lost, amount.state, status).astype(np.int8)
    return status, np.broadcast_to(np.asarray(amount.top), count)


def _outside(rule: Rule, people: People) -> Array | None:
    """Where the rule does not reach: by region's code, None where it reaches everybody."""
    words = people.regions.words
    states = [
        MISSING if not word else KNOWN if within(word, rule.region) else NOT_IN_FORCE
        for word in words
    ]
    return np.array(states, np.int8)[people.regions.codes] if any(states) else None


def _nowhere(rule: Rule, people: People, facts: Facts, on: date, why: int) -> Result:
    """A rule without force says nothing of anybody; what contradicts itself is refused first."""
    status = np.full(facts.count, why, np.int8)
    if facts.refused is not None:
        status[facts.refused] = REFUSED
    outside = _outside(rule, people)
    if outside is not None:
        status = np.where(outside == KNOWN, status, outside)
    refused = np.zeros(facts.count, bool) if facts.refused is None else facts.refused
    return Result(rule, on, status, np.zeros(facts.count, np.int64), {}, refused=refused)


def _parameters(rule: Rule, on: date) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for parameter in rule.parameters.values():
        if parameter.kind == "value":
            found[parameter.id] = _parameter(parameter, on)
        elif parameter.kind == "day":
            named = parameter.day(on)
            if isinstance(named, Absent):
                found[parameter.id] = Days(0, code_of(named))
            else:
                found[parameter.id] = Days(named.toordinal())
    return found


def _parameter(parameter: Parameter, on: date) -> Numbers:
    value = parameter.number(on)
    return absent(code_of(value)) if isinstance(value, Absent) else constant(value)


def _reusable(rule: Rule, on: date, before: Result) -> dict[str, Column]:
    """The columns of an earlier result that nothing of what differs can have changed."""
    if before.rule.steps is not rule.steps or before.on != on or before.world is None:
        return {}
    differing = {
        name
        for name, parameter in rule.parameters.items()
        if before.rule.parameters.get(name) is not parameter
    }
    found = {}
    for step in rule.steps:
        if asks(step.node) & differing:
            differing.add(step.name)
        elif step.name in before.steps:
            found[step.name] = before.steps[step.name]
    return found
