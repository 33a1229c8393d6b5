"""Bounded proportional split: x = clamp(k w, lo, hi) with the sum met exactly.

The sum of x is a rising, piecewise linear function of k; k is solved on the piece where the sum is
met, in fractions, so that nothing is approximated (water-filling).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from incentives import exact
from incentives.quotas.errors import BoundsInfeasible, PlanRefused
from incentives.quotas.plan import Plan


class Limit(NamedTuple):
    """What one member may get, in tonnes; None is no upper limit."""

    lo: Fraction
    hi: Fraction | None


def limits(plan: Plan) -> tuple[Limit, ...]:
    """Give each member the tighter of its own bounds and the plan's share of its emissions.

    Raises PlanRefused indicator-missing or bounds-crossed.
    """
    if plan.max_cut is None and plan.max_gain is None:
        return tuple(Limit(m.lo, m.hi) for m in plan.members)
    found = []
    for place, member in enumerate(plan.members):
        if (base := member.indicators.get("emissions")) is None:
            path = f"regions[{place}].indicators.emissions"
            raise PlanRefused("indicator-missing", field=path, region=member.code)
        lo, hi = member.lo, member.hi
        if plan.max_cut is not None:
            lo = max(lo, base * (1 - plan.max_cut))
        if plan.max_gain is not None:
            most = base * (1 + plan.max_gain)
            hi = most if hi is None else min(hi, most)
        if hi is not None and hi < lo:
            raise PlanRefused("bounds-crossed", field=f"regions[{place}]", region=member.code)
        found.append(Limit(lo, hi))
    return tuple(found)


def fill(total: int, weights: Sequence[Fraction], bounds: Sequence[Limit]) -> tuple[Fraction, ...]:
    """Split a total in proportion to weights as far as the bounds let it.

    A weight of zero gets its lower bound. Raises BoundsInfeasible bounds-infeasible.
    """
    scale = math.lcm(*(w.denominator for w in weights))
    sizes = [int(w * scale) for w in weights]
    k = _factor(total, sizes, bounds)
    return tuple(_clamped(k * size, limit) for size, limit in zip(sizes, bounds, strict=True))


def _factor(total: int, sizes: Sequence[int], bounds: Sequence[Limit]) -> Fraction:
    # From one turn to the next the sum is held + k x slope.
    turns: list[tuple[Fraction, Fraction, int]] = []
    for size, (lo, hi) in zip(sizes, bounds, strict=True):
        if size:
            turns.append((lo / size, -lo, size))
            if hi is not None:
                turns.append((hi / size, hi, -size))
    turns.sort()
    held, slope, k = sum((b.lo for b in bounds), Fraction(0)), 0, Fraction(0)
    if total < held:
        raise _infeasible(total, sizes, bounds)
    for turn, holds, leans in turns:
        if held + turn * slope >= total:
            break
        k, held, slope = turn, held + holds, slope + leans
    if slope:
        return (total - held) / slope
    if held != total:
        raise _infeasible(total, sizes, bounds)
    return k


def _clamped(value: Fraction, limit: Limit) -> Fraction:
    value = max(value, limit.lo)
    return value if limit.hi is None else min(value, limit.hi)


def _infeasible(total: int, sizes: Sequence[int], bounds: Sequence[Limit]) -> BoundsInfeasible:
    least = sum((b.lo for b in bounds), Fraction(0))
    tops = [b.hi if size else b.lo for size, b in zip(sizes, bounds, strict=True)]
    most = "" if None in tops else exact.text(sum((t for t in tops if t is not None), Fraction(0)))
    return BoundsInfeasible("bounds-infeasible", cap=total, least=exact.text(least), most=most)
