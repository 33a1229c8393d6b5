"""What is counted between days, by columns, as `rules.days` counts it for two."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from incentives.population.columns import Array, Days, Numbers, bounds_of, worst

_EPOCH = 719_163
"""The ordinal of 1970-01-01, from which numpy counts."""


def counted(function: str, given: Sequence[Days]) -> Numbers:
    """The year of a day, or days or whole months from one day to another."""
    state = worst(day.state for day in given)
    ordinals = [np.asarray(day.ordinal, np.int64) for day in given]
    if function == "year":
        found = _parts(ordinals[0])[0]
    elif function == "days":
        found = ordinals[1] - ordinals[0]
    else:
        found = _months(*ordinals)
    if found.ndim == 0:
        one = int(found)
        return Numbers(one, one, one, state=state)
    return Numbers(found, *bounds_of(found), state=state)


def _months(first: Array, last: Array) -> Array:
    early, late = np.minimum(first, last), np.maximum(first, last)
    (year, month, day), (year_, month_, day_) = _parts(early), _parts(late)
    whole = (year_ - year) * 12 + month_ - month - (day_ < day)
    return np.asarray(np.where(last < first, -whole, whole))


def _parts(ordinals: Array) -> tuple[Array, Array, Array]:
    """Year, month from 0 and day from 0."""
    dates = (ordinals - _EPOCH).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    count = months.astype(np.int64)
    return count // 12 + 1970, count % 12, (dates - months.astype("datetime64[D]")).astype(np.int64)
