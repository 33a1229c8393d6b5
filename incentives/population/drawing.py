"""Draws columns of invented facts: seeded integers, near the thresholds that a rule asks about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import ceil, floor

import numpy as np

from incentives.population.columns import KNOWN, MISSING, Array, Column, Days, Flags, Texts
from incentives.population.facts import numbers
from incentives.population.naming import walk
from incentives.rules import units
from incentives.rules.evaluate import Evaluation, World
from incentives.rules.inputs import Fact
from incentives.rules.rule import Rule
from incentives.rules.syntax import Call, Compare, Name, Node, Not, Text
from incentives.rules.values import Absent

OTHER = "other"
GRAIN = 1000
"""Into so many parts the way around a threshold is divided."""


@dataclass(frozen=True)
class Hints:
    """What a rule's expressions tell of its inputs: thresholds, words, flags it does not want."""

    thresholds: Mapping[str, tuple[Fraction, ...]]
    words: Mapping[str, tuple[str, ...]]
    unwanted: frozenset[str]
    keys: Mapping[tuple[str, ...], str] = field(default_factory=dict)


def hints(rule: Rule, on: date) -> Hints:
    """Read them from the steps as the law stands on a day."""
    found: dict[str, list[Fraction]] = {}
    words: dict[str, list[str]] = {}
    unwanted: set[str] = set()
    keys: dict[tuple[str, ...], str] = {}
    figures = {p.id: p.number(on) for p in rule.parameters.values() if p.kind == "value"}
    for node in _nodes(rule):
        match node:
            case Not(of=Name(text=name)):
                unwanted.add(name)
            case Compare(op="in" | "not in", left=Name(text=name), right=right):
                among = rule.parameters[right.text].texts(on)
                words.setdefault(name, []).extend(
                    () if isinstance(among, Absent) else sorted(among)
                )
            case Compare(left=Name(text=name), right=Text(value=word)):
                words.setdefault(name, []).append(word)
            case Compare(left=left, right=right):
                for side, other in ((left, right), (right, left)):
                    limit = _fixed(other, figures)
                    if isinstance(side, Name) and limit is not None:
                        found.setdefault(side.text, []).append(limit)
            case Call(function="lookup", arguments=[Name(text=table), *names]):
                asked = tuple(name.text for name in names if isinstance(name, Name))
                keys[asked] = table
    return Hints(
        {name: tuple(dict.fromkeys(limits)) for name, limits in found.items()},
        {name: tuple(dict.fromkeys(among)) for name, among in words.items()},
        frozenset(unwanted),
        keys,
    )


def _nodes(rule: Rule) -> list[Node]:
    return [n for node in (*(s.node for s in rule.steps), rule.eligible) for n in walk(node)]


def _fixed(node: Node, figures: Mapping[str, Fraction | Absent]) -> Fraction | None:
    """The number of an expression that reads parameters alone."""
    names = [n.text for n in walk(node) if isinstance(n, Name)]
    if any(isinstance(n, Call) for n in walk(node)) or any(name not in figures for name in names):
        return None
    value = Evaluation(World(dict(figures))).trace(node).value
    return value if isinstance(value, Fraction) else None


@dataclass(frozen=True)
class Drawing:
    """Draws the facts of rows; `weight` is how much money and mass each row deals in."""

    chance: np.random.Generator
    hints: Hints
    on: date
    weight: Array
    gap: int = 2
    """Of a hundred values so many are missing."""

    def column(self, fact: Fact, words: dict[str, int]) -> Column:
        """One input for every row."""
        count = len(self.weight)
        state = self._gaps(count)
        if fact.kind == "flag":
            likely = 6 if fact.name in self.hints.unwanted else 85
            true = self.chance.integers(100, size=count) < likely
            return Flags(true if isinstance(state, int) else true & (state == KNOWN), state)
        if fact.kind == "text":
            return Texts(self._words(fact, words, count), state)
        if fact.kind == "day":
            back = self.chance.integers(0, 8 * 365, size=count)
            return Days(self.on.toordinal() - back, state)
        top, bottom = self._numbers(fact, count)
        return numbers(top, bottom, state)

    def _gaps(self, count: int) -> Array | int:
        missing = self.chance.integers(100, size=count) < self.gap
        return np.where(missing, np.int8(MISSING), np.int8(KNOWN)) if missing.any() else KNOWN

    def _words(self, fact: Fact, words: dict[str, int], count: int) -> Array:
        among = fact.choices or (*self.hints.words.get(fact.name, ()), OTHER)
        codes = np.array([words.setdefault(word, len(words)) for word in among], np.int32)
        return codes[self.chance.integers(len(codes), size=count)]

    def _numbers(self, fact: Fact, count: int) -> tuple[Array, int]:
        limits = [limit for limit in self.hints.thresholds.get(fact.name, ()) if limit > 0]
        if limits:
            return self._around(fact, limits, count)
        if not fact.unit or units.normal(fact.unit) == units.BARE:
            return self._bounded(fact, self.chance.integers(0, 140, size=count), 100)
        top = self.weight * self.chance.integers(1, 100_000, size=count) // 100 + 1
        if fact.unit == "fen":
            return self._bounded(fact, top * 100, 1)
        return self._bounded(fact, top, 1 if fact.whole else 10)

    def _around(self, fact: Fact, limits: Sequence[Fraction], count: int) -> tuple[Array, int]:
        """From a fifth of a threshold to nine fifths."""
        bottom = 1 if fact.whole else max(100, *(limit.denominator * 10 for limit in limits))
        tops = np.array([max(1, floor(limit * bottom)) for limit in limits], np.int64)
        near = tops[self.chance.integers(len(tops), size=count)]
        part = self.chance.integers(GRAIN // 5, GRAIN * 9 // 5, size=count)
        if int(tops.max()) > 2**50:
            near = near.astype(object)
        return self._bounded(fact, near * part // GRAIN, bottom)

    def _bounded(self, fact: Fact, top: Array, bottom: int) -> tuple[Array, int]:
        least = None if fact.least is None else ceil(fact.least * bottom)
        most = None if fact.most is None else floor(fact.most * bottom)
        if least is not None or most is not None:
            top = np.clip(top, least, most)
        return top, bottom


def weighted(chance: np.random.Generator, shares: Mapping[str, int], count: int) -> Array:
    """Places of words by their shares."""
    ends = np.cumsum(list(shares.values()))
    return np.searchsorted(ends, chance.integers(int(ends[-1]), size=count), side="right")
