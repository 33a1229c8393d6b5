"""Sessions, and each instrument's trading days; all public."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, String, Table

from ledger.writer.kinds import Falls, Kind
from ledger.writer.tables import metadata

OPEN, CLOSED = "open", "closed"

session_table = Table(
    "trading_session",
    metadata,
    Column("venue", String(16), primary_key=True),
    Column("date", String(10), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),  # when it is closed for whoever forgot
    Column("closed_at", BigInteger),
    Column("index", BigInteger, nullable=False),
)

day_table = Table(
    "trading_day",
    metadata,
    Column("instrument", String(12), primary_key=True),
    Column("date", String(10), primary_key=True),
    Column("method", String(16), primary_key=True),
    Column("reference_fen", BigInteger, nullable=False),
    Column("open_fen", BigInteger, nullable=False),
    Column("high_fen", BigInteger, nullable=False),
    Column("low_fen", BigInteger, nullable=False),
    Column("last_fen", BigInteger, nullable=False),
    Column("close_fen", BigInteger),
    Column("volume", BigInteger, nullable=False),
    Column("turnover_fen", BigInteger, nullable=False),
    Column("trades", BigInteger, nullable=False),
    CheckConstraint("low_fen <= high_fen", name="range_ordered"),
)

SESSION = Kind("trading_session", session_table, falls=Falls("ends_at", "state", OPEN))
DAY = Kind("trading_day", day_table)
