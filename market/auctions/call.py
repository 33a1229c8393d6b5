"""The call auction: one price for a frozen set of limit and market orders.

Price rule: largest volume; then least surplus; then pressure (all surpluses on the buy side:
highest, all on the sell side: lowest); then nearest to the reference, the higher of two equally
near.  Without a reference all are equally near, so the highest.  Three conventions say which
prices may be chosen at all (Candidates); they give different prices.  A reference between two
ticks, such as an average of other trades, is a candidate as the tick nearest to it, since nobody
could have bid it.

Demand and supply change at limits only, so candidates are handled as runs of equal volume and
surplus: the cost is O(n log n) in orders, whatever the span of prices.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import NamedTuple

from market.rounding import quotient


class Candidates(Enum):
    """Which prices an auction may choose: the limits present, these and the reference, or every
    tick between the lowest and the highest limit."""

    LIMITS = "limits"
    LIMITS_AND_REFERENCE = "limits+reference"
    TICKS = "ticks"


class Bid(NamedTuple):
    """An order of an auction; no price is a market order."""

    id: str
    buys: bool
    price: int | None
    quantity: int


@dataclass(frozen=True)
class Cleared:
    """The result; ``surplus`` is positive on the buy side, ``price`` None where nothing trades."""

    price: int | None
    volume: int
    surplus: int
    fills: list[tuple[str, str, int]]


NOTHING = Cleared(None, 0, 0, [])


class Run(NamedTuple):
    """Candidates from ``low`` to ``high`` in steps, all with one demand and one supply."""

    low: int
    high: int
    step: int
    demand: int
    supply: int

    @property
    def surplus(self) -> int:
        """What would be left, positive on the buy side."""
        return self.demand - self.supply

    def nearest(self, reference: int) -> int:
        """The candidate nearest to a price, the higher of two equally near."""
        if not self.low < reference < self.high:
            return self.low if reference <= self.low else self.high
        return self.low + quotient(reference - self.low, self.step, "half-up") * self.step


def clear(
    bids: Sequence[Bid],
    reference: int | None = None,
    tick: int = 1,
    candidates: Candidates = Candidates.LIMITS,
    off_tick: bool = False,
) -> Cleared:
    """Clear an auction; ``bids`` stand in the order of time, every limit on the tick.

    ``off_tick`` takes the reference for a candidate as it is, also between two ticks.
    """
    curves = _Curves(bids)
    named = reference if off_tick or reference is None else on_tick(reference, tick)
    if not curves.limits:
        if named is None:
            return NOTHING
        runs = [curves.run(named, named, 1)]
    else:
        runs = list(curves.runs(candidates, tick))
        if candidates is Candidates.LIMITS_AND_REFERENCE and named is not None:
            runs.append(curves.run(named, named, 1))
    # The largest volume, then the least surplus.
    marks = [(-min(demand, supply), abs(demand - supply)) for *_, demand, supply in runs]
    best = min(marks)
    volume = -best[0]
    if not volume:
        return NOTHING
    runs = [run for run, mark in zip(runs, marks, strict=True) if mark == best]
    price = _chosen(runs, reference)
    run = curves.run(price, price, 1)
    return Cleared(price, volume, run.surplus, fill(bids, price))


def on_tick(price: int, tick: int) -> int:
    """The tick nearest to a price, the higher of two equally near; one above nought stays so."""
    near = quotient(price, tick, "half-up") * tick
    return max(near, tick) if price > 0 else near


def _chosen(runs: Sequence[Run], reference: int | None) -> int:
    highest = max(run.high for run in runs)
    if all(run.surplus > 0 for run in runs):
        return highest
    if all(run.surplus < 0 for run in runs):
        return min(run.low for run in runs)
    if reference is None:
        return highest
    return min((run.nearest(reference) for run in runs), key=lambda p: (abs(p - reference), -p))


class _Curves:
    """Demand and supply as functions of the price, in steps at the limits."""

    def __init__(self, bids: Sequence[Bid]) -> None:
        self._buy = self._side(bids, True)
        self._sell = self._side(bids, False)
        self.limits = sorted({*self._buy[1], *self._sell[1]})

    @staticmethod
    def _side(bids: Sequence[Bid], side: bool) -> tuple[int, list[int], list[int]]:
        """Quantity at market, prices ascending, and quantities summed up to each."""
        market = 0
        at: dict[int, int] = {}
        for _, buys, price, quantity in bids:
            if buys is not side:
                continue
            if price is None:
                market += quantity
            else:
                at[price] = at.get(price, 0) + quantity
        prices = sorted(at)
        return market, prices, list(accumulate(map(at.__getitem__, prices), initial=0))

    def run(self, low: int, high: int, step: int) -> Run:
        """A run whose demand and supply are those at ``low``."""
        market, prices, sums = self._buy
        demand = market + sums[-1] - sums[bisect_left(prices, low)]
        market, prices, sums = self._sell
        return Run(low, high, step, demand, market + sums[bisect_right(prices, low)])

    def runs(self, candidates: Candidates, tick: int) -> Iterator[Run]:
        """The candidates: each limit, and between limits every tick where that is the rule."""
        for limit in self.limits:
            yield self.run(limit, limit, 1)
        if candidates is Candidates.TICKS:
            for below, above in pairwise(self.limits):
                low, high = below + tick, above - tick
                if low <= high:
                    yield self.run(low, high, tick)


def fill(bids: Sequence[Bid], price: int) -> list[tuple[str, str, int]]:
    """Pair both sides in priority order (market, price, time) until one of them ends."""
    buys = iter(_ranked([b for b in bids if b[1] and (b[2] is None or b[2] >= price)], True))
    sells = iter(_ranked([b for b in bids if not b[1] and (b[2] is None or b[2] <= price)], False))
    fills: list[tuple[str, str, int]] = []
    wanted = offered = 0
    buyer = seller = ""
    while True:
        # Only what has ended is followed by the next; the first of a side that has none ends all.
        if not wanted:
            buy = next(buys, None)
            if buy is None:
                return fills
            buyer, _, _, wanted = buy
        if not offered:
            sell = next(sells, None)
            if sell is None:
                return fills
            seller, _, _, offered = sell
        part = wanted if wanted < offered else offered
        fills.append((buyer, seller, part))
        wanted -= part
        offered -= part


def _ranked(bids: list[Bid], highest: bool) -> list[Bid]:
    """Market orders first, then the best price; equal ones in the order of time."""
    market = [bid for bid in bids if bid.price is None]
    limited = [bid for bid in bids if bid.price is not None] if market else bids
    return market + sorted(limited, key=itemgetter(2), reverse=highest)
