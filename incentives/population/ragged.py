"""Lists of a whole population: the items of all enterprises on end, with where each begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import lcm

import numpy as np

from incentives.population.arithmetic import levelled, negative
from incentives.population.columns import (
    FAULT,
    KNOWN,
    MISSING,
    Array,
    Column,
    Flags,
    Numbers,
    Texts,
    bounds_of,
    fits,
    narrow,
    taken,
    wide,
    worst,
)


@dataclass(frozen=True)
class Ragged:
    """A list of each enterprise: `starts` has one more place than there are enterprises.

    `columns` are the facts of the items; `state` tells by enterprise where the list is missing.
    """

    starts: Array
    columns: Mapping[str, Column] = field(default_factory=dict)
    state: Array | int = KNOWN

    @cached_property
    def counts(self) -> Array:
        """How many items each enterprise has."""
        return np.diff(self.starts)

    @cached_property
    def owner(self) -> Array:
        """Whose each item is."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def filled(self) -> Array | None:
        """The enterprises that have items; None where all have."""
        return None if len(self.counts) and self.counts.all() else np.flatnonzero(self.counts)

    @property
    def length(self) -> int:
        """How many items there are in all."""
        return int(self.starts[-1])

    def taken(self, rows: Array) -> Ragged:
        """The lists of some enterprises, by place."""
        counts = self.counts[rows]
        starts = np.concatenate(([0], np.cumsum(counts)))
        places = np.arange(starts[-1]) + np.repeat(self.starts[:-1][rows] - starts[:-1], counts)
        columns = {name: taken(column, places) for name, column in self.columns.items()}
        return Ragged(starts, columns, taken(Flags(True, self.state), rows).state)

    def folded(self, join: Callable[..., Array], values: Array, empty: object) -> Array:
        """Join the values of each enterprise's items; `empty` for who has none."""
        if self.filled is None:
            return join(values, self.starts[:-1])
        found = np.full(len(self.counts), empty, values.dtype)
        if len(self.filled):
            found[self.filled] = join(values, self.starts[:-1][self.filled])
        return found


def fold(rows: Ragged, function: str, value: Column, where: Flags | None) -> Column:
    """Fold a column of items into one of enterprises: sum, min, max, count, any, all."""
    kept, state = _kept(rows, value, where)
    if function in ("any", "all"):
        assert isinstance(value, Flags)
        return _flags(rows, function, value, kept, state)
    if function == "count":
        assert isinstance(value, Flags)
        value = Numbers(np.asarray(value.true, np.int64), 0, 1)
    assert isinstance(value, Numbers)
    found = _limit(rows, function, value, kept) if function in ("min", "max") else _sum(
        rows, value, kept)  # fmt: skip
    known = _of_owner(rows, state, kept)
    if function in ("min", "max"):
        some = rows.counts if kept is None else rows.folded(np.add.reduceat, kept.astype(int), 0)
        if not some.all():
            empty = np.where(some == 0, np.int8(MISSING), np.int8(KNOWN))
            known = worst((known, empty))
    return replace(found, state=_listed(rows, known))


def position(rows: Ragged, value: Numbers, keys: Sequence[Texts]) -> Numbers:
    """Place each item among those of its enterprise with equal keys, the largest first, from 1."""
    group = _groups(rows, keys)
    level = negative(_level(rows, value, None)[0])
    top = np.broadcast_to(level.top, rows.length)
    order = _ranking(group, top)
    ranked = group[order]
    first = np.ones(len(ranked), bool)
    first[1:] = ranked[1:] != ranked[:-1]
    place = np.arange(len(ranked))
    rank = np.empty(len(ranked), np.int64)
    rank[order] = place - np.maximum.accumulate(np.where(first, place, 0)) + 1
    state = _placed(rows, _spread(rows, keys), value.state, group)
    return Numbers(rank, 1, max(1, int(rank.max(initial=1))), state=state)


def members(rows: Ragged, keys: Sequence[Texts]) -> Numbers:
    """Count for each item the items of its enterprise with equal keys."""
    _, inverse, counts = np.unique(_groups(rows, keys), return_inverse=True, return_counts=True)
    found = counts[inverse].astype(np.int64)
    return Numbers(found, 1, max(1, int(found.max(initial=1))), state=_spread(rows, keys))


def _kept(rows: Ragged, value: Column, where: Flags | None) -> tuple[Array | None, Array | int]:
    """Which items count, None for all, and their states; an absent condition outweighs."""
    if where is None:
        return None, value.state
    kept = np.broadcast_to(np.asarray(where.true) | (np.asarray(where.state) != KNOWN), rows.length)
    if isinstance(where.state, int) and where.state == KNOWN:
        return kept, value.state
    state = np.where(np.asarray(where.state) == KNOWN, value.state, where.state)
    return kept, np.where(np.asarray(value.state) == FAULT, FAULT, state).astype(np.int8)


def _of_owner(rows: Ragged, state: Array | int, kept: Array | None) -> Array | int:
    """The state by enterprise that outweighs those of its items."""
    if isinstance(state, int):
        if state == KNOWN:
            return KNOWN
        state = np.full(rows.length, state, np.int8)
    if kept is not None:
        state = np.where(kept, state, np.int8(KNOWN))
    return rows.folded(np.maximum.reduceat, state, KNOWN)


def _listed(rows: Ragged, state: Array | int) -> Array | int:
    """A list that is missing is missing whatever is folded over it."""
    return worst((state, rows.state))


