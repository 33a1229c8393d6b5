"""What an owner says of its own: which body it engages, and what it takes back."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table, Text

from ledger.writer.kinds import Kind
from ledger.writer.tables import metadata

engagement_table = Table(
    "engagement",
    metadata,
    Column("subject", String(16), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("verifier", String(63), nullable=False),
    Column("index", BigInteger, nullable=False),
)

retraction_table = Table(
    "retraction",
    metadata,
    Column("subject", String(16), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("index", BigInteger, nullable=False),
)

ENGAGEMENT = Kind("engagement", engagement_table)
"""The body engaged now; another engagement takes its place, and both are entries of the log."""
RETRACTION = Kind("retraction", retraction_table)
