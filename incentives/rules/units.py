"""Checks that nothing is added to, or held against, what is counted in another unit.

Names and steps have the unit that the file declares, literals fit any, and a product or a quotient
has none that is known, so that what is refused is surely wrong. Shares are bare numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from incentives.rules.errors import ExpressionRefused
from incentives.rules.syntax import (
    Arithmetic,
    Call,
    Choose,
    Compare,
    Fold,
    Junction,
    Name,
    Negative,
    Node,
    Not,
    Number,
)

BARE = "1"
SHARE = "share"
"""How the units of shares begin: a share of the tax, of the standard, of a year."""
ANY, UNKNOWN = "", None
"""What a literal has, and what nobody can tell."""


def normal(unit: str) -> str | None:
    """A declared unit as it is compared: shares are bare, and none declared is not known."""
    if not unit:
        return UNKNOWN
    return BARE if unit == BARE or unit.startswith(SHARE) else unit


def bounds(unit: str) -> tuple[Fraction, Fraction | None]:
    """Between what a figure of law lies by its unit: a share is of one whole, nothing is negative.

    None where nothing bounds it above, as a multiple or a sum of money.
    """
    return Fraction(0), Fraction(1) if unit.startswith(SHARE) else None


def unit(node: Node, units: Mapping[str, str | None]) -> str | None:
    """The unit of an expression: ANY for literals, UNKNOWN where it cannot be told.

    `units` gives that of every name. Raises ExpressionRefused ``unit-mismatch``.
    """
    match node:
        case Number():
            return ANY
        case Name(text=text):
            return units.get(text, UNKNOWN)
        case Negative(of=of):
            return unit(of, units)
        case Not(of=of):
            unit(of, units)
        case Arithmetic(op=op, left=left, right=right):
            sides = unit(left, units), unit(right, units)
            return _same(node, *sides) if op in "+-" else UNKNOWN
        case Compare(op=op, left=left, right=right):
            if op not in ("in", "not in"):
                _same(node, unit(left, units), unit(right, units))
        case Junction(parts=parts):
            for part in parts:
                unit(part, units)
        case Choose(test=test, yes=yes, no=no):
            unit(test, units)
            return _same(node, unit(yes, units), unit(no, units))
        case Call():
            return _call(node, units)
        case Fold():
            return _fold(node, units)
    return UNKNOWN


def _call(node: Call, units: Mapping[str, str | None]) -> str | None:
    found = [unit(argument, units) for argument in node.arguments]
    if node.function in ("min", "max"):
        whole: str | None = ANY
        for one in found:
            whole = _same(node, whole, one)
        return whole
    return found[0] if node.function in ("abs", "floor", "ceil") else UNKNOWN


def _fold(node: Fold, units: Mapping[str, str | None]) -> str | None:
    if node.where is not None:
        unit(node.where, units)
    found = unit(node.value, units)
    return found if node.function in ("sum", "min", "max") else UNKNOWN


def _same(node: Node, left: str | None, right: str | None) -> str | None:
    if UNKNOWN in (left, right):
        return UNKNOWN
    if ANY in (left, right):
        return left or right
    if left != right:
        raise ExpressionRefused("unit-mismatch", part=node.text, left=left or "", right=right or "")
    return left
