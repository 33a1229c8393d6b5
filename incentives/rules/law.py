"""The law behind a rule: clauses with their text, and dated parameters with their source.

A span of time runs from its first day to the day `before` which it ended; None is open.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from incentives.fields import Fields
from incentives.rules import kinds, units
from incentives.rules.errors import ExpressionRefused, RuleRefused
from incentives.rules.syntax import NAME, Node, parse
from incentives.rules.values import Absent, Table, Value, merged, not_in_force, unverified

CONFIDENCE = ("found", "high", "medium", "low")
_SPAN = ("from", "before", "unverified")
_CLAUSE = ("document", "article", "text", "summary", "source", "confidence", *_SPAN)
_GIVEN = ("value", "texts", "table", "day", "unverified")
_DATED = (*_SPAN, "value", "texts", "table", "day", "source", "confidence")

Rows = dict[tuple[str, ...], Fraction]
Shape = Literal["value", "texts", "table", "day"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days."""

    start: date | None
    before: date | None

    def holds(self, on: date) -> bool:
        """Whether a day lies in it."""
        return (self.start is None or self.start <= on) and (
            self.before is None or on < self.before
        )

    def meets(self, other: Span) -> bool:
        """Whether the two have a day in common."""
        first, second = self.start or date.min, other.start or date.min
        return first < (other.before or date.max) and second < (self.before or date.max)


@dataclass(frozen=True, slots=True)
class Doubt:
    """From which day on it is not established what the law says, and why in words by language."""

    start: date
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Force:
    """When law holds, and from when on nobody has read whether and how it still does."""

    span: Span
    doubt: Doubt | None

    def given(self, value: Value, name: str, on: date) -> Value:
        """A value that this law gives on a day, or that it gives none."""
        if not self.span.holds(on):
            return not_in_force(name)
        if self.doubt is not None and self.doubt.start <= on:
            return unverified(name)
        return value


@dataclass(frozen=True, slots=True)
class Clause:
    """An article of law: `text` is the wording itself, `summary` what it says in other words."""

    id: str
    document: str
    article: str
    text: str | None
    summary: str | None
    source: str
    confidence: str
    force: Force


