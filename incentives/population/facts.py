"""The facts of a population as one rule asks for them, in columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import lcm

import numpy as np

from incentives.population.columns import (
    KNOWN,
    Array,
    Bits,
    Column,
    Days,
    Flags,
    Numbers,
    Texts,
    code_of,
    fits,
    taken,
)
from incentives.population.ragged import Ragged
from incentives.rules.errors import InputRefused
from incentives.rules.evaluate import Item
from incentives.rules.inputs import Fact, Inputs, take
from incentives.rules.values import Absent, Value, missing

Taken = tuple[dict[str, Value], dict[str, list[Item] | Absent]]
"""The facts of one enterprise as `take` reads them."""
FIRST_DAY = 1
"""What stands for a day that nobody gave."""


@dataclass(frozen=True)
class Facts:
    """Columns by input; `words` are the codes of all texts, `refused` marks who contradicts."""

    count: int
    scalars: Mapping[str, Column]
    lists: Mapping[str, Ragged] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    refused: Bits | None = None

    def taken(self, rows: Array) -> Facts:
        """Those of some enterprises, by place."""
        scalars = {name: taken(column, rows) for name, column in self.scalars.items()}
        lists = {name: ragged.taken(rows) for name, ragged in self.lists.items()}
        refused = None if self.refused is None else self.refused[rows]
        return Facts(len(rows), scalars, lists, self.words, refused)

    def code(self, word: str) -> int:
        """The code of a text, a new one where no fact has it."""
        return self.words.setdefault(word, len(self.words))


def facts(inputs: Inputs, given: Iterable[object]) -> Facts:
    """The facts of enterprises one by one, each as `assess` takes them.

    Whose facts do not fit what the rule declares is marked as refused, and nothing is known of it.
    """
    return in_columns(inputs, (_taken(inputs, one) for one in given))


def in_columns(inputs: Inputs, given: Iterable[Taken | None]) -> Facts:
    """The same from facts that `take` has read; None is an enterprise whose facts were refused."""
    scalars: dict[str, list[Value]] = {fact.name: [] for fact in inputs.facts}
    items: dict[str, list[Item]] = {rows.name: [] for rows in inputs.lists}
    starts: dict[str, list[int]] = {rows.name: [0] for rows in inputs.lists}
    states: dict[str, list[int]] = {rows.name: [] for rows in inputs.lists}
    refused = []
    for one in given:
        refused.append(one is None)
        values, lists = one or (
            {fact.name: missing(fact.name) for fact in inputs.facts},
            {rows.name: missing(rows.name) for rows in inputs.lists},
        )
        for name, value in values.items():
            scalars[name].append(value)
        for name, found in lists.items():
            known = [] if isinstance(found, Absent) else found
            states[name].append(code_of(found) if isinstance(found, Absent) else KNOWN)
            items[name] += known
            starts[name].append(len(items[name]))
    words: dict[str, int] = {}
    ragged = {}
    for rows in inputs.lists:
        columns = {
            fact.name: column(fact, [item[fact.name] for item in items[rows.name]], words)
            for fact in rows.facts
        }
        state = _slim(np.array(states[rows.name], np.int8))
        ragged[rows.name] = Ragged(np.array(starts[rows.name], np.int64), columns, state)
    flat = {fact.name: column(fact, scalars[fact.name], words) for fact in inputs.facts}
    bad = np.array(refused, bool)
    return Facts(len(refused), flat, ragged, words, bad if bad.any() else None)


def _taken(inputs: Inputs, given: object) -> Taken | None:
    try:
        return take(inputs, given)
    except InputRefused:
        return None


def column(fact: Fact, values: Sequence[Value], words: dict[str, int]) -> Column:
    """The values of one input; texts get codes of `words`."""
    state = _slim(np.array([_state(v) for v in values], np.int8))
    if fact.kind == "flag":
        return Flags(np.array([v is True for v in values], bool), state)
    if fact.kind == "text":
        codes = [words.setdefault(v, len(words)) if isinstance(v, str) else 0 for v in values]
        return Texts(np.array(codes, np.int32), state)
    if fact.kind == "day":
        ordinals = [v.toordinal() if isinstance(v, date) else FIRST_DAY for v in values]
        return Days(np.array(ordinals, np.int64), state)
    exact = [v if isinstance(v, Fraction) else None for v in values]
    bottom = lcm(1, *{v.denominator for v in exact if v is not None})
    tops = [0 if v is None else v.numerator * (bottom // v.denominator) for v in exact]
    return numbers(tops, bottom, state)


def numbers(tops: Sequence[int] | Array, bottom: int, state: Array | int = KNOWN) -> Numbers:
    """Integers over one denominator, with their bounds."""
    low, high = (int(min(tops)), int(max(tops))) if len(tops) else (0, 0)
    found = np.array(tops, np.int64 if fits(low, high) else object)
    return Numbers(found, low, high, bottom, state=state)


def with_column(ragged: Ragged, name: str, found: Column) -> Ragged:
    """A list whose items have one more value."""
    grown = replace(ragged, columns={**ragged.columns, name: found})
    for cached in ("counts", "owner", "filled"):
        if cached in ragged.__dict__:
            grown.__dict__[cached] = ragged.__dict__[cached]
    return grown


def _state(value: Value) -> int:
    return code_of(value) if isinstance(value, Absent) else KNOWN


def _slim(state: Array) -> Array | int:
    """States, as one for all where all are known."""
    return state if state.any() else KNOWN
