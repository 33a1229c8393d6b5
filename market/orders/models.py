"""Orders, private to their owners; call auctions, public; what a party chose against itself."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table

from ledger.writer.kinds import Falls, Kind, Row, Tally
from ledger.writer.tables import CanonicalJSON, metadata


class OrderState(StrEnum):
    """Where an order stands; every state but the first is final."""

    OPEN = "open"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    HALTED = "halted"
    SUSPENDED = "suspended"
    CLAIMED = "claimed"
    PREVENTED = "prevented"
    OUTSIDE = "outside"
    BARRED = "barred"
    BY_ORDER = "by-order"


class CallState(StrEnum):
    """Where a call auction stands."""

    OPEN = "open"
    CLEARED = "cleared"
    VOID = "void"


order_table = Table(
    "market_order",
    metadata,
    Column("order", String(32), primary_key=True),
    Column("party", String(63), nullable=False),
    Column("instrument", String(12), nullable=False),
    Column("side", String(4), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("price_fen", BigInteger, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("remaining", BigInteger, nullable=False),
    Column("turnover_fen", BigInteger, nullable=False),
    Column("fee_fen", BigInteger, nullable=False),
    Column("frozen_fen", BigInteger, nullable=False),
    Column("portions", CanonicalJSON),  # a seller's [[batch, frozen], …] in delivery order
    Column("tariff", String(80), nullable=False),  # by which it was accepted
    Column("state", String(16), nullable=False),
    Column("until", String(10)),  # the last day, or NULL for the day's session
    Column("ends_at", BigInteger),  # when a last day is over at the latest
    Column("call_at", BigInteger),  # the end of the call in which it was stated
    Column("placed", BigInteger, nullable=False),  # with nth, its turn at its price
    Column("nth", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("0 <= remaining AND remaining <= quantity", name="remaining_within"),
    CheckConstraint("frozen_fen >= 0 AND fee_fen >= 0", name="money_natural"),
)
_c = order_table.c
Index("ix_market_order_book", _c.instrument, _c.state, _c.side, _c.price_fen)
Index("ix_market_order_party_state", _c.party, _c.state)
Index("ix_market_order_state_ends_at", _c.state, _c.ends_at)

call_table = Table(
    "call_auction",
    metadata,
    Column("instrument", String(12), primary_key=True),
    Column("ends_at", BigInteger, primary_key=True, autoincrement=False),
    Column("venue", String(16), nullable=False),
    Column("date", String(10), nullable=False),
    Column("state", String(16), nullable=False),
    Column("step", Integer, nullable=False),  # statements that have cleared so far
    Column("price_fen", BigInteger),
    Column("volume", BigInteger, nullable=False),
    Column("surplus", BigInteger, nullable=False),  # left at the price; positive: buyers'
    Column("filled", BigInteger, nullable=False),  # of the volume, settled so far
    CheckConstraint("0 <= filled AND filled <= volume", name="filled_within"),
)
Index("ix_call_auction_instrument_state", call_table.c.instrument, call_table.c.state)

self_trade_table = Table(
    "self_trade",
    metadata,
    Column("party", String(63), primary_key=True),
    Column("rule", String(8), nullable=False),
    Column("index", BigInteger, nullable=False),
)


def _party(row: Row) -> tuple[str, ...]:
    return (row["party"],)


def is_open(row: Row) -> bool:
    """Whether an order still wants something."""
    return bool(row["state"] == OrderState.OPEN)


ORDER = Kind(
    "order",
    order_table,
    parties=_party,
    groups={
        "book": ("instrument", "state"),
        "level": ("instrument", "side", "price_fen", "state"),
        "party": ("party", "state"),
    },
    falls=Falls("ends_at", "state", OrderState.OPEN),
    grouped=is_open,
    tally=Tally(by="instrument", of="revision"),
)
CALL = Kind(
    "call_auction",
    call_table,
    groups={"state": ("instrument", "state")},
    falls=Falls("ends_at", "state", CallState.OPEN),
)
SELF_TRADE = Kind("self_trade", self_trade_table, parties=_party)
