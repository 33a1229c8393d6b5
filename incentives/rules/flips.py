"""What would change an answer: the smallest change of one operand that meets each unmet condition.

A change is solved for exactly and then put to the whole rule, so that what is told has been tried:
beside it stands what the rule would say then. Where no change of one operand is known to do, none
is told; an operand that is missing is no gap but a question, and is named by the condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from incentives import exact
from incentives.rules.answer import Answer, Condition
from incentives.rules.assess import assess
from incentives.rules.errors import InputRefused, RuleFault
from incentives.rules.evaluate import COMPARISON
from incentives.rules.inputs import Fact
from incentives.rules.lines import Ground, Line, comparisons, numbered
from incentives.rules.rule import Rule
from incentives.rules.steps import Step
from incentives.rules.syntax import Compare, Name, Text
from incentives.rules.values import Absent, State, Value

Bound = Literal["at", "above", "below"]
CONDITIONS_MAX = 40
"""Unmet conditions that are looked at; a list may have a thousand items."""
TEXTS_MAX = 20
WORK_MAX, TRIALS_LEAST, TRIALS_MAX = 3_000, 5, 400
"""Trials, each the whole rule again: so many times the items of all lists, within two bounds."""
_BEYOND: Mapping[Bound, Fraction] = {
    "at": Fraction(0),
    "above": Fraction(1, 10**12),
    "below": Fraction(-1, 10**12),
}
"""How far beyond an open bound a change is tried; what is told is the bound itself."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One operand moved so far that one condition is met, and what the rule says then.

    `bound` tells of a number whether `to` itself does, or only what lies above or below it.
    `status` and `amount_fen` are those of the whole answer after this change alone.
    """

    condition: str
    item: int | None
    operand: str
    rows: str | None
    unit: str
    before: Value
    to: Value
    bound: Bound
    status: State
    amount_fen: int | None

    @property
    def change(self) -> Fraction | None:
        """By how much a number moves, of a day how many days; None of a flag or a text."""
        before, to = numbered(self.before), numbered(self.to)
        return None if before is None or to is None else to - before


@dataclass(frozen=True, slots=True)
class Changes:
    """Every flip, the answer if the first of each condition came together, and what was left out.

    `together` is None where one flip alone does, where a condition has none, or where two want the
    same operand to be different things.
    """

    flips: tuple[Flip, ...]
    together: Answer | None
    left_out: int


@dataclass(frozen=True, slots=True)
class _Operand:
    fact: Fact
    rows: str | None
    place: int | None
    value: Value


class _Trials:
    """Puts changed facts to the rule, so many times and no more."""

    def __init__(self, rule: Rule, facts: Mapping[str, object], answer: Answer) -> None:
        self.rule = rule
        self.answer = answer
        self._facts = facts
        items = sum(len(rows) for rows in answer.world.lists.values() if isinstance(rows, list))
        self.left = min(TRIALS_MAX, max(TRIALS_LEAST, WORK_MAX // max(1, items)))

    def of(self, moved: list[tuple[_Operand, Value, Bound]]) -> Answer | None:
        """The answer with some operands moved; None where the facts would contradict it."""
        self.left -= 1
        changed = dict(self._facts)
        for operand, to, bound in moved:
            value = _given(to, bound)
            if operand.rows is None or operand.place is None:
                changed[operand.fact.name] = value
                continue
            rows = changed[operand.rows]
            if not isinstance(rows, list | tuple):
                return None
            copies = list(rows)
            copies[operand.place] = {**copies[operand.place], operand.fact.name: value}
            changed[operand.rows] = copies
        try:
            return assess(self.rule, changed, self.answer.as_of)
        except (InputRefused, RuleFault):
            return None


def changes(rule: Rule, facts: Mapping[str, object], answer: Answer) -> Changes:
    """What would change an answer that the rule gave of these facts."""
    unmet = [c for c in answer.conditions if c.state == "no"]
    found: list[Flip] = []
    first: dict[tuple[str, int | None], Flip] = {}
    trials, looked = _Trials(rule, facts, answer), 0
    for condition in unmet[:CONDITIONS_MAX]:
        if not trials.left:
            break
        looked += 1
        for flip in _flips(trials, condition):
            found.append(flip)
            first.setdefault((condition.name, condition.item), flip)
    alone = any(flip.status == "yes" for flip in found)
    together = None
    if answer.status == "no" and not alone and len(first) == len(unmet) > 1:
        together = _together(trials, first)
    return Changes(tuple(found), together, len(unmet) - looked)


def _flips(trials: _Trials, condition: Condition) -> Iterator[Flip]:
    rule, answer = trials.rule, trials.answer
    steps = {step.name: step for step in rule.steps}
    step = steps[condition.name]
    ground = Ground(answer.world, steps, step.each, condition.item)
    compared = list(_compared(step, steps, set()))
    for operand in _operands(rule, ground, step):
        for to, bound in _candidates(operand, compared, ground):
            if not trials.left:
                return
            tried = trials.of([(operand, to, bound)])
            if tried is None or _state(tried, condition) != "yes":
                continue
            yield Flip(
                condition.name,
                condition.item,
                operand.fact.name,
                operand.rows,
                operand.fact.unit,
                operand.value,
                to,
                bound,
                tried.status,
                tried.amount_fen,
            )
            if operand.fact.kind != "text":
                break


def _together(trials: _Trials, first: Mapping[tuple[str, int | None], Flip]) -> Answer | None:
    rule = trials.rule
    moved: dict[tuple[str | None, int | None, str], tuple[_Operand, Value, Bound]] = {}
    inputs = {fact.name: fact for fact in rule.inputs.facts}
    lists = {rows.name: {fact.name: fact for fact in rows.facts} for rows in rule.inputs.lists}
    for flip in first.values():
        place = flip.item if flip.rows is not None else None
        fact = inputs[flip.operand] if flip.rows is None else lists[flip.rows][flip.operand]
        key = (flip.rows, place, flip.operand)
        move = (_Operand(fact, flip.rows, place, flip.before), flip.to, flip.bound)
        if key in moved and moved[key][1:] != move[1:]:
            return None
        moved[key] = move
    return trials.of(list(moved.values()))


def _operands(rule: Rule, ground: Ground, step: Step) -> Iterator[_Operand]:
    """The inputs that a condition leads to and that have a value: its item's and the question's."""
    named = set(ground.names(step.node))
    rows = None if step.each is None else ground.world.lists[step.each]
    if step.each is not None and not isinstance(rows, Absent) and rows and ground.place is not None:
        for lists in rule.inputs.lists:
            for fact in lists.facts if lists.name == step.each else ():
                value = rows[ground.place][fact.name]
                if fact.name in named and not isinstance(value, Absent):
                    yield _Operand(fact, step.each, ground.place, value)
    for fact in rule.inputs.facts:
        value = ground.world.scalars[fact.name]
        if fact.name in named and not isinstance(value, Absent):
            yield _Operand(fact, None, None, value)


def _compared(step: Step, steps: Mapping[str, Step], seen: set[str]) -> Iterator[Compare]:
    """The comparisons of a condition, those of the flags that it names too, each once."""
    yield from comparisons(step.node)
    for name in step.names:
        named = steps.get(name)
        if named is not None and named.kind == "flag" and name not in seen:
            seen.add(name)
            yield from _compared(named, steps, seen)


def _candidates(
    operand: _Operand, compared: list[Compare], ground: Ground
) -> Sequence[tuple[Value, Bound]]:
    """Values at which a comparison may turn, the nearest first."""
    if operand.fact.kind == "flag":
        return [(operand.value is not True, "at")]
    if operand.fact.kind == "text":
        return [(word, "at") for word in _words(operand, compared, ground)][:TEXTS_MAX]
    if (now := numbered(operand.value)) is None:
        return []
    found: dict[tuple[Fraction, Bound], None] = {}
    for node in compared:
        for value, bound in _turning(node, operand, now, ground):
            found[value, bound] = None
    order = {"at": 0, "above": 1, "below": 1}
    nearest = sorted(found, key=lambda c: (abs(c[0] - now), order[c[1]], c[0]))
    return [(_valued(operand, value), bound) for value, bound in nearest]


def _turning(
    node: Compare, operand: _Operand, now: Fraction, ground: Ground
) -> Iterator[tuple[Fraction, Bound]]:
    """The values next to the threshold of a comparison where it is no longer what it is now."""
    lines = _lines(node, operand.fact.name, ground)
    if lines is None:
        return
    left, right = lines
    root = (right.start - left.start) / (left.slope - right.slope)
    wanted: tuple[tuple[Fraction, Bound], ...] = ((root, "at"), (root, "above"), (root, "below"))
    if operand.fact.whole or operand.fact.kind == "day":
        low = Fraction(root.numerator // root.denominator)
        wanted = tuple((low + step, "at") for step in (-1, 0, 1, 2))
    compare = COMPARISON[node.op]
    holds = compare(left.at(now), right.at(now))
    for value, bound in wanted:
        if _within(operand.fact, value):
            tried = value + _BEYOND[bound]
            if compare(left.at(tried), right.at(tried)) != holds:
                yield value, bound


def _lines(node: Compare, name: str, ground: Ground) -> tuple[Line, Line] | None:
    """Both sides of a comparison that an operand moves against each other."""
    if node.op in ("in", "not in"):
        return None
    try:
        left, right = ground.line(node.left, name), ground.line(node.right, name)
    except RuleFault:
        return None
    if left is None or right is None or left.slope == right.slope:
        return None
    return left, right


def _valued(operand: _Operand, value: Fraction) -> Value:
    return date.fromordinal(int(value)) if operand.fact.kind == "day" else value


def _words(operand: _Operand, compared: list[Compare], ground: Ground) -> list[str]:
    words: set[str] = set(operand.fact.choices)
    for node in compared:
        for side in (node.left, node.right):
            if isinstance(side, Text):
                words.add(side.value)
        if node.op in ("in", "not in") and isinstance(node.right, Name):
            among = ground.world.texts[node.right.text]
            words |= among if isinstance(among, frozenset) else set()
    return sorted(word for word in words if word != operand.value)


def _within(fact: Fact, value: Fraction) -> bool:
    if fact.kind == "day" and not date.min.toordinal() <= value <= date.max.toordinal():
        return False
    below = fact.least is not None and value < fact.least
    return not below and (fact.most is None or value <= fact.most)


def _given(to: Value, bound: Bound) -> object:
    """A value as a rule's input takes it, beyond its bound where the bound is open."""
    if isinstance(to, Fraction):
        return exact.text(to + _BEYOND[bound])
    return to.isoformat() if isinstance(to, date) else to


def _state(answer: Answer, condition: Condition) -> State | None:
    for found in answer.conditions:
        if (found.name, found.item) == (condition.name, condition.item):
            return found.state
    return None
