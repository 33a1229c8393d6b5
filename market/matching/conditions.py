"""What an order of a kind demands of the other side before it trades at all."""

from __future__ import annotations

from market.matching.kinds import Kind, SelfTrade
from market.matching.levels import AFTER, LEFT, OWN, Half


def declines(
    kind: Kind,
    other: Half,
    bound: int | None,
    quantity: int,
    ids: dict[str, None] | None,
    self_trade: SelfTrade,
) -> bool:
    """Whether an order of a kind is gone before it trades."""
    if kind is Kind.POST_ONLY:
        best = other.heap[0] if other.heap else None
        return best is not None and bound is not None and best <= bound
    if kind is Kind.FILL_OR_KILL:
        return _within(other, bound, ids, self_trade is SelfTrade.OLDEST, quantity) < quantity
    return False


def _within(
    other: Half, bound: int | None, ids: dict[str, None] | None, skips: bool, wanted: int
) -> int:
    """What an order would get within its bound, counted in the order of trading until enough.

    An order of the same owner is passed over where the rule ``skips`` it, else it ends all.
    """
    found = 0
    for key in sorted(k for k in other.levels if bound is None or k <= bound):
        order = other.levels[key].first
        while order is not None and found < wanted:
            if ids is None or order[OWN] is not ids:
                found += order[LEFT]
            elif not skips:
                return found
            order = order[AFTER]
        if found >= wanted:
            break
    return found
