"""Exact arithmetic on columns: bounds first, so that no 64-bit product ever wraps round.

Dividing by what is the same for all rows only changes the denominator; nothing is rounded but
where a rule says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np

from incentives import exact
from incentives.exact import Rounding
from incentives.population.columns import (
    FAULT,
    FEW,
    KNOWN,
    LARGEST,
    Array,
    Flags,
    Numbers,
    bounds_of,
    fits,
    narrow,
    scaled,
    wide,
    worst,
)

ROOM = 2**48
"""Below this much a column leaves room for the products that are still to come."""


def negative(a: Numbers) -> Numbers:
    """The column with its sign turned."""
    return replace(a, top=-a.top, low=-a.high, high=-a.low, few=tuple(-v for v in a.few))


def absolute(a: Numbers) -> Numbers:
    """The column without its sign."""
    if a.low >= 0:
        return a
    return replace(a, top=_unsigned(a.top), low=0, high=max(-a.low, a.high), few=())


def plus(a: Numbers, b: Numbers) -> Numbers:
    """The sum of two columns."""
    a, b = _over_one(a, b)
    low, high = a.low + b.low, a.high + b.high
    x, y = _room(a, b, low, high)
    return replace(a, top=x + y, low=low, high=high, state=worst((a.state, b.state)), few=())


def times(a: Numbers, b: Numbers) -> Numbers:
    """The product of two columns."""
    if _one(a):
        a, b = b, a
    state = worst((a.state, b.state))
    if _one(b):
        return replace(_by(a, Fraction(int(b.top), b.bottom)), state=state)
    bottom = a.bottom * b.bottom
    under, unders = _product(a, b)
    corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    low, high = min(corners), max(corners)
    x, y = _room(a, b, low, high)
    return Numbers(x * y, low, high, bottom, under, unders, state)


def over(a: Numbers, b: Numbers) -> Numbers:
    """The quotient of two columns; rows with a divisor of zero are at fault."""
    state = worst((a.state, b.state))
    if _one(b):
        if b.top == 0:
            return replace(a, top=0, low=0, high=0, state=_faulty(state, True), few=())
        return replace(_by(a, Fraction(b.bottom, int(b.top))), state=state)
    divisor = b.top if isinstance(b.top, np.ndarray) else _repeated(b.top, b.under)
    flipped = replace(b, few=())
    if b.low <= 0:
        zero = divisor == 0
        if zero.any():
            state = _faulty(state, zero)
        divisor = np.where(zero, 1, abs(divisor))
        sign = np.where(b.top < 0, -1, 1) if b.low < 0 else 1
        a = times(a, Numbers(sign, -1, 1)) if b.low < 0 else a
        few = tuple({abs(v) or 1 for v in b.few})
    else:
        few = b.few
    # a / (t / (bottom · under)) = a · bottom · under / t
    if flipped.under is not None:
        under_bounds = bounds_of(flipped.under)
        a = times(replace(a, few=()), Numbers(flipped.under, *under_bounds))
    a = _by(a, Fraction(b.bottom))
    found, unders = _product(a, Numbers(0, 0, 0, 1, divisor, few))
    ratio = replace(a, under=found, unders=unders, state=state, few=())
    # Few divisors have a small common multiple: over it at once, all that follows is cheaper.
    most = max(abs(ratio.low), abs(ratio.high)) * lcm(*unders) if unders else LARGEST
    return levelled(ratio) if most < ROOM else ratio


def least_of(columns: Sequence[Numbers], *, most: bool = False) -> Numbers:
    """The smallest by row of several columns, or the largest."""
    first, *others = columns
    for other in others:
        a, b = _over_one(first, other)
        pick = np.maximum if most else np.minimum
        limit = max if most else min
        x, y = _room(a, b, 0, 0)
        top = limit(x, y) if isinstance(x, int) and isinstance(y, int) else pick(x, y)
        low, high = limit(a.low, b.low), limit(a.high, b.high)
        state = worst((a.state, b.state))
        first = Numbers(top, low, high, a.bottom, a.under, a.unders, state)
    return first


def compared(op: str, a: Numbers, b: Numbers) -> Flags:
    """Compare two columns by == != < <= > >=."""
    state = worst((a.state, b.state))
    if _one(a) and not _one(b):
        a, b, op = b, a, _MIRRORED[op]
    if _one(b) and a.under is None:
        true = _against(op, a.top, Fraction(int(b.top) * a.bottom, b.bottom))
    else:
        a, b = _over_one(a, b)
        true = COMPARED[op](*_room(a, b, 0, 0))
    return Flags(known_only(true, state), state)


def known_only(true: Array | bool, state: Array | int) -> Array | bool:
    """What is absent is no yes."""
    if isinstance(state, int):
        return true if state == KNOWN else False
    known: Array = true & (state == KNOWN)
    return known


def rounded(a: Numbers, rule: Rounding) -> Numbers:
    """Round to integers by a named rule, as `exact.rounded` does."""
    if a.bottom == 1 and a.under is None:
        return a
    if isinstance(a.top, int) and a.under is None:
        one = exact.rounded(Fraction(a.top, a.bottom), rule)
        return Numbers(one, one, one, state=a.state)
    low, high = abs(a.low), abs(a.high)
    largest = max(low, high)
    divisor: Array | int = a.bottom
    if a.under is not None:
        divisor, _, most = scaled(a.under, *bounds_of(a.under), a.bottom)
    else:
        most = a.bottom
    top: Array | int = a.top
    if not fits(0, 2 * largest + 2 * most):
        top, divisor = wide(top), wide(divisor)
    whole = _round_up(_unsigned(top), divisor, rule) if a.low < 0 else _round_up(top, divisor, rule)
    if a.low < 0:
        whole = np.where(top < 0, -whole, whole)
    least = a.bottom if a.under is None else a.bottom * max(1, bounds_of(a.under)[0])
    reach = max(largest // least + 1, 1)
    low, high = (-reach if a.low < 0 else 0), reach
    return Numbers(narrow(whole, low, high), low, high, state=a.state)


def floored(a: Numbers, *, up: bool = False) -> Numbers:
    """The whole number not above, or not below."""
    if up:
        return negative(floored(negative(a)))
    if a.bottom == 1 and a.under is None:
        return a
    divisor = a.bottom if a.under is None else scaled(a.under, *bounds_of(a.under), a.bottom)[0]
    whole = a.top // divisor
    low, high = min(a.low, 0), max(a.high, 0)
    if a.under is None:
        low, high = a.low // a.bottom, a.high // a.bottom
    return Numbers(narrow(whole, low, high), low, high, state=a.state)


def levelled(a: Numbers) -> Numbers:
    """The column over one denominator for all rows, so that rows can be summed and ranked."""
    if a.under is None:
        return a
    unders = a.unders or tuple(int(v) for v in np.unique(a.under))
    common = lcm(*unders) if unders else 1
    top: Array | int = a.top
    factor_high = common // min(unders) if unders else 1
    low, high = min(a.low, 0) * factor_high, max(a.high, 0) * factor_high
    divisor: Array | int = a.under
    if not fits(low, high) or not fits(0, common):
        top, divisor = wide(top), wide(divisor)
    return Numbers(top * (common // divisor), low, high, a.bottom * common, state=a.state)


def aligned(a: Numbers, b: Numbers) -> tuple[Numbers, Numbers]:
    """Two columns over one shared denominator; denominators by row stay apart."""
    common = lcm(a.bottom, b.bottom)
    return _to(a, common), _to(b, common)


def _repeated(top: int, rows: Array | None) -> Array:
    """One integer, once for every row of another column."""
    assert rows is not None  # else it were the same for all
    return np.full(rows.shape, top, np.int64 if fits(top, top) else object)


def _room(a: Numbers, b: Numbers, low: int, high: int) -> tuple[Array | int, Array | int]:
    """Both tops, without a bound where they or a result between the two would not fit."""
    if fits(low, high) and fits(a.low, a.high) and fits(b.low, b.high):
        return a.top, b.top
    return wide(a.top), wide(b.top)


def _unsigned(top: Array | int) -> Array | int:
    return abs(top) if isinstance(top, int) else np.abs(top)


def _one(a: Numbers) -> bool:
    return isinstance(a.top, int) and a.under is None


def _to(a: Numbers, bottom: int) -> Numbers:
    if a.bottom == bottom:
        return a
    top, low, high = scaled(a.top, a.low, a.high, bottom // a.bottom)
    return replace(a, top=top, low=low, high=high, bottom=bottom, few=())


def _by(a: Numbers, factor: Fraction) -> Numbers:
    """A column times one number: what can be taken from the denominator is."""
    shared = gcd(factor.numerator, a.bottom)
    up, down = factor.numerator // shared, factor.denominator
    if factor.numerator == 0:
        return Numbers(0, 0, 0, state=a.state)
    top, low, high = scaled(a.top, a.low, a.high, up)
    bottom = a.bottom // shared * down
    return replace(a, top=top, low=low, high=high, bottom=bottom, few=())


def _over_one(a: Numbers, b: Numbers) -> tuple[Numbers, Numbers]:
    """Two columns over the same denominators, those by row included."""
    a, b = aligned(a, b)
    if a.under is b.under:
        return a, b
    under, unders = _product(a, b)
    sides = []
    for one, other in ((a, b), (b, a)):
        top, low, high = one.top, one.low, one.high
        if other.under is not None:
            most = bounds_of(other.under)[1]
            low, high = min(low * most, low, 0), max(high * most, high, 0)
            factor: Array | int = other.under
            if not fits(low, high):
                top, factor = wide(top), wide(factor)
            top = top * factor
        sides.append(Numbers(top, low, high, one.bottom, under, unders, one.state))
    return sides[0], sides[1]


def _product(a: Numbers, b: Numbers) -> tuple[Array | None, tuple[int, ...]]:
    """The denominators by row of a product, and the set of them where they are few."""
    if a.under is None:
        return b.under, b.unders
    if b.under is None:
        return a.under, a.unders
    most = bounds_of(a.under)[1] * bounds_of(b.under)[1]
    x, y = (a.under, b.under) if fits(0, most) else (wide(a.under), wide(b.under))
    unders = {p * q for p in a.unders for q in b.unders}
    return np.asarray(x * y), tuple(sorted(unders)) if len(unders) <= FEW else ()


def _faulty(state: Array | int, where: Array | bool) -> Array | int:
    """States in which rows that are known and divide by zero are at fault."""
    if isinstance(where, bool) and isinstance(state, int):
        return FAULT if state == KNOWN else state
    return np.where(
        (np.asarray(state) == KNOWN) & where, np.int8(FAULT), np.asarray(state, np.int8)
    )


def _against(op: str, top: Array | int, limit: Fraction) -> Array | bool:
    """Integers against a fraction, without multiplying any of them."""
    below, whole = limit.numerator // limit.denominator, limit.denominator == 1
    if op in ("==", "!=") and not whole:
        return np.full(np.shape(top), op == "!=") if isinstance(top, np.ndarray) else op == "!="
    edge = below + 1 if op in ("<", ">=") and not whole else below
    true: Array | bool = COMPARED[op](top, _bounded(edge, top))
    return true


def _bounded(edge: int, top: Array | int) -> int:
    """A threshold beyond 64 bits, where the column has 64, is as good as the bound."""
    if isinstance(top, int) or top.dtype == object or fits(edge, edge):
        return edge
    return LIMITS[edge > 0]


LIMITS = (-(2**63), 2**63 - 1)
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": lambda x, y: x == y, "!=": lambda x, y: x != y, "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y, ">": lambda x, y: x > y, ">=": lambda x, y: x >= y,
}  # fmt: skip


def _round_up(top: Array | int, divisor: Array | int, rule: Rounding) -> Array | int:
    """Divide integers that are not negative."""
    if rule == "down":
        return top // divisor
    if rule == "up":
        return (top + divisor - 1) // divisor
    if rule == "half-up":
        if isinstance(divisor, int) and divisor % 2 == 0:
            return (top + divisor // 2) // divisor
        return (2 * top + divisor) // (2 * divisor)
    whole = top // divisor
    twice = 2 * (top - whole * divisor)
    more = (twice > divisor) | ((twice == divisor) & (whole % 2 == 1))
    return whole + (more.astype(np.int64) if isinstance(more, np.ndarray) else int(more))
