"""Auctions and their bids as everybody sees them, and what their parties alone see.

An entry of an auction is a sealed commitment or an open bid: public, and nobody's by name.  The
row behind it, with who and what is frozen, is its bidder's.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table, Text

from ledger.writer.kinds import Falls, Kind, Row
from ledger.writer.tables import CanonicalJSON, metadata

FORWARD, REVERSE = "forward", "reverse"
SEALED, OPEN = "sealed", "open"
PENDING, OVER = "pending", "over"
"""Whether an auction or a bid still waits for something."""


class AuctionState(StrEnum):
    """Where an auction stands; all but the first two are final."""

    ANNOUNCED = "announced"
    OFFERED = "offered"
    CLEARED = "cleared"
    UNSOLD = "unsold"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


_ENDED = frozenset({AuctionState.CANCELLED, AuctionState.STOPPED})
AUCTION_MOVES: dict[str, frozenset[str]] = {
    AuctionState.ANNOUNCED: _ENDED | {AuctionState.OFFERED, AuctionState.LAPSED},
    AuctionState.OFFERED: _ENDED | {AuctionState.CLEARED, AuctionState.UNSOLD},
    **{state: frozenset() for state in list(AuctionState)[2:]},
}


class BidState(StrEnum):
    """Where a bid stands.  A ``stopped`` one looks from outside like one never revealed."""

    SEALED = "sealed"
    REVEALED = "revealed"
    OPEN = "open"
    REPLACED = "replaced"
    WON = "won"
    LOST = "lost"
    VOID = "void"
    STOPPED = "stopped"
    RETURNED = "returned"


_WAITING = frozenset({BidState.STOPPED, BidState.RETURNED})
BID_MOVES: dict[str, frozenset[str]] = {
    BidState.SEALED: _WAITING | {BidState.REVEALED, BidState.VOID},
    BidState.REVEALED: _WAITING | {BidState.WON, BidState.LOST},
    BidState.OPEN: _WAITING | {BidState.REPLACED, BidState.WON, BidState.LOST},
    **{state: frozenset() for state in list(BidState)[3:]},
}

auction_table = Table(
    "auction",
    metadata,
    Column("auction", String(40), primary_key=True),
    Column("venue", String(16), nullable=False),
    Column("operator", String(63), nullable=False),
    Column("instrument", String(12), nullable=False),
    Column("principal", String(63), nullable=False),  # who sells, or buys in a reverse auction
    Column("direction", String(8), nullable=False),
    Column("format", String(8), nullable=False),
    Column("pricing", String(16), nullable=False),
    Column("tie", String(16), nullable=False),
    Column("undersubscribed", String(8), nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("batches", CanonicalJSON),
    Column("lot", BigInteger, nullable=False),
    Column("bid_minimum", BigInteger, nullable=False),
    Column("bid_maximum", BigInteger),
    Column("cap_percent", Integer, nullable=False),
    Column("reserve_fen", BigInteger),
    Column("reserve_sha256", String(64)),
    Column("reserve_secret", String(32)),
    Column("step_fen", BigInteger),
    Column("forfeit_fen", BigInteger, nullable=False),
    Column("bidders", CanonicalJSON),
    Column("bids_max", Integer, nullable=False),
    Column("tick_fen", BigInteger, nullable=False),
    Column("low_fen", BigInteger, nullable=False),
    Column("high_fen", BigInteger, nullable=False),
    Column("fees", CanonicalJSON, nullable=False),  # as they were when it was announced
    Column("document", Text, nullable=False),
    Column("opens_at", BigInteger, nullable=False),
    Column("closes_at", BigInteger, nullable=False),
    Column("reveal_until", BigInteger),
    Column("extension_ms", BigInteger),
    Column("latest_at", BigInteger),
    Column("state", String(16), nullable=False),
    Column("stands", String(8), nullable=False),
    Column("due_at", BigInteger),
    Column("bids", Integer),
    Column("bidders_counted", Integer),
    Column("price_fen", BigInteger),
    Column("volume", BigInteger),
    Column("turnover_fen", BigInteger),
    Column("asked", BigInteger),  # at the clearing price
    Column("given", BigInteger),
    Column("seed", String(64)),
    Column("reason", String(40)),
    Column("ended_by", Text),
    Column("ended_at", BigInteger),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("quantity > 0 AND lot > 0", name="auction_positive"),
)
Index("ix_auction_instrument_stands", auction_table.c.instrument, auction_table.c.stands)
Index("ix_auction_principal_stands", auction_table.c.principal, auction_table.c.stands)
Index("ix_auction_stands_due_at", auction_table.c.stands, auction_table.c.due_at)

entry_table = Table(
    "auction_entry",
    metadata,
    Column("auction", String(40), primary_key=True),
    Column("entry", String(64), primary_key=True),  # the commitment, or an open bid's name
    Column("place", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("price_fen", BigInteger),
    Column("quantity", BigInteger),
    Column("least", BigInteger),
    Column("secret", String(32)),
    Column("awarded", BigInteger),
    Column("pays_fen", BigInteger),  # per credit
    Column("at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)

offer_table = Table(
    "auction_offer",
    metadata,
    Column("auction", String(40), primary_key=True),
    Column("principal", String(63), nullable=False),
    Column("portions", CanonicalJSON, nullable=False),
    Column("frozen_fen", BigInteger, nullable=False),
    Column("stands", String(8), nullable=False),
    Column("persons", CanonicalJSON, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("index", BigInteger, nullable=False),
)
Index("ix_auction_offer_principal_stands", offer_table.c.principal, offer_table.c.stands)

bid_table = Table(
    "auction_bid",
    metadata,
    Column("auction", String(40), primary_key=True),
    Column("entry", String(64), primary_key=True),
    Column("bidder", String(63), nullable=False),
    Column("place", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("stands", String(8), nullable=False),
    Column("price_fen", BigInteger),
    Column("quantity", BigInteger),
    Column("least", BigInteger),
    Column("secret", String(32)),
    Column("portions", CanonicalJSON, nullable=False),
    Column("frozen_fen", BigInteger, nullable=False),
    Column("awarded", BigInteger),
    Column("pays_fen", BigInteger),
    Column("persons", CanonicalJSON, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)
Index("ix_auction_bid_bidder_stands", bid_table.c.bidder, bid_table.c.stands)
Index("ix_auction_bid_auction_bidder", bid_table.c.auction, bid_table.c.bidder)


def _principal(row: Row) -> tuple[str, ...]:
    return (row["principal"],)


def _bidder(row: Row) -> tuple[str, ...]:
    return (row["bidder"],)


AUCTION = Kind(
    "auction",
    auction_table,
    groups={"instrument": ("instrument", "stands"), "principal": ("principal", "stands")},
    falls=Falls("due_at", "stands", PENDING),
)
ENTRY = Kind("auction_entry", entry_table, groups={"auction": ("auction",)})
OFFER = Kind(
    "auction_offer",
    offer_table,
    parties=_principal,
    groups={"principal": ("principal", "stands")},
)
BID = Kind(
    "auction_bid",
    bid_table,
    parties=_bidder,
    groups={
        "auction": ("auction",),
        "bidder": ("bidder", "stands"),
        "own": ("auction", "bidder"),
    },
)
