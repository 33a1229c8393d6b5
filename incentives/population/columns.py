"""Values of a whole population: exact numbers, flags and texts as columns, with why one is absent.

A number is top / (bottom · under): `top` an integer by row, `bottom` one denominator for all, and
`under` a denominator by row where a column was divided by a column. `low` and `high` bound `top`,
so that every operation knows beforehand whether its result fits 64 bits; where it does not, the
column goes on as Python's integers (object) instead of losing a fen. A value that is the same for
all rows is a plain integer instead of an array.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from incentives.rules.values import Absent, State

Array = NDArray[Any]
Bits = NDArray[np.bool_]

KNOWN, MISSING, UNVERIFIED, NOT_IN_FORCE, FAULT = 0, 1, 2, 3, 9
"""States by row, in the order in which they outweigh each other; a fault refuses the question."""
STATES: dict[int, State] = {
    MISSING: "missing",
    UNVERIFIED: "unverified",
    NOT_IN_FORCE: "not-in-force",
}
CODES: dict[str, int] = {name: code for code, name in STATES.items()}
LARGEST = 2**63 - 1
FEW = 256
"""So many different denominators are worth carrying along as a set."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Exact numbers; `few` are all values that `top` can have, where they are few and known."""

    top: Array | int
    low: int
    high: int
    bottom: int = 1
    under: Array | None = None
    unders: tuple[int, ...] = ()
    state: Array | int = KNOWN
    few: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Flags:
    """Flags; what is absent is False in `true`, so that nothing absent counts as yes."""

    true: Bits | bool
    state: Array | int = KNOWN


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as codes of a vocabulary."""

    code: Array | int
    state: Array | int = KNOWN


@dataclass(frozen=True, slots=True)
class Days:
    """Days as their ordinal numbers (proleptic Gregorian, 1 is 0001-01-01)."""

    ordinal: Array | int
    state: Array | int = KNOWN


Column = Numbers | Flags | Texts | Days


def constant(value: Fraction | int) -> Numbers:
    """One number for all rows."""
    exact = Fraction(value)
    return Numbers(exact.numerator, exact.numerator, exact.numerator, exact.denominator)


def absent(state: int) -> Numbers:
    """No number for any row."""
    return Numbers(0, 0, 0, state=state)


def code_of(value: Absent) -> int:
    """The code of an absent value."""
    return CODES[value.state]


def worst(states: Iterable[Array | int]) -> Array | int:
    """Join states by row: the one that outweighs the others."""
    fixed = KNOWN
    found: Array | None = None
    for state in states:
        if isinstance(state, int):
            fixed = max(fixed, state)
        elif found is None or found is state:
            found = state
        else:
            found = np.maximum(found, state)
    if found is None:
        return fixed
    return found if fixed == KNOWN else np.maximum(found, np.int8(fixed))


def fits(low: int, high: int) -> bool:
    """Whether every integer between the two is one of 64 bits."""
    return low >= -LARGEST and high <= LARGEST


def wide(top: Array | int) -> Array | int:
    """The same integers without a bound."""
    return top if isinstance(top, int) or top.dtype == object else top.astype(object)


def narrow(top: Array | int, low: int, high: int) -> Array | int:
    """The same integers in 64 bits where they fit."""
    if isinstance(top, int) or top.dtype != object or not fits(low, high):
        return top
    return top.astype(np.int64)


def scaled(top: Array | int, low: int, high: int, factor: int) -> tuple[Array | int, int, int]:
    """Integers times one factor, with their bounds."""
    if factor == 1:
        return top, low, high
    low, high = sorted((low * factor, high * factor))
    if not fits(low, high) or not fits(factor, factor):
        top = wide(top)
    return top * factor, low, high


def picked(values: Array | int | bool, rows: Array) -> Any:
    """The values of some rows; one for all stays one for all."""
    return values[rows] if isinstance(values, np.ndarray) else values


def taken(column: Column, rows: Array) -> Column:
    """A column of some rows, in their order, by place or by mask."""
    state = picked(column.state, rows)
    match column:
        case Numbers():
            under = None if column.under is None else column.under[rows]
            top = picked(column.top, rows)
            bounds = column.low, column.high
            return Numbers(top, *bounds, column.bottom, under, column.unders, state, column.few)
        case Flags():
            return Flags(picked(column.true, rows), state)
        case Texts():
            return Texts(picked(column.code, rows), state)
        case Days():
            return Days(picked(column.ordinal, rows), state)


def bounds_of(top: Array) -> tuple[int, int]:
    """The least and the largest integer of a column, 0 and 0 of an empty one."""
    return (int(top.min()), int(top.max())) if top.size else (0, 0)
