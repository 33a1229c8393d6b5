"""Invented enterprises for demonstration and measurement; they are labelled so wherever shown.

The same seed and count give the same enterprises whatever the rule, and with the same rule and day
the same facts. Where a rule has checks each enterprise is drawn two sets of facts, and keeps the
second where only the first contradicts itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from incentives.population.columns import KNOWN, Array, Column, Texts
from incentives.population.drawing import Drawing, Hints, hints, weighted
from incentives.population.facts import Facts
from incentives.population.people import Grouping, People
from incentives.population.ragged import Ragged
from incentives.population.work import put, supposed
from incentives.rules.inputs import Rows
from incentives.rules.rule import Rule
from incentives.rules.values import Absent
from ledger.parties import strict_yaml

ITEMS = {"least": "1", "most": "4"}


@lru_cache(maxsize=1)
def _profiles() -> Any:
    file = resources.files("incentives.population") / "data" / "profiles.yaml"
    return strict_yaml.read(file.read_text("utf-8"))


def invented(rule: Rule, count: int, on: date, seed: int = 1) -> tuple[People, Facts]:
    """Enterprises of Zhejiang's cities with the facts that a rule asks for."""
    people, weight = _people(np.random.Generator(np.random.PCG64([seed, 0])), count)
    known = hints(rule, on)
    chance = np.random.Generator(np.random.PCG64([seed, 1]))
    if not any(step.role == "check" for step in rule.steps):
        return people, _facts(rule, known, Drawing(chance, known, on, weight))
    facts = _facts(rule, known, Drawing(chance, known, on, np.tile(weight, 2)))
    twice = np.tile(np.arange(count), 2)
    refused = put(supposed(rule), people.taken(twice), facts, on).refused
    assert refused is not None  # only who asks of regions alone is told nothing
    other = refused[:count] & ~refused[count:]
    return people, facts.taken(np.arange(count) + np.where(other, count, 0))


@dataclass(frozen=True)
class Drawn:
    """The invented enterprises of several sets of rules: facts by the digest of each text.

    `anew` names the rules of which two texts ask for other inputs, so that each met facts of its
    own, and what differs between them is in part the drawing.
    """

    people: People
    facts: Mapping[str, Facts]
    anew: tuple[str, ...]


def invented_sets(sets: Sequence[Mapping[str, Rule]], count: int, on: date, seed: int = 1) -> Drawn:
    """The same enterprises for several sets of rules by id, one at least of any rule.

    Facts lie around the thresholds of the text that they are drawn for, so they are drawn once for
    each rule, by its first text; another that asks for the same is put to the same facts.
    """
    people: People | None = None
    first: dict[str, tuple[Rule, Facts]] = {}
    facts: dict[str, Facts] = {}
    anew: set[str] = set()
    for name, rule in ((name, rule) for rules in sets for name, rule in rules.items()):
        if rule.digest in facts:
            continue
        held = first.get(name)
        if held is not None and held[0].inputs == rule.inputs:
            facts[rule.digest] = held[1]
            continue
        people, facts[rule.digest] = invented(rule, count, on, seed)
        if held is not None:
            anew.add(name)
        else:
            first[name] = rule, facts[rule.digest]
    if people is None:
        raise ValueError("no rule to draw enterprises for")
    return Drawn(people, facts, tuple(sorted(anew)))


def _people(chance: np.random.Generator, count: int) -> tuple[People, Array]:
    profiles = _profiles()
    groups = {}
    for name, key in (("city", "cities"), ("industry", "industries"), ("size", "sizes")):
        shares = {word: int(share) for word, share in profiles[key].items()}
        groups[name] = Grouping(weighted(chance, shares, count), tuple(shares))
    scale = np.array([int(profiles["scale"][word]) for word in groups["size"].words], np.int64)
    weight = scale[groups["size"].codes]
    reduced_kg = weight * chance.integers(0, 20_000, size=count)
    names = [f"SYN-{place:06d}" for place in range(1, count + 1)]
    return People(names, groups["city"], groups, reduced_kg), weight


def _facts(rule: Rule, known: Hints, drawing: Drawing) -> Facts:
    words: dict[str, int] = {}
    scalars = {fact.name: drawing.column(fact, words) for fact in rule.inputs.facts}
    scalars |= _keyed(rule, known, drawing, words, {*scalars}, None)
    lists = {rows.name: _list(rule, known, drawing, rows, words) for rows in rule.inputs.lists}
    return Facts(len(drawing.weight), scalars, lists, words)


def _list(rule: Rule, known: Hints, drawing: Drawing, rows: Rows, words: dict[str, int]) -> Ragged:
    """Some items for each enterprise; what names an item tells it from its neighbours."""
    span = _profile(rule).get("items", ITEMS)
    count = len(drawing.weight)
    counts = drawing.chance.integers(int(span["least"]), int(span["most"]) + 1, size=count)
    starts = np.concatenate(([0], np.cumsum(counts)))
    owner = np.repeat(np.arange(count), counts)
    place = np.arange(starts[-1]) - np.repeat(starts[:-1], counts)
    inner = Drawing(drawing.chance, known, drawing.on, drawing.weight[owner], 0)
    columns = {fact.name: inner.column(fact, words) for fact in rows.facts}
    columns |= _keyed(rule, known, inner, words, {*columns}, place)
    asked = {name for names in known.keys for name in names} | {*known.words}
    for fact in rows.facts:
        if fact.kind == "text" and not fact.choices and fact.name not in asked:
            columns[fact.name] = _numbered(fact.name, place, words)
    return Ragged(starts, columns)


def _numbered(name: str, place: Array, words: dict[str, int]) -> Texts:
    most = int(place.max(initial=0)) + 1
    codes = [words.setdefault(f"{name}-{n + 1}", len(words)) for n in range(most)]
    return Texts(np.array(codes, np.int32)[place])


def _keyed(
    rule: Rule, known: Hints, drawing: Drawing, words: dict[str, int], names: set[str],
    place: Array | None,
) -> dict[str, Column]:  # fmt: skip
    """Texts that together are the key of a table, drawn from its keys; items take other keys."""
    found: dict[str, Column] = {}
    for asked, table in known.keys.items():
        keys = _profile(rule).get("keys", {}).get(table) or _keys(rule, table, drawing.on)
        if not asked or not names.issuperset(asked) or not keys:
            continue
        if place is None:
            picks = drawing.chance.integers(len(keys), size=len(drawing.weight))
        else:
            first = drawing.chance.integers(len(keys), size=int(np.sum(place == 0)))
            picks = (np.repeat(first, _lengths(place)) + place) % len(keys)
        for at, name in enumerate(asked):
            codes = [words.setdefault(key[at], len(words)) for key in keys]
            found[name] = Texts(np.array(codes, np.int32)[picks], KNOWN)
    return found


def _keys(rule: Rule, table: str, on: date) -> list[tuple[str, ...]]:
    rows = rule.parameters[table].table(on).rows
    return [key for key, value in rows.items() if not isinstance(value, Absent)]


def _lengths(place: Array) -> Array:
    return np.diff(np.append(np.flatnonzero(place == 0), len(place)))


def _profile(rule: Rule) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _profiles()["rules"].get(rule.id, {})
    return found
