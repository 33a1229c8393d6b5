"""Trades as the public sees them, deals as their two sides see them, lots not yet usable."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table

from ledger.writer.kinds import Kind, Row
from ledger.writer.tables import CanonicalJSON, metadata

trade_table = Table(
    "trade",
    metadata,
    Column("venue", String(16), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("instrument", String(12), nullable=False),
    Column("method", String(16), nullable=False),
    Column("date", String(10), nullable=False),
    Column("price_fen", BigInteger, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    CheckConstraint("price_fen > 0 AND quantity > 0", name="trade_positive"),
)

deal_table = Table(
    "deal",
    metadata,
    Column("deal", String(80), primary_key=True),
    Column("venue", String(16), nullable=False),
    Column("date", String(10), nullable=False),
    Column("method", String(16), nullable=False),
    Column("sequence", BigInteger),  # on the tape; a block's is told after the close
    Column("instrument", String(12), nullable=False),
    Column("bid", String(80), nullable=False),  # what the buyer had ordered
    Column("offer", String(80), nullable=False),  # what the seller had offered
    Column("buyer", String(63), nullable=False, index=True),
    Column("seller", String(63), nullable=False, index=True),
    Column("price_fen", BigInteger, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("buyer_fee_fen", BigInteger, nullable=False),
    Column("seller_fee_fen", BigInteger, nullable=False),
    Column("delivered", CanonicalJSON, nullable=False),  # [[batch, first, last], …]
    Column("at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)

Index("ix_deal_venue_date", deal_table.c.venue, deal_table.c.date)

lot_table = Table(
    "lot",
    metadata,
    Column("deal", String(80), primary_key=True),
    Column("asset", String(80), primary_key=True),
    Column("party", String(63), nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("venue", String(16), nullable=False),
    Column("release", Integer, nullable=False),  # free when this session closes
    Column("salt", String(32), nullable=False),
)
Index("ix_lot_venue_release", lot_table.c.venue, lot_table.c.release)


def _sides(row: Row) -> tuple[str, ...]:
    return (row["buyer"], row["seller"])


def _buyer(row: Row) -> tuple[str, ...]:
    return (row["party"],)


TRADE = Kind("trade", trade_table)
DEAL = Kind("deal", deal_table, parties=_sides, groups={"day": ("venue", "date")})
LOT = Kind("lot", lot_table, parties=_buyer, groups={"release": ("venue", "release")})
