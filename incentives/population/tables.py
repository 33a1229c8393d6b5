"""Looks up a column of keys in a table of the law."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm, prod
from typing import Any

import numpy as np

from incentives.population.columns import (
    FEW,
    KNOWN,
    MISSING,
    Array,
    Numbers,
    Texts,
    absent,
    code_of,
    constant,
    fits,
    worst,
)
from incentives.rules.values import Absent, Table


def lookup(table: Table, keys: Sequence[Texts], code: Callable[[str], int]) -> Numbers:
    """The numbers of a table by keys, or why a key has none.

    Only keys that occur are weighed, so that the shared denominator stays small.
    """
    coded = {tuple(code(word) for word in words): value for words, value in table.rows.items()}
    rest = MISSING if table.rest is None else code_of(table.rest)
    found = worst(key.state for key in keys)
    if all(isinstance(key.code, int) for key in keys):
        if isinstance(found, int) and found != KNOWN:
            return absent(found)
        one = coded.get(tuple(int(key.code) for key in keys))
        if isinstance(one, Fraction):
            number = constant(one)
            return Numbers(number.top, number.low, number.high, number.bottom, state=found)
        state = worst((found, rest if one is None else code_of(one)))
        return Numbers(0, 0, 0, state=state)
    group, kept, asked = _distinct([key.code for key in keys])
    held = [coded.get(one) for one in asked]
    values = [value if isinstance(value, Fraction) else None for value in held]
    states = [
        rest if value is None else code_of(value) if isinstance(value, Absent) else KNOWN
        for value in held
    ]
    known = [value for value in values if value is not None]
    bottom = lcm(1, *{value.denominator for value in known})
    filler = known[0] if known else None
    chosen = [value if value is not None else filler for value in values]
    tops = [0 if v is None else v.numerator * (bottom // v.denominator) for v in chosen]
    low, high = (min(tops), max(tops)) if tops else (0, 0)
    top = _spread(tops, np.int64 if fits(low, high) else np.dtype(object), kept)[group]
    by_key: Array | int = _spread(states, np.int8, kept)[group] if any(states) else KNOWN
    # A key that is absent says more of why than what its stand-in came to.
    if not isinstance(found, int):
        by_key = np.where(found == KNOWN, by_key, found).astype(np.int8)
    elif found != KNOWN:
        by_key = found
    few = tuple(sorted(set(tops))) if len(set(tops)) <= FEW else ()
    return Numbers(top, low, high, bottom, state=by_key, few=few)


def _spread(values: Sequence[int], kind: Any, kept: Array) -> Array:
    """Values at the places of the keys that occur, so that rows can pick theirs."""
    found = np.zeros(int(kept[-1]) + 1 if len(kept) else 1, kind)
    found[kept] = values
    return found


def _distinct(codes: Sequence[Array | int]) -> tuple[Array, Array, list[tuple[int, ...]]]:
    """A number for each row by its key, the numbers that occur, and their keys."""
    arrays = np.broadcast_arrays(*codes)
    widths = [int(array.max(initial=0)) + 1 for array in arrays]
    size = prod(widths)
    if size > 4 * arrays[0].size + 65_536:  # too many numbers for a place each
        table, place = np.unique(np.stack(arrays, axis=1), axis=0, return_inverse=True)
        keys = [tuple(int(code) for code in row) for row in table]
        return place.reshape(-1), np.arange(len(keys)), keys
    # Codes are small: counting their places is faster than sorting the rows.
    group = arrays[0]
    for other, width in zip(arrays[1:], widths[1:], strict=True):
        group = group.astype(np.int64) * width + other
    kept = np.flatnonzero(np.bincount(group, minlength=size))
    codes_of = np.unravel_index(kept, widths)
    return group, kept, list(zip(*(code.tolist() for code in codes_of), strict=True))
