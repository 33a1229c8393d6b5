"""What the detectors look at: a stretch of the exchange's past, as plain values.

Times are UTC milliseconds, prices fen per credit; ``index`` is the entry that shows a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DAY_MS = 24 * 3_600_000
MINUTE_MS = 60_000
BUY, SELL = "buy", "sell"
QUOTE, BLOCK, AUCTION = "quote", "block", "auction"
"""Trades that make prices, and those that stand apart."""
Vintage = tuple[str, int]
"""A credit class and a year."""


@dataclass(frozen=True)
class Deal:
    """A trade with both sides; ``lots`` are the units delivered, by batch."""

    index: int
    at: int
    date: str
    venue: str
    instrument: str
    kind: str
    price_fen: int
    quantity: int
    buyer: str
    seller: str
    lots: tuple[tuple[str, int], ...] = ()
    bid: str = ""  # the order, listing or acceptance that each side traded by
    offer: str = ""

    def by(self, side: str) -> str:
        """The party on a side."""
        return self.buyer if side == BUY else self.seller

    def order(self, side: str) -> str:
        """By which order a side traded; a trade whose orders are not told is one of its own."""
        return (self.bid if side == BUY else self.offer) or str(self.index)


@dataclass(frozen=True)
class Withdrawn:
    """What somebody showed and took back himself, by cancelling, reducing or replacing it.

    ``shown`` credits stood in the book from ``index`` on, ``filled`` of them traded, and
    ``quantity`` were taken back at ``ended``; less than the rest where an order was reduced.
    """

    index: int
    at: int
    ended: int
    ended_at: int
    party: str
    instrument: str
    side: str
    shown: int
    filled: int
    quantity: int


@dataclass(frozen=True)
class Moved:
    """Units that left a party without a trade."""

    index: int
    at: int
    sender: str
    receiver: str
    batch: str
    quantity: int


@dataclass(frozen=True)
class Opened:
    """A party's admission."""

    index: int
    at: int
    party: str


@dataclass(frozen=True)
class Retired:
    """Units that were retired, and for whom."""

    index: int
    at: int
    party: str
    beneficiary: str
    quantity: int


@dataclass(frozen=True)
class Session:
    """A session of a venue, with the end of its hours."""

    venue: str
    date: str
    ends_at: int


@dataclass(frozen=True)
class Holding:
    """What a party holds of a class and vintage at the end of the stretch.

    ``trading`` and ``registry`` are its accounts, ``bought`` its trades' net gain so far, and
    ``entries`` those trades.
    """

    party: str
    vintage: Vintage
    trading: int
    registry: int
    bought: int
    entries: tuple[int, ...]


@dataclass(frozen=True)
class History:
    """A stretch of the past, each list in the order of the log.

    ``references`` are the reference prices by instrument and day.  ``controls`` gives whom a
    party acts as one with: parties in which one person holds keys have the same word there;
    ``names`` their registered names.
    """

    deals: tuple[Deal, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    moves: tuple[Moved, ...] = ()
    opened: tuple[Opened, ...] = ()
    retired: tuple[Retired, ...] = ()
    sessions: tuple[Session, ...] = ()
    holdings: tuple[Holding, ...] = ()
    references: Mapping[tuple[str, str], int] = field(default_factory=dict)
    controls: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def control(self, party: str) -> str:
        """The word for whoever acts through a party."""
        return self.controls.get(party, party)
