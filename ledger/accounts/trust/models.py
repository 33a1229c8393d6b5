"""Whom a party trusts to receive its units, and since when."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from ledger.writer.kinds import Kind, Row
from ledger.writer.tables import metadata

trust_table = Table(
    "trust",
    metadata,
    Column("party", String(63), primary_key=True),
    Column("trusted", String(63), primary_key=True),
    Column("from_at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)


def _party(row: Row) -> tuple[str, ...]:
    return (row["party"],)


TRUST = Kind("trust", trust_table, parties=_party)
