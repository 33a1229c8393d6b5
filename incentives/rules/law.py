"""The law behind a rule: clauses with their text, and dated parameters with their source.

A span of time runs from its first day to the day `before` which it ended; None is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from incentives.fields import Fields
from incentives.rules.evaluate import Table
from incentives.rules.syntax import NAME
from incentives.rules.values import Absent, not_in_force

CONFIDENCE = ("found", "high", "medium", "low")
_CLAUSE = ("document", "article", "text", "summary", "source", "confidence", "from", "before")
_DATED = ("from", "before", "value", "texts", "table", "source", "confidence")

Rows = dict[tuple[str, ...], Fraction]


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
class Clause:
    """An article of law: `text` is the wording itself, `summary` what it says in other words."""

    id: str
    document: str
    article: str
    text: str | None
    summary: str | None
    source: str
    confidence: str
    span: Span


@dataclass(frozen=True, slots=True)
class Dated:
    """What a parameter is for a span of time, and who says so."""

    span: Span
    value: Fraction | frozenset[str] | Rows
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the law that may change: a number, a set of texts, or a table by keys."""

    id: str
    kind: Literal["value", "texts", "table"]
    unit: str
    clause: str | None
    values: tuple[Dated, ...]
    keys: int

    def on(self, day: date) -> tuple[Dated, ...]:
        """What is in force on a day: one at most, several only of a table."""
        return tuple(d for d in self.values if d.span.holds(day))

    def number(self, day: date) -> Fraction | Absent:
        """The number on a day."""
        found = [d.value for d in self.on(day) if isinstance(d.value, Fraction)]
        return found[0] if found else not_in_force(self.id)

    def texts(self, day: date) -> frozenset[str] | Absent:
        """The set of texts on a day."""
        found = [d.value for d in self.on(day) if isinstance(d.value, frozenset)]
        return found[0] if found else not_in_force(self.id)

    def table(self, day: date) -> Table:
        """The table on a day; keys of other days are there without a value."""
        found: dict[tuple[str, ...], Fraction | None] = {}
        for dated in self.values:
            if isinstance(dated.value, dict):
                for keys, value in dated.value.items():
                    found[keys] = value if dated.span.holds(day) else found.get(keys)
        return found


def read_span(fields: Fields) -> Span:
    """Read `from` and `before`. Refuses span-empty."""
    span = Span(fields.optional_day("from"), fields.optional_day("before"))
    if span.start is not None and span.before is not None and span.before <= span.start:
        raise fields.refuse("span-empty", "before")
    return span


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
            read_span(entry),
        )
    return found


def read_parameters(fields: Fields, clauses: Sequence[str]) -> dict[str, Parameter]:
    """Read dated parameters by name.

    Refuses name-malformed, clause-unknown, parameter-empty, parameter-mixed (values of several
    kinds or depths) and parameter-overlap (two values for one day).
    """
    found = {}
    for id_ in fields.names():
        if not NAME.fullmatch(id_):
            raise fields.refuse("name-malformed", id_)
        entry = fields.below(id_, ("unit", "clause", "values"))
        clause = entry.optional("clause")
        if clause is not None and clause not in clauses:
            raise entry.refuse("clause-unknown", "clause", clause=clause)
        values = [_dated(v) for v in entry.each("values", _DATED)]
        if not values:
            raise fields.refuse("parameter-empty", id_)
        shapes = {_shape(v) for v in values}
        if len(shapes) != 1 or ("table", 0) in shapes:
            raise fields.refuse("parameter-mixed", id_)
        _refuse_overlap(fields, id_, values)
        kind, depth = shapes.pop()
        found[id_] = Parameter(id_, kind, entry.text("unit", 60), clause, tuple(values), depth)
    return found


def _dated(fields: Fields) -> Dated:
    given = [name for name in ("value", "texts", "table") if fields.has(name)]
    if len(given) != 1:
        raise fields.refuse("field-missing", "value", expected="one of value, texts, table")
    value: Fraction | frozenset[str] | Rows
    if given == ["value"]:
        value = fields.number("value")
    elif given == ["texts"]:
        value = frozenset(fields.texts("texts"))
    else:
        value = _rows(fields.below("table"))
    source = fields.text("source", 400)
    return Dated(read_span(fields), value, source, fields.choice("confidence", CONFIDENCE))


def _rows(fields: Fields) -> Rows:
    rows: Rows = {}
    for key in fields.names():
        if isinstance(fields.raw(key), dict):
            rows |= {(key, *rest): v for rest, v in _rows(fields.below(key)).items()}
        else:
            rows[(key,)] = fields.number(key)
    return rows


def _shape(dated: Dated) -> tuple[Literal["value", "texts", "table"], int]:
    if isinstance(dated.value, Fraction):
        return "value", 0
    if isinstance(dated.value, frozenset):
        return "texts", 0
    depths = {len(keys) for keys in dated.value}
    return "table", depths.pop() if len(depths) == 1 else 0


def _refuse_overlap(fields: Fields, id_: str, values: Sequence[Dated]) -> None:
    for place, one in enumerate(values):
        for other in values[:place]:
            if not one.span.meets(other.span):
                continue
            if not isinstance(one.value, dict) or not isinstance(other.value, dict):
                raise fields.refuse("parameter-overlap", id_)
            if twice := sorted(one.value.keys() & other.value.keys()):
                raise fields.refuse("parameter-overlap", id_, key=", ".join(twice[0]))
