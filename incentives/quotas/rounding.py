"""Largest remainder (Hamilton): exact tonnes become whole ones, their sum and bounds kept.

Ties go to the lower region code, because a code is the one order that nobody can choose.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from fractions import Fraction

from incentives.quotas.bounds import Limit
from incentives.quotas.errors import BoundsInfeasible


def code_order(code: str) -> tuple[int, int, str]:
    """Sort key of region codes: those of digits by number, then the others by text."""
    digits = code.isascii() and code.isdecimal()
    return (0, int(code), code) if digits else (1, 0, code)


def whole_tonnes(
    shares: Sequence[Fraction], total: int, codes: Sequence[str], bounds: Sequence[Limit]
) -> tuple[int, ...]:
    """Round shares that sum to the total; each stays within its bounds.

    Every share is first cut to the integer below (or to the first within its bounds); what is left
    goes one by one to the largest remainder. Where fractional lower bounds took too much, it comes
    back from the smallest. Raises BoundsInfeasible bounds-no-integers.
    """
    least = [math.ceil(b.lo) for b in bounds]
    most = [None if b.hi is None else math.floor(b.hi) for b in bounds]
    _feasible(total, least, most)
    given = [
        max(low, math.floor(x)) if high is None else max(low, min(high, math.floor(x)))
        for x, low, high in zip(shares, least, most, strict=True)
    ]
    left = total - sum(given)
    step, ends = (1, most) if left > 0 else (-1, least)
    # One tonne at a time: to the largest remainder, or from the smallest; codes break ties.
    order = sorted(range(len(codes)), key=lambda i: code_order(codes[i]))
    queue = [
        (step * (given[i] - shares[i]), step * place, i)
        for place, i in enumerate(order)
        if given[i] != ends[i]
    ]
    heapq.heapify(queue)
    for _ in range(abs(left)):
        _, place, i = heapq.heappop(queue)
        given[i] += step
        if given[i] != ends[i]:
            heapq.heappush(queue, (step * (given[i] - shares[i]), place, i))
    return tuple(given)


def _feasible(total: int, least: Sequence[int], most: Sequence[int | None]) -> None:
    tops = [m for m in most if m is not None]
    crossed = any(m is not None and m < low for low, m in zip(least, most, strict=True))
    if crossed or total < sum(least) or (len(tops) == len(most) and total > sum(tops)):
        top = str(sum(tops)) if len(tops) == len(most) else ""
        raise BoundsInfeasible("bounds-no-integers", cap=total, least=str(sum(least)), most=top)
