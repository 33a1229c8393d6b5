"""What an order of a kind demands of the other side before it trades at all."""

from __future__ import annotations

from market.matching.kinds import Kind, SelfTrade
from market.matching.levels import AFTER, LEFT, OWN, Half


def declines(
    kind: Kind,
    other: Half,
    bound: int,
    quantity: int,
    ids: dict[str, None] | None,
    self_trade: SelfTrade,
) -> bool:
    """Whether an order of a kind is gone before it trades."""
    if kind is Kind.POST_ONLY:
        return (bound - other.best) * other.sign >= 0
    if kind is Kind.FILL_OR_KILL:
        return _within(other, bound, ids, self_trade is SelfTrade.OLDEST, quantity) < quantity
    return False


def _within(other: Half, bound: int, ids: dict[str, None] | None, skips: bool, wanted: int) -> int:
    """What an order would get within its bound, counted in the order of trading until enough.

    An order of the same owner is passed over where the rule ``skips`` it, else it ends all.
    """
    found = 0
    sign = other.sign
    for key in sorted(key for key in other.heap if key <= bound * sign):
        if found >= wanted:
            break
        order = other.levels[key * sign].first
        while order is not None and found < wanted:
            if ids is None or order[OWN] is not ids:
                found += order[LEFT]
            elif not skips:
                return found
            order = order[AFTER]
    return found
