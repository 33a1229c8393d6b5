"""The named functions of the language: of numbers, over the items of a list, among its items."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from incentives.rules.values import Value, joined, merged, missing

NUMERIC: Mapping[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "min": min,
    "max": max,
    "abs": lambda numbers: abs(numbers[0]),
    "floor": lambda numbers: Fraction(math.floor(numbers[0])),
    "ceil": lambda numbers: Fraction(math.ceil(numbers[0])),
}


def fold(function: str, values: Sequence[Value], text: str) -> Value:
    """Fold the values of a list's items; min and max of none are missing, the sum of none is 0."""
    if function in ("any", "all"):
        return joined("or" if function == "any" else "and", values)
    if (absent := merged(values)) is not None:
        return absent
    numbers = [v for v in values if isinstance(v, Fraction)]
    if function == "count":
        return Fraction(sum(1 for v in values if v is True))
    if function == "sum":
        return sum(numbers, Fraction(0))
    if not numbers:
        return missing(text)
    return min(numbers) if function == "min" else max(numbers)


def position(rows: Sequence[Sequence[Value]]) -> list[Value]:
    """Place each item among those of equal keys, the largest value first, counted from 1.

    A row is [value, key, …]. Equal values keep the order in which they were given. Where a key is
    absent no place is known; where a value is absent no place among its equals is.
    """
    if (absent := merged(v for row in rows for v in row[1:])) is not None:
        return [absent] * len(rows)
    groups: dict[tuple[Value, ...], list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault(tuple(row[1:]), []).append(place)
    found: list[Value] = [missing("")] * len(rows)
    for group in groups.values():
        unknown = merged(rows[i][0] for i in group)
        for rank, i in enumerate(sorted(group, key=lambda i: _descending(rows[i][0])), start=1):
            found[i] = unknown or Fraction(rank)
    return found


def _descending(value: Value) -> Fraction:
    return -value if isinstance(value, Fraction) else Fraction(0)


def members(rows: Sequence[Sequence[Value]]) -> list[Value]:
    """Count, for each item, the items of equal keys; a row is [key, …]."""
    if (absent := merged(v for row in rows for v in row)) is not None:
        return [absent] * len(rows)
    counts = Counter(tuple(row) for row in rows)
    return [Fraction(counts[tuple(row)]) for row in rows]


WINDOWS: Mapping[str, Callable[[Sequence[Sequence[Value]]], list[Value]]] = {
    "position": position,
    "members": members,
}
