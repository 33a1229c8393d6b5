"""Wash trades: two parties, or one behind two, turn units over and end where they began."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from market.watching.finding import Found, Limits, evidence
from market.watching.history import DAY_MS, Deal, History
from market.watching.turnover import Turnovers

Pair = tuple[str, tuple[str, ...]]


def wash(history: History, limits: Limits) -> Iterator[Found]:
    """Both directions between two, each at least ``quantity``, whose difference is small.

    Within ``days``; the difference is at most ``net-percent`` of what was turned over, and that is
    ``share-percent`` of what either has turned over meanwhile: who trades with everybody meets
    somebody twice.  Between parties of one control ``quantity`` alone counts, without a way back.
    """
    turnovers = Turnovers(history)
    pairs: dict[Pair, list[Deal]] = defaultdict(list)
    for deal in history.deals:
        both = {history.control(deal.buyer), history.control(deal.seller)}
        pairs[deal.instrument, tuple(sorted(both))].append(deal)
    for (instrument, sides), deals in sorted(pairs.items()):
        start = 0
        while start < len(deals):
            length = _longest(history, limits, sides, deals[start:], turnovers)
            if length:
                yield _found(history, instrument, sides, deals[start : start + length])
            start += length or 1


def _longest(
    history: History,
    limits: Limits,
    sides: tuple[str, ...],
    deals: list[Deal],
    turnovers: Turnovers,
) -> int:
    """How many deals from the first on make the longest stretch that is conspicuous, or 0."""
    forth = back = found = 0
    until = deals[0].at + limits["days"] * DAY_MS
    for length, deal in enumerate(deals, 1):
        if deal.at >= until:
            break
        if history.control(deal.seller) == sides[0]:
            forth += deal.quantity
        else:
            back += deal.quantity
        if not _odd(limits, len(sides) == 1, forth, back):
            continue
        needed = max(turnovers.between(side, deals[0], deal) for side in sides)
        if len(sides) == 1 or forth + back >= limits["share-percent"] * needed:
            found = length
    return found


def _odd(limits: Limits, one: bool, forth: int, back: int) -> bool:
    if one:
        return bool(forth >= limits["quantity"])
    small = abs(forth - back) <= limits["net-percent"] * (forth + back)
    return bool(min(forth, back) >= limits["quantity"] and small)


def _found(history: History, instrument: str, sides: tuple[str, ...], deals: list[Deal]) -> Found:
    sold = sum(deal.quantity for deal in deals if history.control(deal.seller) == sides[0])
    turned = sum(deal.quantity for deal in deals)
    one = len(sides) == 1
    figures = {"turned_credits": turned, "net_credits": 0 if one else abs(2 * sold - turned)}
    parties = {party for deal in deals for party in (deal.buyer, deal.seller)}
    passed = ("quantity",) if one else ("quantity", "net-percent", "share-percent")
    return Found(
        "wash",
        instrument,
        tuple(sorted(parties)),
        evidence(deals),
        {**figures, "trades": len(deals), "one_control": int(one)},
        passed,
    )
