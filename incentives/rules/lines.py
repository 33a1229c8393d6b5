"""Reads an expression as a straight line in one of its operands, where it is one.

``slope * operand + start`` is exact, so that the operand's value at a threshold is solved for and
not searched. Named steps on the way are opened, unless they round. A day counts by its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from incentives.rules.evaluate import Evaluation, World
from incentives.rules.steps import Step
from incentives.rules.syntax import (
    Arithmetic,
    Call,
    Choose,
    Compare,
    Junction,
    Name,
    Negative,
    Node,
    Not,
    names_of,
)


@dataclass(frozen=True, slots=True)
class Line:
    """What an expression is as its operand moves; no slope means that it does not."""

    slope: Fraction
    start: Fraction

    def at(self, operand: Fraction) -> Fraction:
        """What the expression is where the operand is this."""
        return self.slope * operand + self.start


@dataclass(frozen=True, slots=True)
class Ground:
    """Where an expression stands: what names came to, the steps by name, the item at hand."""

    world: World
    steps: Mapping[str, Step]
    rows: str | None
    place: int | None
    _lines: dict[tuple[int, str], Line | None] = field(default_factory=dict, compare=False)
    _leads: dict[int, frozenset[str]] = field(default_factory=dict, compare=False)
    """What has been worked out, by the identity of nodes, which live as long as their rule."""

    def value(self, node: Node) -> object:
        """What an expression comes to here; may raise RuleFault."""
        return Evaluation(self.world, self.rows, self.place).trace(node).value

    def names(self, node: Node) -> Iterator[str]:
        """Every name that an expression leads to, once: itself and through the steps it names."""
        return names_under(names_of(node), self.steps)

    def _leads_to(self, node: Node, name: str) -> bool:
        if id(node) not in self._leads:
            self._leads[id(node)] = frozenset(self.names(node))
        return name in self._leads[id(node)]

    def line(self, node: Node, operand: str) -> Line | None:
        """An expression as a line in an operand, or None where it is none or not known to be."""
        key = (id(node), operand)
        if key not in self._lines:
            self._lines[key] = self._line(node, operand)
        return self._lines[key]

    def _line(self, node: Node, operand: str) -> Line | None:
        if not self._leads_to(node, operand):
            value = numbered(self.value(node))
            return None if value is None else Line(Fraction(0), value)
        match node:
            case Name(text=text):
                return self._named(text, operand)
            case Negative(of=of):
                found = self.line(of, operand)
                return None if found is None else Line(-found.slope, -found.start)
            case Arithmetic(op=op, left=left, right=right):
                return _joined(op, self.line(left, operand), self.line(right, operand))
            case Call(function="days", arguments=(first, last)):
                return _joined("-", self.line(last, operand), self.line(first, operand))
            case Choose(test=test, yes=yes, no=no) if not self._leads_to(test, operand):
                return self.line(yes if self.value(test) is True else no, operand)
        return None

    def _named(self, name: str, operand: str) -> Line | None:
        if name == operand:
            return Line(Fraction(1), Fraction(0))
        step = self.steps[name]
        if step.round is not None or (step.each is not None and step.each != self.rows):
            return None
        return self.line(step.node, operand)


def names_under(names: Iterable[str], steps: Mapping[str, Step]) -> Iterator[str]:
    """Some names and every name that they lead to through the steps they name, each once."""
    ahead = [iter(names)]
    seen: set[str] = set()
    while ahead:
        name = next(ahead[-1], None)
        if name is None:
            ahead.pop()
        elif name not in seen:
            seen.add(name)
            yield name
            if (step := steps.get(name)) is not None:
                ahead.append(iter(step.names))


def numbered(value: object) -> Fraction | None:
    """A number as it is, a day by its number (ISO 8601, counted from the year 1); else None."""
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return value if isinstance(value, Fraction) else None


def comparisons(node: Node) -> Iterator[Compare]:
    """The comparisons in an expression, in their order."""
    match node:
        case Compare():
            yield node
        case Not(of=of) | Negative(of=of):
            yield from comparisons(of)
        case Junction(parts=parts) | Call(arguments=parts):
            for part in parts:
                yield from comparisons(part)
        case Choose(test=test, yes=yes, no=no):
            for part in (test, yes, no):
                yield from comparisons(part)


def _joined(op: str, left: Line | None, right: Line | None) -> Line | None:
    if left is None or right is None:
        return None
    if op == "+":
        return Line(left.slope + right.slope, left.start + right.start)
    if op == "-":
        return Line(left.slope - right.slope, left.start - right.start)
    if op == "*":
        fixed, moved = (left, right) if left.slope == 0 else (right, left)
        if fixed.slope != 0:
            return None
        return Line(moved.slope * fixed.start, moved.start * fixed.start)
    if right.slope != 0 or right.start == 0:
        return None
    return Line(left.slope / right.start, left.start / right.start)
