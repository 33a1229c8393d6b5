"""Opinions that their bodies have taken back: whose, on what, why, and how much of it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from ledger.writer.kinds import Kind
from ledger.writer.tables import CanonicalJSON, metadata

withdrawal_table = Table(
    "withdrawal",
    metadata,
    Column("withdrawal", String(80), primary_key=True),
    Column("subject", String(16), nullable=False),
    Column("name", String(40), nullable=False),
    Column("verifier", String(63), nullable=False),
    Column("reason", Text, nullable=False),
    Column("vintages", CanonicalJSON),
    Column("index", BigInteger, nullable=False),
)
Index("ix_withdrawal_name", withdrawal_table.c.subject, withdrawal_table.c.name)

WITHDRAWAL = Kind("withdrawal", withdrawal_table, groups={"name": ("subject", "name")})
"""``vintages`` is the quantity taken back, by year of a report; None for a validation."""
