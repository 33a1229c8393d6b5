"""The commitments so far; the newest says when the next falls due."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from ledger.writer.kinds import Falls, Kind
from ledger.writer.tables import metadata

NEWEST, PAST = "newest", "past"

commitment_table = Table(
    "commitment",
    metadata,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("rows", BigInteger, nullable=False),
    Column("root", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False, index=True),
)

COMMITMENT = Kind(
    "commitment",
    commitment_table,
    groups={"state": ("state",)},
    falls=Falls("next_at", "state", NEWEST),
)
