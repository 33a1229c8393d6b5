"""Layering: large orders on the far side that are taken back soon after a fill on the near one.

How much of what is shown gets cancelled says nothing: in real flow nearly every order ends so
(RELIABILITY.md §2.4).  What counts is the order of the three acts, their sizes and repetition.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator

from market.watching.finding import Found, Limits
from market.watching.history import BUY, MINUTE_MS, QUOTE, SELL, Deal, History, Order

Place = tuple[str, str, str]
FAR = {BUY: SELL, SELL: BUY}


def layering(history: History, limits: Limits) -> Iterator[Found]:
    """Fills behind which ``multiple`` times as much was shown and withdrawn within ``minutes``.

    Of what was shown at most ``filled`` was filled; ``repeats`` such fills of one control
    in an instrument on a day make a finding.
    """
    shown = _shown(history, limits)
    hits: dict[tuple[str, str, str], list[tuple[Deal, list[Order]]]] = defaultdict(list)
    for deal in history.deals:
        for side in FAR if deal.kind == QUOTE else ():
            control = history.control(deal.by(side))
            far = shown.get((control, deal.instrument, FAR[side]), ([], []))
            behind = _behind(*far, deal, limits)
            if sum(order.quantity for order in behind) >= limits["multiple"] * deal.quantity:
                hits[control, deal.instrument, deal.date].append((deal, behind))
    for (control, instrument, _), found in sorted(hits.items()):
        if len(found) >= limits["repeats"]:
            yield _found(history, control, instrument, found)


def _shown(history: History, limits: Limits) -> dict[Place, tuple[list[int], list[Order]]]:
    """Withdrawn orders by control, instrument and side, in the order of their ends, with these."""
    shown: dict[Place, list[Order]] = defaultdict(list)
    for order in history.orders:
        if order.filled <= limits["filled"] * order.quantity:
            place = (history.control(order.party), order.instrument, order.side)
            shown[place].append(order)
    found = {}
    for place, orders in shown.items():
        orders.sort(key=lambda order: (order.ended_at, order.ended))
        found[place] = ([order.ended_at for order in orders], orders)
    return found


def _behind(ends: list[int], orders: list[Order], deal: Deal, limits: Limits) -> list[Order]:
    """What stood when the deal was made and was taken back soon after."""
    until = deal.at + limits["minutes"] * MINUTE_MS
    soon = orders[bisect_left(ends, deal.at) : bisect_right(ends, until)]
    return [order for order in soon if order.index < deal.index < order.ended]


def _found(
    history: History, control: str, instrument: str, hits: list[tuple[Deal, list[Order]]]
) -> Found:
    orders = {order.index: order for _, behind in hits for order in behind}
    ends = {order.ended for order in orders.values()}
    entries = {deal.index for deal, _ in hits} | set(orders) | ends
    parties = {order.party for order in orders.values()}
    parties |= {
        party
        for deal, _ in hits
        for party in (deal.buyer, deal.seller)
        if history.control(party) == control
    }
    figures = {
        "fills": len(hits),
        "filled_credits": sum(deal.quantity for deal, _ in hits),
        "withdrawn_credits": sum(order.quantity for order in orders.values()),
    }
    passed = ("multiple", "minutes", "filled", "repeats")
    return Found(
        "layering", instrument, tuple(sorted(parties)), tuple(sorted(entries)), figures, passed
    )
