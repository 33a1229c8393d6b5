"""What an order may ask for, what a trade is, and what waits in a book."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

Trade = tuple[str, str, int, int]
"""(taker, maker, price, quantity)"""


class Kind(Enum):
    """How an order takes, and whether it may wait."""

    LIMIT = "limit"
    MARKET = "market"
    MARKET_TO_LIMIT = "market-to-limit"
    IMMEDIATE = "immediate-or-cancel"
    FILL_OR_KILL = "fill-or-kill"
    POST_ONLY = "post-only"


UNPRICED = frozenset({Kind.MARKET, Kind.MARKET_TO_LIMIT})
"""Kinds that name no price; one that is given is not read."""
RESTS = frozenset({Kind.LIMIT, Kind.MARKET_TO_LIMIT, Kind.POST_ONLY})
"""Kinds whose remainder waits in the book."""


class SelfTrade(Enum):
    """Which order goes where both sides have one beneficial owner; the taker's party chooses."""

    NEWEST = "cancel-newest"
    OLDEST = "cancel-oldest"
    BOTH = "cancel-both"


class Resting(NamedTuple):
    """An order that waits, as a row: what a book is rebuilt from.

    ``left`` is what it still wants, ``until`` the instant at which it ends, None for never.
    """

    id: str
    buys: bool
    price: int
    left: int
    owner: str | None = None
    until: int | None = None
