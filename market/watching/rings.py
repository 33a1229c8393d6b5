"""Circular trades: units go round three or more parties and come back."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

from market.watching.finding import Found, Limits, evidence
from market.watching.history import DAY_MS, Deal, History

SHORTEST = 3
"""Two parties are the other detector's."""
Edge = tuple[str, str]


class _Window:
    """The flows of one instrument within a span of time, kept while it slides."""

    def __init__(self, history: History) -> None:
        self._history = history
        self.flows: dict[Edge, int] = defaultdict(int)
        self.turned: dict[str, int] = defaultdict(int)
        self.deals: dict[Edge, deque[Deal]] = defaultdict(deque)
        self.out: dict[str, set[str]] = defaultdict(set)

    def edge(self, deal: Deal) -> Edge:
        return self._history.control(deal.seller), self._history.control(deal.buyer)

    def enter(self, deal: Deal) -> None:
        edge = self.edge(deal)
        self.flows[edge] += deal.quantity
        for control in edge:
            self.turned[control] += deal.quantity
        self.deals[edge].append(deal)
        self.out[edge[0]].add(edge[1])

    def leave(self, deal: Deal) -> None:
        edge = self.edge(deal)
        self.flows[edge] -= deal.quantity
        for control in edge:
            self.turned[control] -= deal.quantity
        self.deals[edge].popleft()
        if not self.flows[edge]:
            self.out[edge[0]].discard(edge[1])

    def rings(self, first: Edge, limits: Limits) -> Iterator[tuple[str, ...]]:
        """The rings that begin with an edge, as parties in order."""
        low = limits["quantity"]
        if self.flows[first] < low:
            return
        waiting = [(first[0], first[1])]
        paths: list[tuple[str, ...]] = list(waiting)
        while paths:
            path = paths.pop()
            if len(path) >= SHORTEST and self.flows.get((path[-1], path[0]), 0) >= low:
                yield path
            if len(path) < limits["parties"]:
                steps = sorted(self.out[path[-1]], reverse=True)
                paths += [
                    (*path, step)
                    for step in steps
                    if step not in path and self.flows[path[-1], step] >= low
                ]


def ring(history: History, limits: Limits) -> Iterator[Found]:
    """Rings of up to ``parties``, every leg at least ``quantity``, all within ``days``.

    Legs differ by at most ``net-percent`` of the largest one, so that everybody ends where he
    began, and each party has ``share-percent`` of its turnover in the ring: where many trade with
    many, units go round by chance.  Parties of one control are one.
    """
    by_instrument: dict[str, list[Deal]] = defaultdict(list)
    for deal in history.deals:
        if history.control(deal.buyer) != history.control(deal.seller):
            by_instrument[deal.instrument].append(deal)
    for instrument, deals in sorted(by_instrument.items()):
        yield from _of(history, limits, instrument, deals)


def _of(history: History, limits: Limits, instrument: str, deals: list[Deal]) -> Iterator[Found]:
    """Each ring is found from its earliest deal, when the window begins there."""
    window, ahead = _Window(history), 0
    told: dict[frozenset[Edge], int] = {}
    for deal in deals:
        while ahead < len(deals) and deals[ahead].at < deal.at + limits["days"] * DAY_MS:
            window.enter(deals[ahead])
            ahead += 1
        for path in window.rings(window.edge(deal), limits):
            edges = list(zip(path, (*path[1:], path[0]), strict=True))
            legs = [window.flows[edge] for edge in edges]
            if max(legs) - min(legs) > limits["net-percent"] * max(legs):
                continue
            through = zip(path, legs, (legs[-1], *legs[:-1]), strict=True)
            share = limits["share-percent"]
            if any(out + into < share * window.turned[party] for party, out, into in through):
                continue
            if told.get(frozenset(edges), -1) >= deal.index:
                continue
            shown = [one for edge in edges for one in window.deals[edge]]
            told[frozenset(edges)] = max(one.index for one in shown)
            yield _found(instrument, shown, legs)
        window.leave(deal)


def _found(instrument: str, deals: list[Deal], legs: list[int]) -> Found:
    parties = {party for deal in deals for party in (deal.buyer, deal.seller)}
    figures = {
        "parties": len(legs),
        "smallest_leg_credits": min(legs),
        "largest_leg_credits": max(legs),
        "trades": len(deals),
    }
    passed = ("quantity", "net-percent", "share-percent", "parties")
    return Found("ring", instrument, tuple(sorted(parties)), evidence(deals), figures, passed)
