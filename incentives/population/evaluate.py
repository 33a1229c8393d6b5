"""Evaluates an expression for a whole population: the same tree as `rules.evaluate`, by columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from incentives.population import arithmetic, ragged
from incentives.population.arithmetic import known_only
from incentives.population.calendar import counted
from incentives.population.columns import (
    KNOWN,
    Bits,
    Column,
    Days,
    Flags,
    Numbers,
    Texts,
    code_of,
    constant,
    taken,
    worst,
)
from incentives.population.logic import chosen, joined, turned
from incentives.population.ragged import Ragged
from incentives.population.tables import lookup
from incentives.rules.days import written
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
from incentives.rules.values import Absent, Table

Seen = Callable[[Compare, str | None, Numbers, Numbers, Flags], Flags]
"""Told of each comparison of numbers: its list, both sides and what it came to, to be returned."""


@dataclass(slots=True)
class World:
    """What names stand for; steps add to it. `spread` keeps columns repeated for items."""

    scalars: dict[str, Column]
    lists: dict[str, Ragged]
    texts: Mapping[str, frozenset[str] | Absent]
    tables: Mapping[str, Table]
    code: Callable[[str], int]
    spread: dict[tuple[str, str], Column] = field(default_factory=dict)

    def evaluation(self, rows: str | None, seen: Seen | None = None) -> Evaluation:
        """Expressions in this world, on the items of a list or on enterprises."""
        return Evaluation(self, rows, seen)


class Evaluation:
    """Expressions evaluated in a world, for enterprises or for the items of a list."""

    def __init__(self, world: World, rows: str | None = None, seen: Seen | None = None) -> None:
        self._world = world
        self._rows = rows
        self._seen = seen

    def column(self, node: Node) -> Column:
        """Evaluate; a division by zero is a fault of its row."""
        match node:
            case Number(value=value):
                return constant(value)
            case Text(value=word):
                return Texts(self._world.code(word))
            case Flag(value=flag):
                return Flags(flag)
            case Name(text=name):
                return self._name(name)
            case Negative(of=of):
                return arithmetic.negative(self._number(of))
            case Not(of=of):
                return turned(self._flag(of))
            case Arithmetic(op=op, left=left, right=right):
                return _ARITHMETIC[op](self._number(left), self._number(right))
            case Compare():
                return self._compare(node)
            case Junction(op=op, parts=parts):
                return joined(op, [self._flag(part) for part in parts])
            case Choose(test=test, yes=yes, no=no):
                return chosen(self._flag(test), self.column(yes), self.column(no))
            case Call():
                return self._call(node)
            case Fold():
                return self._fold(node)

    def _name(self, name: str) -> Column:
        if self._rows is None:
            return self._world.scalars[name]
        rows = self._world.lists[self._rows]
        if name in rows.columns:
            return rows.columns[name]
        key = self._rows, name
        if key not in self._world.spread:
            self._world.spread[key] = taken(self._world.scalars[name], rows.owner)
        return self._world.spread[key]

    def _number(self, node: Node) -> Numbers:
        found = self.column(node)
        assert isinstance(found, Numbers)  # kinds are checked when a rule is read
        return found

    def _flag(self, node: Node) -> Flags:
        found = self.column(node)
        assert isinstance(found, Flags)
        return found

    def _compare(self, node: Compare) -> Flags:
        left = self.column(node.left)
        if node.op in ("in", "not in"):
            assert isinstance(left, Texts)
            return self._among(node, left)
        right = self.column(node.right)
        if isinstance(left, Numbers) and isinstance(right, Numbers):
            found = arithmetic.compared(node.op, left, right)
            if self._seen is not None:
                return self._seen(node, self._rows, left, right, found)
            return found
        state = worst((left.state, right.state))
        if isinstance(left, Days) and isinstance(right, Days):
            true = arithmetic.COMPARED[node.op](left.ordinal, right.ordinal)
            return Flags(known_only(true, state), state)
        if isinstance(left, Texts) and isinstance(right, Texts):
            same = left.code == right.code
        else:
            assert isinstance(left, Flags) and isinstance(right, Flags)
            same = left.true == right.true
        if node.op == "!=":
            same = (not same) if isinstance(same, bool) else ~same
        return Flags(known_only(same, state), state)

    def _among(self, node: Compare, left: Texts) -> Flags:
        words = self._world.texts[node.right.text]
        if isinstance(words, Absent):
            # What is in no force says more than what is missing, in the scalar path too.
            return Flags(False, worst((left.state, code_of(words))))
        codes = {self._world.code(word) for word in words}
        if isinstance(left.code, int):
            true: Bits | bool = (left.code in codes) is (node.op == "in")
        else:
            member = np.full(int(left.code.max(initial=0)) + 1, node.op != "in")
            member[[c for c in codes if c < len(member)]] = node.op == "in"
            true = member[left.code]
        return Flags(known_only(true, left.state), left.state)

    def _call(self, node: Call) -> Column:
        match node.function:
            case "given":
                found = self.column(node.arguments[0])
                known = found.state == KNOWN
                return Flags(known if isinstance(known, bool) else np.asarray(known))
            case "lookup":
                table = self._world.tables[node.arguments[0].text]
                keys = [self._text(argument) for argument in node.arguments[1:]]
                return lookup(table, keys, self._world.code)
            case "position":
                value, *names = node.arguments
                rows = self._list()
                return ragged.position(rows, self._number(value), [self._text(n) for n in names])
            case "members":
                return ragged.members(self._list(), [self._text(n) for n in node.arguments])
            case "min" | "max":
                parts = [self._number(argument) for argument in node.arguments]
                return arithmetic.least_of(parts, most=node.function == "max")
            case "day":
                return Days((written(node.arguments[0]) or date.min).toordinal())
            case "year" | "days" | "months":
                given = [self.column(argument) for argument in node.arguments]
                return counted(node.function, [day for day in given if isinstance(day, Days)])
            case "abs":
                return arithmetic.absolute(self._number(node.arguments[0]))
        up = node.function == "ceil"
        return arithmetic.floored(self._number(node.arguments[0]), up=up)

    def _text(self, node: Node) -> Texts:
        found = self.column(node)
        assert isinstance(found, Texts)
        return found

    def _list(self) -> Ragged:
        return self._world.lists[self._rows or ""]

    def _fold(self, node: Fold) -> Column:
        inner = Evaluation(self._world, node.rows, self._seen)
        where = inner._flag(node.where) if node.where is not None else None
        return ragged.fold(
            self._world.lists[node.rows], node.function, inner.column(node.value), where
        )


_ARITHMETIC: Mapping[str, Callable[[Numbers, Numbers], Numbers]] = {
    "+": arithmetic.plus,
    "-": lambda a, b: arithmetic.plus(a, arithmetic.negative(b)),
    "*": arithmetic.times,
    "/": arithmetic.over,
}
