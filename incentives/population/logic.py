"""Flags and choices on columns, where what is absent never counts as no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from incentives.population.arithmetic import aligned, known_only
from incentives.population.columns import (
    FAULT,
    KNOWN,
    Array,
    Column,
    Days,
    Flags,
    Numbers,
    Texts,
    narrow,
    wide,
    worst,
)


def turned(flags: Flags) -> Flags:
    """Not: what is absent stays absent."""
    true = (not flags.true) if isinstance(flags.true, bool) else ~flags.true
    return Flags(known_only(true, flags.state), flags.state)


def joined(op: str, parts: Sequence[Flags]) -> Flags:
    """And, or: what one flag alone decides is decided, whatever else is absent."""
    if op == "and":
        return turned(joined("or", [turned(part) for part in parts]))
    true: Array | bool = parts[0].true
    for part in parts[1:]:
        true = true | part.true
    state = worst(part.state for part in parts)
    if isinstance(state, int):
        if state in (KNOWN, FAULT):
            return Flags(true if state == KNOWN else False, state)
        if isinstance(true, bool):
            return Flags(true, KNOWN if true else state)
        state = np.full(len(true), state, np.int8)
    faulty = state == FAULT
    return Flags(true & ~faulty, np.where(true & ~faulty, np.int8(KNOWN), state))


def chosen(test: Flags, yes: Column, no: Column) -> Column:
    """`yes if test else no`: what lies on the branch not taken counts for nothing."""
    if isinstance(test.true, bool) and isinstance(test.state, int):
        if test.state == KNOWN:
            return yes if test.true else no
        absent = replace(yes, state=test.state)
        # A flag that is absent must not be true, or a choice of several would take it for known.
        return replace(absent, true=False) if isinstance(absent, Flags) else absent
    state = _chosen_state(test, yes.state, no.state)
    if isinstance(yes, Flags) and isinstance(no, Flags):
        return Flags(known_only(np.where(test.true, yes.true, no.true), state), state)
    if isinstance(yes, Texts) and isinstance(no, Texts):
        return Texts(np.where(test.true, yes.code, no.code), state)
    if isinstance(yes, Days) and isinstance(no, Days):
        return Days(np.where(test.true, yes.ordinal, no.ordinal), state)
    assert isinstance(yes, Numbers) and isinstance(no, Numbers)  # kinds are checked beforehand
    return _numbers(test.true, yes, no, state)


def _numbers(true: Array | bool, yes: Numbers, no: Numbers, state: Array | int) -> Numbers:
    a, b = aligned(yes, no)
    low, high = min(a.low, b.low), max(a.high, b.high)
    tops = a.top, b.top
    objects = any(isinstance(t, np.ndarray) and t.dtype == object for t in tops)
    x, y = (wide(t) for t in tops) if objects or abs(low) + abs(high) >= 2**62 else tops
    if isinstance(x, int) and isinstance(y, int) and (objects or abs(low) + abs(high) >= 2**62):
        top = np.where(true, np.array(x, object), np.array(y, object))
    else:
        top = np.where(true, x, y)
    under: Array | None = None
    unders: tuple[int, ...] = ()
    if a.under is not None or b.under is not None:
        sides = [1 if side.under is None else side.under for side in (a, b)]
        under = np.where(true, *sides)
        known = [side.unders if side.under is not None else (1,) for side in (a, b)]
        unders = tuple(sorted({*known[0], *known[1]})) if all(known) else ()
    few = tuple(sorted({*a.few, *b.few})) if a.few and b.few else ()
    return Numbers(narrow(top, low, high), low, high, a.bottom, under, unders, state, few)


def _chosen_state(test: Flags, yes: Array | int, no: Array | int) -> Array | int:
    if isinstance(yes, int) and isinstance(no, int) and yes == no:
        state: Array | int = yes
    else:
        state = np.where(test.true, yes, no).astype(np.int8)
    if isinstance(test.state, int) and test.state == KNOWN:
        return state
    return np.where(np.asarray(test.state) == KNOWN, state, test.state).astype(np.int8)
