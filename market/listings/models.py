"""Listings: private to their sellers; the public sees prices and quantities alone."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table

from ledger.writer.kinds import Kind, Row, Tally
from ledger.writer.tables import CanonicalJSON, metadata


class ListingState(StrEnum):
    """Where a listing stands; every state but the first is final."""

    OPEN = "open"
    FILLED = "filled"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    HALTED = "halted"
    SUSPENDED = "suspended"
    CLAIMED = "claimed"
    BARRED = "barred"
    BY_ORDER = "by-order"


listing_table = Table(
    "listing",
    metadata,
    Column("listing", String(20), primary_key=True),
    Column("seller", String(63), nullable=False),
    Column("instrument", String(12), nullable=False),
    Column("price_fen", BigInteger, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("remaining", BigInteger, nullable=False),
    Column("portions", CanonicalJSON, nullable=False),  # [[batch, frozen], …] in delivery order
    Column("state", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("persons", CanonicalJSON, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("0 <= remaining AND remaining <= quantity", name="remaining_within"),
)
Index("ix_listing_instrument_state", listing_table.c.instrument, listing_table.c.state)
Index("ix_listing_seller_state", listing_table.c.seller, listing_table.c.state)


def _seller(row: Row) -> tuple[str, ...]:
    return (row["seller"],)


LISTING = Kind(
    "listing",
    listing_table,
    parties=_seller,
    groups={"book": ("instrument", "state"), "seller": ("seller", "state")},
    tally=Tally(by="instrument", of="revision"),
)