def _sum(rows: Ragged, value: Numbers, kept: Array | None) -> Numbers:
    out = _out(value.state, kept)
    level, under = _level(rows, value, out)
    most = int(rows.counts.max(initial=0))
    low, high = min(0, level.low) * most, max(0, level.high) * most
    top = np.broadcast_to(np.asarray(level.top), rows.length)
    if out is not None:
        top = np.where(out, 0, top)
    if not fits(low, high):
        top = np.asarray(wide(top))
    return _of_owners(rows.folded(np.add.reduceat, top, 0), low, high, level.bottom, under)


def _limit(rows: Ragged, function: str, value: Numbers, kept: Array | None) -> Numbers:
    out = _out(value.state, kept)
    level, under = _level(rows, value, out)
    top = np.broadcast_to(np.asarray(level.top), rows.length)
    if out is not None:
        top = np.where(out, level.high if function == "min" else level.low, top)
    join = np.minimum.reduceat if function == "min" else np.maximum.reduceat
    low, high = min(level.low, 0), max(level.high, 0)
    return _of_owners(rows.folded(join, top, 0), low, high, level.bottom, under)


def _of_owners(top: Array, low: int, high: int, bottom: int, under: Array | None) -> Numbers:
    """A number by enterprise; what went on without a bound comes back where it fits."""
    if top.dtype == object:
        low, high = bounds_of(top)
    return Numbers(narrow(top, low, high), low, high, bottom, under)


def _level(rows: Ragged, value: Numbers, out: Array | None) -> tuple[Numbers, Array | None]:
    """Items over one denominator for each enterprise, and that denominator by enterprise.

    One for all would grow with the population. Only few small divisors are levelled for all at
    once (then the second is None). The items that are out ask for no denominator.
    """
    if value.under is None:
        return value, None
    common = lcm(*value.unders)
    reach = max(-value.low, value.high, 1) * common * int(rows.counts.max(initial=1))
    if value.unders and fits(0, reach):
        return levelled(value), None
    top, under = value.top, value.under
    if out is not None:
        top, under = np.where(out, 0, top), np.where(out, 1, under)
    if not fits(0, bounds_of(under)[1] ** int(rows.counts.max(initial=1))):
        under = np.asarray(wide(under))
    shared = rows.folded(np.lcm.reduceat, under, 1)
    factor = shared[rows.owner] // under
    most = bounds_of(factor)[1]
    low, high = min(value.low, 0) * most, max(value.high, 0) * most
    if not fits(low, high):
        top = wide(top)
    top = np.asarray(top * factor)
    if top.dtype == object:
        low, high = bounds_of(top)
    level = Numbers(narrow(top, low, high), low, high, value.bottom, state=value.state)
    return level, np.asarray(narrow(shared, *bounds_of(shared)))


def _out(state: Array | int, kept: Array | None) -> Array | None:
    """The items that no number may come from."""
    unknown = None if isinstance(state, int) else state != KNOWN
    if kept is None or unknown is None:
        return unknown if kept is None else ~kept
    out: Array = unknown | ~kept
    return out


def _flags(
    rows: Ragged, function: str, value: Flags, kept: Array | None, state: Array | int
) -> Flags:
    """`any` is yes for one yes, whatever is absent; `all` is no for one no."""
    count = rows.length
    true = np.broadcast_to(np.asarray(value.true), count)
    states = np.broadcast_to(np.asarray(state, np.int8), count)
    deciding = true if function == "any" else ~true
    deciding = deciding & (states == KNOWN)
    if kept is not None:
        deciding = deciding & kept
    decided = rows.folded(np.logical_or.reduceat, deciding, False)
    of_owner = np.broadcast_to(np.asarray(_of_owner(rows, state, kept), np.int8), len(rows.counts))
    known = np.where(decided & (of_owner != FAULT), np.int8(KNOWN), of_owner)
    found = _listed(rows, known if known.any() else KNOWN)
    yes = decided if function == "any" else ~decided
    return Flags(yes & (np.asarray(found) == KNOWN), found)


def _groups(rows: Ragged, keys: Sequence[Texts]) -> Array:
    """A number for each item, equal where owner and keys are."""
    group = rows.owner
    for key in keys:
        if isinstance(key.code, int) or not rows.length:
            continue
        width = int(key.code.max()) + 1
        if int(group.max()) > 2**62 // width:
            group = np.unique(group, return_inverse=True)[1]
        group = group * width + key.code
    return group


def _ranking(group: Array, top: Array) -> Array:
    """The order by group, then value, then place."""
    if top.dtype == object:
        top = np.unique(top, return_inverse=True)[1]
    return np.lexsort((top, group))


def _placed(rows: Ragged, keyed: Array | int, valued: Array | int, group: Array) -> Array | int:
    """Where a key is absent no place is known for its sake alone; a fault is one for all items."""
    found = _among(valued, group)
    if not isinstance(keyed, int):
        found = np.where(keyed == KNOWN, found, keyed).astype(np.int8)
    if isinstance(valued, int) or not (valued == FAULT).any():
        return found
    faulty = rows.folded(np.logical_or.reduceat, valued == FAULT, False)[rows.owner]
    return np.where(faulty, np.int8(FAULT), found)


def _among(state: Array | int, group: Array) -> Array | int:
    """Where a value is absent, no place among its equals is known."""
    if isinstance(state, int):
        return state
    _, inverse = np.unique(group, return_inverse=True)
    found = np.zeros(int(inverse.max(initial=-1)) + 1, np.int8)
    np.maximum.at(found, inverse, state)
    return found[inverse]


def _spread(rows: Ragged, columns: Sequence[Column]) -> Array | int:
    """A state of any item of an enterprise, for all of its items."""
    state = worst(column.state for column in columns)
    if isinstance(state, int):
        return state
    found = rows.folded(np.maximum.reduceat, state, KNOWN)
    return found[rows.owner]
