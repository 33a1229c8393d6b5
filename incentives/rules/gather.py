"""Turns facts of the record into the inputs of a rule, and tells which facts were used.

What nobody stated stays missing. A fact that is there and does not fit is refused, not passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from incentives import exact
from incentives.rules.errors import InputRefused
from incentives.rules.inputs import Fact
from incentives.rules.rule import Rule

Observed = Mapping[str, Any]
"""A row of a fact: indicator, dimensions as pairs, value and scale, unit, role, fact, party."""
Key = tuple[str, ...]
Place = tuple[str, int, str]
"""Where an input stands: its list and the place in it, ("", -1) outside lists, and its name."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Inputs as `assess` takes them, the facts they were made of, and which fact filled which."""

    inputs: dict[str, object]
    used: tuple[Observed, ...]
    sources: Mapping[Place, Observed] = field(default_factory=dict)


def gather(rule: Rule, rows: Sequence[Observed]) -> Gathered:
    """Make the inputs of one question from the facts of one subject and period.

    Raises InputRefused facts-conflict (two voices of one rank), unit-differs, flag-malformed,
    day-malformed or dimensions-differ, each naming the `fact`.
    """
    binding = rule.facts
    if binding is None:
        return Gathered({}, ())
    heard = [row for row in rows if row["role"] in binding.said_by]
    sources: dict[Place, Observed] = {}
    inputs: dict[str, object] = {}
    facts = {fact.name: fact for fact in rule.inputs.facts}
    for name, indicator in binding.values.items():
        found = _loudest(binding.said_by, (r for r in heard if r["indicator"] == indicator))
        for row in found.values():
            if row["dimensions"]:
                raise InputRefused("dimensions-differ", field=name, fact=row["fact"])
            inputs[name] = _value(facts[name], row)
            sources["", -1, name] = row
    for lists in rule.inputs.lists:
        if (items := binding.lists.get(lists.name)) is None:
            continue
        declared = {fact.name: fact for fact in lists.facts}
        made: dict[Key, dict[str, object]] = {}
        for place in _places(heard, items.values.values(), items.dimensions, lists.name):
            made[place] = dict(zip(items.dimensions, place, strict=True))
        order = {place: number for number, place in enumerate(made)}
        for name, indicator in items.values.items():
            found = _loudest(binding.said_by, (r for r in heard if r["indicator"] == indicator))
            for place, row in found.items():
                made[place][name] = _value(declared[name], row)
                for filled in (name, *items.dimensions):
                    sources.setdefault((lists.name, order[place], filled), row)
        if made:
            inputs[lists.name] = list(made.values())
    names = {row["fact"] for row in sources.values()}
    return Gathered(inputs, tuple(row for row in rows if row["fact"] in names), sources)


def _places(
    rows: Iterable[Observed], indicators: Iterable[str], dimensions: Key, name: str
) -> list[Key]:
    """The items that were spoken of, in the order in which they first were."""
    wanted = set(indicators)
    found: dict[Key, None] = {}
    for row in rows:
        if row["indicator"] in wanted:
            if tuple(pair[0] for pair in row["dimensions"]) != dimensions:
                raise InputRefused("dimensions-differ", field=name, fact=row["fact"])
            found[_place(row)] = None
    return list(found)


def _place(row: Observed) -> Key:
    return tuple(pair[1] for pair in row["dimensions"])


def _loudest(said_by: Key, rows: Iterable[Observed]) -> dict[Key, Observed]:
    """By item the fact of the highest voice; two of one rank contradict each other."""
    voices: dict[Key, dict[int, Observed]] = {}
    doubled: dict[tuple[Key, int], Observed] = {}
    for row in rows:
        place, rank = _place(row), said_by.index(row["role"])
        if rank in (ranked := voices.setdefault(place, {})):
            doubled[place, rank] = row
        else:
            ranked[rank] = row
    found = {}
    for place, ranked in voices.items():
        highest = min(ranked)
        if (place, highest) in doubled:
            other = doubled[place, highest]["fact"]
            raise InputRefused("facts-conflict", fact=ranked[highest]["fact"], other=other)
        found[place] = ranked[highest]
    return found


def _value(fact: Fact, row: Observed) -> object:
    """The value as a rule's input takes it: a flag from 0 or 1, a day, a number as exact text."""
    if fact.kind == "flag":
        if row["scale"] != 0 or row["value"] not in (0, 1):
            raise InputRefused("flag-malformed", field=fact.name, fact=row["fact"])
        return bool(row["value"])
    if fact.kind == "day":
        return _day(fact, row)
    if fact.unit and row["unit"] != fact.unit:
        raise InputRefused("unit-differs", field=fact.name, fact=row["fact"], needed=fact.unit)
    return exact.text(Fraction(row["value"], 10 ** row["scale"]))


def _day(fact: Fact, row: Observed) -> str:
    """A day is stated as the integer YYYYMMDD (ISO 8601's basic form)."""
    digits = str(row["value"])
    if row["scale"] != 0 or len(digits) != 8 or not digits.isdecimal():
        raise InputRefused("day-malformed", field=fact.name, fact=row["fact"])
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
