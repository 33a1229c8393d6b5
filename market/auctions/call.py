"""The call auction: one price for a frozen set of limit and market orders.

Price rule: largest volume; then least surplus; then pressure (all surpluses on the buy side:
highest, all on the sell side: lowest); then nearest to the reference, the higher of two equally
near.  Without a reference all are equally near, so the highest.  Three conventions say which
prices may be chosen at all (Candidates); they give different prices.

Demand and supply change at limits only, so candidates are handled as runs of equal volume and
surplus: the cost is O(n log n) in orders, whatever the span of prices.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate, pairwise


class Candidates(Enum):
    """Which prices an auction may choose: the limits present, these and the reference, or every
    tick between the lowest and the highest limit."""

    LIMITS = "limits"
    LIMITS_AND_REFERENCE = "limits+reference"
    TICKS = "ticks"


@dataclass(frozen=True)
class Bid:
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


@dataclass(frozen=True)
class Run:
    """Candidates from ``low`` to ``high`` in steps, all with one demand and one supply."""

    low: int
    high: int
    step: int
    demand: int
    supply: int

    @property
    def volume(self) -> int:
        """What would trade."""
        return min(self.demand, self.supply)

    @property
    def surplus(self) -> int:
        """What would be left, positive on the buy side."""
        return self.demand - self.supply

    def nearest(self, reference: int) -> int:
        """The candidate nearest to a price, the higher of two equally near."""
        if not self.low < reference < self.high:
            return self.low if reference <= self.low else self.high
        return self.low + (2 * (reference - self.low) + self.step) // (2 * self.step) * self.step


def clear(
    bids: Sequence[Bid],
    reference: int | None = None,
    tick: int = 1,
    candidates: Candidates = Candidates.LIMITS,
) -> Cleared:
    """Clear an auction; ``bids`` stand in the order of time, every limit on the tick."""
    curves = _Curves(bids)
    if not curves.limits:
        if reference is None:
            return NOTHING
        runs = [curves.run(reference, reference, 1)]
    else:
        runs = list(curves.runs(candidates, tick))
        if candidates is Candidates.LIMITS_AND_REFERENCE and reference is not None:
            runs.append(curves.run(reference, reference, 1))
    best = max(run.volume for run in runs)
    if not best:
        return NOTHING
    runs = [run for run in runs if run.volume == best]
    least = min(abs(run.surplus) for run in runs)
    runs = [run for run in runs if abs(run.surplus) == least]
    price = _chosen(runs, reference)
    run = curves.run(price, price, 1)
    return Cleared(price, best, run.surplus, fill(bids, price))


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
    """Demand and supply as functions of the price."""

    def __init__(self, bids: Sequence[Bid]) -> None:
        self._buy = self._side([bid for bid in bids if bid.buys])
        self._sell = self._side([bid for bid in bids if not bid.buys])
        self.limits = sorted({bid.price for bid in bids if bid.price is not None})

    @staticmethod
    def _side(bids: list[Bid]) -> tuple[int, list[int], list[int]]:
        """Quantity at market, prices ascending, and quantities summed up to each."""
        priced = sorted((bid.price, bid.quantity) for bid in bids if bid.price is not None)
        market = sum(bid.quantity for bid in bids if bid.price is None)
        return market, [p for p, _ in priced], list(accumulate((q for _, q in priced), initial=0))

    def run(self, low: int, high: int, step: int) -> Run:
        """A run whose demand and supply are those at ``low``."""
        market, prices, sums = self._buy
        demand = market + sums[-1] - sums[bisect_left(prices, low)]
        market, prices, sums = self._sell
        supply = market + sums[bisect_right(prices, low)]
        return Run(low, high, step, demand, supply)

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
    buys = _ranked([b for b in bids if b.buys and (b.price is None or b.price >= price)], -1)
    sells = _ranked([b for b in bids if not b.buys and (b.price is None or b.price <= price)], 1)
    fills: list[tuple[str, str, int]] = []
    buy, sell = next(buys, None), next(sells, None)
    wanted = buy.quantity if buy else 0
    offered = sell.quantity if sell else 0
    while buy is not None and sell is not None:
        part = min(wanted, offered)
        fills.append((buy.id, sell.id, part))
        wanted, offered = wanted - part, offered - part
        if not wanted:
            buy = next(buys, None)
            wanted = buy.quantity if buy else 0
        if not offered:
            sell = next(sells, None)
            offered = sell.quantity if sell else 0
    return fills


def _ranked(bids: list[Bid], sign: int) -> Iterator[Bid]:
    """Market orders first, then the best price; equal ones in the order of time."""
    return iter(sorted(bids, key=lambda b: (b.price is not None, sign * (b.price or 0))))
