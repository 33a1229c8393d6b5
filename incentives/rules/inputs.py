"""The facts that a rule asks for: what it declares, and how facts given to it are read.

A fact that is absent or null is missing, never zero and never no; one of the wrong shape is
refused. Numbers come as integers or exact texts, so that no binary fraction gets in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from incentives.fields import Fields
from incentives.rules.errors import InputRefused
from incentives.rules.evaluate import Item
from incentives.rules.kinds import Kind
from incentives.rules.law import read_words
from incentives.rules.syntax import NAME
from incentives.rules.values import Absent, Value, missing

ITEMS_MAX = 1000
KINDS: tuple[Kind, ...] = ("number", "text", "flag", "day")
_FACT = ("kind", "unit", "least", "most", "whole", "choices", "title")
_LIST = ("items", "label", "title")
_WORD_MAX = 200


@dataclass(frozen=True, slots=True)
class Fact:
    """One value asked for; `least` and `most` bound a number, `choices` a text."""

    name: str
    kind: Kind
    unit: str
    least: Fraction | None
    most: Fraction | None
    whole: bool
    choices: tuple[str, ...]
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """A list asked for: the facts of each item, and those of them that name it to a reader."""

    name: str
    facts: tuple[Fact, ...]
    label: tuple[str, ...]
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a rule asks for."""

    facts: tuple[Fact, ...]
    lists: tuple[Rows, ...]


def read_inputs(fields: Fields) -> Inputs:
    """Read the declared inputs.

    Refuses name-malformed, label-unknown, list-empty and what Fields refuses.
    """
    facts: list[Fact] = []
    lists: list[Rows] = []
    for name in fields.names():
        if fields.below(name).has("items"):
            lists.append(_rows(fields, name))
        else:
            facts.append(_fact(fields, name))
    return Inputs(tuple(facts), tuple(lists))


def _rows(fields: Fields, name: str) -> Rows:
    _refuse_name(fields, name)
    entry = fields.below(name, _LIST)
    items = entry.below("items")
    if not items.names():
        raise fields.refuse("list-empty", name)
    facts = tuple(_fact(items, n) for n in items.names())
    label = entry.texts("label")
    for word in label:
        if word not in items.names():
            raise entry.refuse("label-unknown", "label", name=word)
    return Rows(name, facts, label, read_words(entry))


def _fact(fields: Fields, name: str) -> Fact:
    _refuse_name(fields, name)
    entry = fields.below(name, _FACT)
    return Fact(
        name,
        entry.choice("kind", KINDS),
        entry.optional("unit", 60) or "",
        entry.number("least") if entry.has("least") else None,
        entry.number("most") if entry.has("most") else None,
        entry.has("whole") and entry.flag("whole"),
        entry.texts("choices"),
        read_words(entry),
    )


def _refuse_name(fields: Fields, name: str) -> None:
    if not NAME.fullmatch(name):
        raise fields.refuse("name-malformed", name)


def take(inputs: Inputs, given: object) -> tuple[dict[str, Value], dict[str, list[Item] | Absent]]:
    """Read facts given to a rule into values of its declared kinds.

    Raises InputRefused: field-type, field-unknown, text-empty, text-too-long, number-malformed,
    number-not-whole, number-out-of-range, choice-unknown, flag-malformed, date-malformed,
    list-too-long.
    """
    known = [f.name for f in inputs.facts] + [r.name for r in inputs.lists]
    fields = Fields(given, "", known, InputRefused)
    scalars = {fact.name: _value(fields, fact) for fact in inputs.facts}
    lists: dict[str, list[Item] | Absent] = {}
    for rows in inputs.lists:
        lists[rows.name] = _items(fields, rows) if fields.has(rows.name) else missing(rows.name)
    return scalars, lists


def faults(inputs: Inputs, given: Mapping[str, object]) -> list[InputRefused]:
    """What `take` refuses of each input that is given, one fault an input; unknown names pass."""
    found = []
    for name, value in given.items():
        facts = tuple(fact for fact in inputs.facts if fact.name == name)
        lists = tuple(rows for rows in inputs.lists if rows.name == name)
        if facts or lists:
            try:
                take(Inputs(facts, lists), {name: value})
            except InputRefused as fault:
                found.append(fault)
    return found


def _items(fields: Fields, rows: Rows) -> list[Item]:
    if len(fields.entries(rows.name)) > ITEMS_MAX:
        raise fields.refuse("list-too-long", rows.name, limit=ITEMS_MAX)
    known = [f.name for f in rows.facts]
    return [
        {fact.name: _value(item, fact) for fact in rows.facts}
        for item in fields.each(rows.name, known)
    ]


def _value(fields: Fields, fact: Fact) -> Value:
    if not fields.has(fact.name):
        return missing(fields.at(fact.name))
    if fact.kind == "flag":
        return fields.flag(fact.name)
    if fact.kind == "day":
        return fields.day(fact.name)
    if fact.kind == "text":
        if fact.choices:
            return fields.choice(fact.name, fact.choices)
        return fields.text(fact.name, _WORD_MAX)
    value = fields.number(fact.name)
    if fact.whole and value.denominator != 1:
        raise fields.refuse("number-not-whole", fact.name)
    below = fact.least is not None and value < fact.least
    if below or (fact.most is not None and value > fact.most):
        raise fields.refuse("number-out-of-range", fact.name)
    return value
