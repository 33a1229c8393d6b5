"""Evaluates expressions exactly, and keeps the whole way to the value as a tree.

Both sides of and, or and every comparison are evaluated, so that all gaps show at once; of a
conditional only the branch that is taken. What is absent stays absent and is never read as no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from operator import add, eq, ge, gt, le, lt, mul, ne, sub, truediv
from typing import Any

from incentives.rules import days, functions
from incentives.rules.errors import RuleFault
from incentives.rules.syntax import (
    Arithmetic,
    Call,
    Choose,
    Compare,
    Flag,
    Fold,
    Junction,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Text,
)
from incentives.rules.trace import Distance, Trace
from incentives.rules.values import Absent, Table, Value, joined, merged, missing

Item = dict[str, Value]

_ARITHMETIC: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": add, "-": sub, "*": mul, "/": truediv,
}  # fmt: skip
COMPARISON: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip
_WINDOWS = ("position", "members")


@dataclass(slots=True)
class World:
    """What names stand for in one evaluation of one rule; steps add to it as they are done."""

    scalars: dict[str, Value] = field(default_factory=dict)
    lists: dict[str, list[Item] | Absent] = field(default_factory=dict)
    texts: dict[str, frozenset[str] | Absent] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)


class Evaluation:
    """One expression evaluated in a world, for one item of a list or for none."""

    def __init__(self, world: World, rows: str | None = None, place: int | None = None) -> None:
        self._world = world
        self._rows = rows
        self._place = place
        self._cached: dict[Call, list[Value]] = {}
        self.distances: list[Distance] = []

    def at(self, place: int) -> Evaluation:
        """The same expression on another item; what ranks all items is worked out once."""
        other = Evaluation(self._world, self._rows, place)
        other._cached = self._cached
        return other

    def trace(self, node: Node) -> Trace:
        """Evaluate. Raises RuleFault division-by-zero."""
        return _WAYS[type(node)](self, node)

    def _literal(self, node: Number | Text | Flag) -> Trace:
        return Trace(node.text, node.value)

    def _named(self, node: Name) -> Trace:
        value = self._name(node.text)
        return Trace(node.text, value, ((node.text, value),))

    def _name(self, name: str) -> Value:
        if self._rows is not None and self._place is not None:
            rows = self._world.lists[self._rows]
            if not isinstance(rows, Absent) and name in rows[self._place]:
                return rows[self._place][name]
        return self._world.scalars[name]

    def _turned(self, node: Negative | Not) -> Trace:
        part = self.trace(node.of)
        value = part.value
        if not isinstance(value, Absent):
            value = (not value) if isinstance(node, Not) else -_number(value)
        return _made(node.text, value, [part])

    def _arithmetic(self, node: Arithmetic) -> Trace:
        left, right = self.trace(node.left), self.trace(node.right)
        value: Value | None = merged((left.value, right.value))
        if value is None:
            a, b = _number(left.value), _number(right.value)
            if node.op == "/" and b == 0:
                raise RuleFault("division-by-zero", expression=node.text)
            value = _ARITHMETIC[node.op](a, b)
        return _made(node.text, value, [left, right])

    def _joined(self, node: Junction) -> Trace:
        parts = [self.trace(part) for part in node.parts]
        return _made(node.text, joined(node.op, [part.value for part in parts]), parts)

    def _compare(self, node: Compare) -> Trace:
        left = self.trace(node.left)
        if node.op in ("in", "not in"):
            among = self._world.texts[node.right.text]
            value = merged([left.value, *([among] if isinstance(among, Absent) else [])])
            if value is None and not isinstance(among, Absent):
                return _made(node.text, (left.value in among) is (node.op == "in"), [left])
            return _made(node.text, value or missing(node.right.text), [left])
        right = self.trace(node.right)
        if (absent := merged((left.value, right.value))) is not None:
            return _made(node.text, absent, [left, right])
        if (away := _distance(node, left.value, right.value)) is not None:
            self.distances.append(away)
        value_ = COMPARISON[node.op](left.value, right.value)
        return _made(node.text, value_, [left, right])

    def _choose(self, node: Choose) -> Trace:
        test = self.trace(node.test)
        if isinstance(test.value, Absent):
            return _made(node.text, test.value, [test])
        taken = self.trace(node.yes if test.value else node.no)
        return _made(node.text, taken.value, [test, taken])

    def _call(self, node: Call) -> Trace:
        if node.function in _WINDOWS:
            parts = [self.trace(a) for a in node.arguments]
            return _made(node.text, self._window(node), parts)
        if node.function == "lookup":
            return self._lookup(node)
        if node.function == "day":
            return Trace(node.text, days.written(node.arguments[0]) or date.min)
        parts = [self.trace(a) for a in node.arguments]
        if node.function == "given":
            return _made(node.text, not isinstance(parts[0].value, Absent), parts)
        value: Value | None = merged(p.value for p in parts)
        if value is None and node.function in days.OF_DAYS:
            given = [p.value for p in parts if isinstance(p.value, date)]
            value = days.OF_DAYS[node.function](given)
        if value is None:
            value = functions.NUMERIC[node.function]([_number(p.value) for p in parts])
        return _made(node.text, value, parts)

    def _lookup(self, node: Call) -> Trace:
        name = node.arguments[0].text
        parts = [self.trace(a) for a in node.arguments[1:]]
        value: Value | None = merged(p.value for p in parts)
        if value is None:
            value = self._world.tables[name].of(tuple(str(p.value) for p in parts))
        return _made(node.text, value, parts)

    def _window(self, node: Call) -> Value:
        rows = self._world.lists[self._rows or ""]
        if isinstance(rows, Absent) or self._place is None:
            return missing(node.text)
        if node not in self._cached:
            table = [
                [self.at(place).trace(a).value for a in node.arguments]
                for place in range(len(rows))
            ]
            self._cached[node] = functions.WINDOWS[node.function](table)
        return self._cached[node][self._place]

    def _fold(self, node: Fold) -> Trace:
        rows = self._world.lists[node.rows]
        if isinstance(rows, Absent):
            return Trace(node.text, rows, ((node.rows, rows),))
        inner = Evaluation(self._world, node.rows)
        kept: list[Value] = []
        parts: list[Trace] = []
        for place in range(len(rows)):
            here = inner.at(place)
            where = here.trace(node.where) if node.where is not None else None
            if where is not None:
                parts.append(_numbered(where, place))
                if where.value is False:
                    continue
            part = here.trace(node.value)
            parts.append(_numbered(part, place))
            for found in here.distances:
                self.distances.append(replace(found, text=_of_item(found.text, place)))
            absent = where.value if where is not None and where.value is not True else None
            kept.append(part.value if absent is None else absent)
        return _made(node.text, functions.fold(node.function, kept, node.text), parts)


_WAYS: Mapping[type, Callable[[Evaluation, Any], Trace]] = {
    Number: Evaluation._literal,
    Text: Evaluation._literal,
    Flag: Evaluation._literal,
    Name: Evaluation._named,
    Negative: Evaluation._turned,
    Not: Evaluation._turned,
    Arithmetic: Evaluation._arithmetic,
    Compare: Evaluation._compare,
    Junction: Evaluation._joined,
    Choose: Evaluation._choose,
    Call: Evaluation._call,
    Fold: Evaluation._fold,
}


def _distance(node: Compare, left: Value, right: Value) -> Distance | None:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return Distance(node.text, node.op, left, right)
    if isinstance(left, date) and isinstance(right, date):
        return Distance(node.text, node.op, left, right)
    return None


def _number(value: Value) -> Fraction:
    if not isinstance(value, Fraction):  # kinds are checked when a rule is read
        raise RuleFault("kind-mismatch", expected="number", found=type(value).__name__)
    return value


def _made(text: str, value: Value, parts: Sequence[Trace]) -> Trace:
    """Make a node: parts that are bare names become inputs, bare literals tell nothing more."""
    inputs: dict[str, tuple[str, Value]] = {}  # in one expression a name stands for one value
    kept: list[Trace] = []
    for part in parts:
        if part.parts:
            kept.append(part)
        elif _is_name(part):
            inputs.setdefault(part.text, part.inputs[0])
        elif part.inputs:
            kept.append(part)
    return Trace(text, value, tuple(inputs.values()), tuple(kept))


def _is_name(part: Trace) -> bool:
    return len(part.inputs) == 1 and part.inputs[0][0] == part.text


def _numbered(part: Trace, place: int) -> Trace:
    """Say of a part of a fold which item it is of, by its place from 0."""
    name = _of_item(part.text, place)
    inputs = ((name, part.value),) if _is_name(part) else part.inputs
    return Trace(name, part.value, inputs, part.parts)


def _of_item(text: str, place: int) -> str:
    return f"{text} [{place}]"
