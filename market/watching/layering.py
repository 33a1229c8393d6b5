"""Layering: large orders on the far side that are taken back soon after a fill on the near one.

How much of what is shown gets cancelled says nothing: in real flow nearly every order ends so
(RELIABILITY.md §2.4).  What counts is the order of the three acts, their sizes and repetition.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from market.watching.finding import Found, Limits
from market.watching.history import BUY, MINUTE_MS, QUOTE, SELL, Deal, History, Withdrawn

Place = tuple[str, str, str]
FAR = {BUY: SELL, SELL: BUY}


@dataclass
class Fill:
    """The deals of one near order behind which something stood, and what that was."""

    deals: list[Deal] = field(default_factory=list)
    behind: dict[tuple[int, int], Withdrawn] = field(default_factory=dict)

    @property
    def quantity(self) -> int:
        """Credits filled."""
        return sum(deal.quantity for deal in self.deals)


def layering(history: History, limits: Limits) -> Iterator[Found]:
    """Fills behind which ``multiple`` times as much was shown and withdrawn within ``minutes``.

    Of what was shown at most ``filled`` was filled; ``repeats`` such fills of one control
    in an instrument on a day make a finding.  The deals of one order are one fill, however many
    takers cut it up, and each credit withdrawn stands behind one fill alone.
    """
    shown = _shown(history, limits)
    fills: dict[Place, dict[tuple[str, str], Fill]] = defaultdict(lambda: defaultdict(Fill))
    for deal in history.deals:
        for side in FAR if deal.kind == QUOTE else ():
            control = history.control(deal.by(side))
            far = shown.get((control, deal.instrument, FAR[side]), ([], []))
            if behind := _behind(*far, deal, limits):
                fill = fills[control, deal.instrument, deal.date][side, deal.order(side)]
                fill.deals.append(deal)
                fill.behind |= {(one.index, one.ended): one for one in behind}
    for (control, instrument, _), near in sorted(fills.items()):
        hits = list(_backed(near.values(), limits))
        if len(hits) >= limits["repeats"]:
            yield _found(history, control, instrument, hits)


def _shown(history: History, limits: Limits) -> dict[Place, tuple[list[int], list[Withdrawn]]]:
    """What was taken back by control, instrument and side, in the order of the ends, with these."""
    shown: dict[Place, list[Withdrawn]] = defaultdict(list)
    for one in history.withdrawn:
        if one.filled <= limits["filled"] * one.shown:
            shown[history.control(one.party), one.instrument, one.side].append(one)
    found = {}
    for place, all_of_it in shown.items():
        all_of_it.sort(key=lambda one: (one.ended_at, one.ended))
        found[place] = ([one.ended_at for one in all_of_it], all_of_it)
    return found


def _behind(
    ends: list[int], withdrawn: list[Withdrawn], deal: Deal, limits: Limits
) -> list[Withdrawn]:
    """What stood when the deal was made and was taken back soon after."""
    until = deal.at + limits["minutes"] * MINUTE_MS
    soon = withdrawn[bisect_left(ends, deal.at) : bisect_right(ends, until)]
    return [one for one in soon if one.index < deal.index < one.ended]


def _backed(fills: Iterable[Fill], limits: Limits) -> Iterator[Fill]:
    """Fills for which enough was withdrawn, the smallest first, so that none hides the others."""
    used: dict[tuple[int, int], int] = defaultdict(int)
    for fill in sorted(fills, key=lambda fill: (fill.quantity, fill.deals[0].index)):
        need = limits["multiple"] * fill.quantity
        left = {name: one.quantity - used[name] for name, one in fill.behind.items()}
        if sum(left.values()) < need:
            continue
        for name in sorted(left, key=lambda name: (fill.behind[name].ended_at, name)):
            part = min(need, left[name])
            used[name] += part
            need -= part
        yield fill


def _found(history: History, control: str, instrument: str, hits: list[Fill]) -> Found:
    withdrawn = {name: one for fill in hits for name, one in fill.behind.items()}
    deals = [deal for fill in hits for deal in fill.deals]
    entries = {entry for name in withdrawn for entry in name} | {deal.index for deal in deals}
    parties = {one.party for one in withdrawn.values()}
    parties |= {
        party
        for deal in deals
        for party in (deal.buyer, deal.seller)
        if history.control(party) == control
    }
    figures = {
        "fills": len(hits),
        "filled_credits": sum(fill.quantity for fill in hits),
        "withdrawn_credits": sum(one.quantity for one in withdrawn.values()),
    }
    passed = ("multiple", "minutes", "filled", "repeats")
    return Found(
        "layering", instrument, tuple(sorted(parties)), tuple(sorted(entries)), figures, passed
    )
