"""Looks up a column of keys in a table of the law."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import lcm

import numpy as np

from incentives.population.columns import (
    FEW,
    KNOWN,
    MISSING,
    NOT_IN_FORCE,
    Array,
    Numbers,
    Texts,
    absent,
    constant,
    fits,
    worst,
)
from incentives.rules.evaluate import Table


def lookup(table: Table, keys: Sequence[Texts], code: Callable[[str], int]) -> Numbers:
    """The numbers of a table by keys: an unknown key is missing, one of another day not in force.

    Only keys that occur are weighed, so that the shared denominator stays small.
    """
    coded = {tuple(code(word) for word in words): value for words, value in table.items()}
    found = worst(key.state for key in keys)
    if all(isinstance(key.code, int) for key in keys):
        if isinstance(found, int) and found != KNOWN:
            return absent(found)
        one = tuple(int(key.code) for key in keys)
        value = coded.get(one)
        if value is not None:
            number = constant(value)
            return Numbers(number.top, number.low, number.high, number.bottom, state=found)
        state = worst((found, NOT_IN_FORCE if one in coded else MISSING))
        return Numbers(0, 0, 0, state=state)
    place, asked = _distinct([key.code for key in keys])
    values = [coded.get(one) for one in asked]
    states = [
        KNOWN if value is not None else NOT_IN_FORCE if one in coded else MISSING
        for one, value in zip(asked, values, strict=True)
    ]
    known = [value for value in values if value is not None]
    bottom = lcm(1, *{value.denominator for value in known})
    filler = known[0] if known else None
    chosen = [value if value is not None else filler for value in values]
    tops = [0 if v is None else v.numerator * (bottom // v.denominator) for v in chosen]
    low, high = (min(tops), max(tops)) if tops else (0, 0)
    top = np.array(tops, np.int64 if fits(low, high) else object)[place]
    by_key: Array | int = np.array(states, np.int8)[place] if any(states) else KNOWN
    # A key that is absent says more of why than what its stand-in came to.
    if not isinstance(found, int):
        by_key = np.where(found == KNOWN, by_key, found).astype(np.int8)
    elif found != KNOWN:
        by_key = found
    few = tuple(sorted(set(tops))) if len(set(tops)) <= FEW else ()
    return Numbers(top, low, high, bottom, state=by_key, few=few)


def _distinct(codes: Sequence[Array | int]) -> tuple[Array, list[tuple[int, ...]]]:
    """Which keys occur, and for each row which of them it has."""
    arrays = np.broadcast_arrays(*codes)
    group = arrays[0].astype(np.int64)
    for other in arrays[1:]:
        width = int(other.max(initial=0)) + 1
        group = group * width + other
    # Codes are small: a table of places is faster than sorting the rows.
    size = int(group.max(initial=0)) + 1
    if size <= 4 * len(group) + 65_536:
        seen = np.zeros(size, bool)
        seen[group] = True
        kept = np.flatnonzero(seen)
        where = np.zeros(size, np.int64)
        where[kept] = np.arange(len(kept))
        first = np.zeros(size, np.int64)
        first[group] = np.arange(len(group))
        rows = first[kept]
        place = where[group]
    else:
        _, rows, place = np.unique(group, return_index=True, return_inverse=True)
    asked = list(zip(*(array[rows].tolist() for array in arrays), strict=True))
    return place, asked