@dataclass(frozen=True, slots=True)
class Dated:
    """What a parameter is for a span of time, and who says so; None where nobody has read it."""

    span: Span
    value: Fraction | frozenset[str] | Rows | date | None
    why: Mapping[str, str]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the law that may change: a number, a day, a set of texts, or a table by keys.

    `also` are other names under which people set it, each with what it is in terms of that name:
    a cut of 0.30 is also known as paying below 0.70, and the cut is one less what is paid below.
    `force` is that of its clause: what the clause does not give on a day, the figure does not.
    """

    id: str
    kind: Shape
    unit: str
    clause: str | None
    values: tuple[Dated, ...]
    keys: int
    also: Mapping[str, Node] = field(default_factory=dict)
    force: Force | None = None

    def on(self, day: date) -> tuple[Dated, ...]:
        """What is in force on a day: one at most, several only of a table."""
        return tuple(d for d in self.values if d.span.holds(day))

    def covers(self, force: Force) -> bool:
        """Whether it has values from the first to the last day of a force and of its clause."""
        needed = [force.span] if self.force is None else [force.span, self.force.span]
        first = max(span.start or date.min for span in needed)
        last = min(span.before or date.max for span in needed)
        spans = [dated.span for dated in self.values]
        return first >= last or (
            min(span.start or date.min for span in spans) <= first
            and last <= max(span.before or date.max for span in spans)
        )

    def number(self, day: date) -> Fraction | Absent:
        """The number on a day."""
        found = [d.value for d in self.on(day) if isinstance(d.value, Fraction)]
        return self._absent(day, found=bool(found)) or found[0]

    @property
    def bounds(self) -> tuple[Fraction, Fraction | None]:
        """Between what the number lies: by its unit, and whatever the file itself has it be."""
        least, most = units.bounds(self.unit)
        own = [d.value for d in self.values if isinstance(d.value, Fraction)]
        return min([least, *own]), None if most is None else max([most, *own])

    def sound(self) -> bool:
        """Whether all its numbers, also those of a table, lie within its unit."""
        least, most = units.bounds(self.unit)
        tables = [d.value for d in self.values if isinstance(d.value, dict)]
        numbers = [d.value for d in self.values if isinstance(d.value, Fraction)]
        numbers += [number for table in tables for number in table.values()]
        return all(least <= number and (most is None or number <= most) for number in numbers)

    def day(self, day: date) -> date | Absent:
        """The day that the law names, as it stands on a day."""
        found = [d.value for d in self.on(day) if isinstance(d.value, date)]
        return self._absent(day, found=bool(found)) or found[0]

    def texts(self, day: date) -> frozenset[str] | Absent:
        """The set of texts on a day."""
        found = [d.value for d in self.on(day) if isinstance(d.value, frozenset)]
        return self._absent(day, found=bool(found)) or found[0]

    def table(self, day: date) -> Table:
        """The table on a day; keys of other days are there without a value.

        Where nobody has read the table on the day, or not all of it, a key that is not known to
        have a value then is unverified.
        """
        doubted = any(dated.value is None for dated in self.on(day))
        lawless = self._absent(day, found=True)
        found: dict[tuple[str, ...], Fraction | Absent] = {}
        for dated in self.values:
            for keys, value in dated.value.items() if isinstance(dated.value, dict) else ():
                if dated.span.holds(day):
                    found[keys] = lawless or value
                elif keys not in found:
                    other = not_in_force(f"{self.id}[{', '.join(keys)}]")
                    found[keys] = lawless or (unverified(self.id) if doubted else other)
        return Table(self.id, found, lawless or (unverified(self.id) if doubted else None))

    def _absent(self, day: date, *, found: bool) -> Absent | None:
        """Why there is no figure on a day: none that is known, or a clause that gives none."""
        own: Absent | None = None
        if not found:
            own = unverified(self.id) if self.on(day) else not_in_force(self.id)
        if self.force is None or self.clause is None or own == not_in_force(self.id):
            return own
        given = self.force.given(True, self.clause, day)
        return merged(why for why in (own, given) if why is not None)


def read_span(fields: Fields) -> Span:
    """Read `from` and `before`. Refuses span-empty."""
    span = Span(fields.optional_day("from"), fields.optional_day("before"))
    if span.start is not None and span.before is not None and span.before <= span.start:
        raise fields.refuse("span-empty", "before")
    return span


def read_force(fields: Fields) -> Force:
    """Read `from`, `before` and `unverified` ({from, why}). Refuses span-empty, doubt-outside."""
    span = read_span(fields)
    if not fields.has("unverified"):
        return Force(span, None)
    entry = fields.below("unverified", ("from", "why"))
    doubt = Doubt(entry.day("from"), read_words(entry, "why"))
    if not span.holds(doubt.start):
        raise entry.refuse("doubt-outside", "from")
    return Force(span, doubt)


def read_words(fields: Fields, name: str = "title") -> dict[str, str]:
    """Read words by language (zh, en)."""
    below = fields.below(name, ("zh", "en"))
    return {language: below.text(language) for language in below.names()}


def read_clauses(fields: Fields) -> dict[str, Clause]:
    """Read clauses by id. Refuses name-malformed, clause-silent and what Fields refuses."""
    found = {}
    for id_ in fields.names():
        entry = fields.below(id_, _CLAUSE)
        words = entry.optional("text"), entry.optional("summary")
        if words == (None, None):
            raise fields.refuse("clause-silent", id_)
        found[id_] = Clause(
            id_,
            entry.text("document", 200),
            entry.text("article", 80),
            *words,
            entry.text("source", 400),
            entry.choice("confidence", CONFIDENCE),
            read_force(entry),
        )
    return found


def read_parameters(fields: Fields, clauses: Mapping[str, Clause]) -> dict[str, Parameter]:
    """Read dated parameters by name.

    Refuses name-malformed, clause-unknown, parameter-empty, parameter-mixed (values of several
    kinds or depths), parameter-overlap (two values for one day), parameter-gap (none between two
    values: where nobody has read the figure, the file says so), name-twice and what parse and kinds
    refuse of other names.
    """
    found = {}
    for id_ in fields.names():
        if not NAME.fullmatch(id_):
            raise fields.refuse("name-malformed", id_)
        entry = fields.below(id_, ("unit", "clause", "values", "also"))
        clause = entry.optional("clause")
        if clause is not None and clause not in clauses:
            raise entry.refuse("clause-unknown", "clause", clause=clause)
        values = [_dated(v) for v in entry.each("values", _DATED)]
        if not values:
            raise fields.refuse("parameter-empty", id_)
        shapes = {_shape(v) for v in values if v.value is not None}
        if len(shapes) > 1 or ("table", 0) in shapes:
            raise fields.refuse("parameter-mixed", id_)
        kind, depth = shapes.pop() if shapes else ("value", 0)
        _refuse_overlap(fields, id_, values, kind)
        if kind != "table":
            _refuse_gap(fields, id_, values)
        also = _also(entry.below("also"), kind)
        unit = entry.text("unit", 60)
        force = None if clause is None else clauses[clause].force
        found[id_] = Parameter(id_, kind, unit, clause, tuple(values), depth, also, force)
    names = [*found, *(name for parameter in found.values() for name in parameter.also)]
    for name in names:
        if names.count(name) > 1:
            raise fields.refuse("name-twice", name)
    return found


def _also(fields: Fields, kind: str) -> dict[str, Node]:
    """Read other names of a number, each an expression that knows nothing but that name."""
    found = {}
    for name in fields.names():
        if not NAME.fullmatch(name) or kind != "value":
            raise fields.refuse("name-malformed", name)
        try:
            node = parse(fields.text(name))
            if kinds.kind(node, kinds.Scope({name: "number"})) != "number":
                raise fields.refuse("kind-mismatch", name, expected="number")
        except ExpressionRefused as fault:
            params = {k: v for k, v in fault.params.items() if k != "field"}
            raise RuleRefused(fault.code, field=fields.at(name), **params) from None
        found[name] = node
    return found


def _dated(fields: Fields) -> Dated:
    given = [name for name in _GIVEN if fields.has(name)]
    if len(given) != 1:
        expected = f"one of {', '.join(_GIVEN)}"
        raise fields.refuse("field-missing", "value", expected=expected)
    value: Fraction | frozenset[str] | Rows | date | None
    if given == ["value"]:
        value = fields.number("value")
    elif given == ["texts"]:
        value = frozenset(fields.texts("texts"))
    elif given == ["table"]:
        value = _rows(fields.below("table"))
    elif given == ["day"]:
        value = fields.day("day")
    else:
        value = None
    why = read_words(fields, "unverified") if value is None else {}
    source = fields.text("source", 400)
    confidence = fields.choice("confidence", CONFIDENCE)
    return Dated(read_span(fields), value, why, source, confidence)


def _rows(fields: Fields) -> Rows:
    rows: Rows = {}
    for key in fields.names():
        if isinstance(fields.raw(key), dict):
            rows |= {(key, *rest): v for rest, v in _rows(fields.below(key)).items()}
        else:
            rows[(key,)] = fields.number(key)
    return rows


def _shape(dated: Dated) -> tuple[Shape, int]:
    if isinstance(dated.value, Fraction):
        return "value", 0
    if isinstance(dated.value, date):
        return "day", 0
    if isinstance(dated.value, frozenset):
        return "texts", 0
    depths = {len(keys) for keys in dated.value or ()}
    return "table", depths.pop() if len(depths) == 1 else 0


def _refuse_overlap(fields: Fields, id_: str, values: Sequence[Dated], kind: Shape) -> None:
    """Two values for one day are refused; beside rows of a table others may be in doubt."""
    for place, one in enumerate(values):
        for other in values[:place]:
            if not one.span.meets(other.span):
                continue
            rows = [d.value for d in (one, other) if isinstance(d.value, dict)]
            if kind != "table" or not rows:
                raise fields.refuse("parameter-overlap", id_)
            if len(rows) == 2 and (twice := sorted(rows[0].keys() & rows[1].keys())):
                raise fields.refuse("parameter-overlap", id_, key=", ".join(twice[0]))


def _refuse_gap(fields: Fields, id_: str, values: Sequence[Dated]) -> None:
    """Values of a figure follow one another day by day."""
    spans = sorted((v.span for v in values), key=lambda span: span.start or date.min)
    for one, other in itertools.pairwise(spans):
        if one.before != other.start:
            raise fields.refuse("parameter-gap", id_)
