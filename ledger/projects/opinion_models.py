"""The papers of opinions: which project or report each stands behind."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from ledger.writer.kinds import Kind
from ledger.writer.tables import metadata

opinion_paper_table = Table(
    "opinion_paper",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("subject", String(16), nullable=False),
    Column("name", String(40), nullable=False),
    Column("index", BigInteger, nullable=False),
)

OPINION_PAPER = Kind("opinion_paper", opinion_paper_table)
"""Kept from the first opinion on, also where that was negative or was taken back."""
