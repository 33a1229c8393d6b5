"""Venues with their counters, and instruments: a credit class, one vintage of it, or one batch."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, String, Table, Text

from ledger.writer.kinds import Kind
from ledger.writer.tables import metadata


class InstrumentState(StrEnum):
    """Where an instrument stands."""

    LISTED = "listed"
    SUSPENDED = "suspended"
    DELISTED = "delisted"


INSTRUMENT_MOVES: dict[str, frozenset[str]] = {
    InstrumentState.LISTED: frozenset({InstrumentState.SUSPENDED, InstrumentState.DELISTED}),
    InstrumentState.SUSPENDED: frozenset({InstrumentState.LISTED, InstrumentState.DELISTED}),
    InstrumentState.DELISTED: frozenset(),
}

instrument_table = Table(
    "instrument",
    metadata,
    Column("instrument", String(12), primary_key=True),
    Column("venue", String(16), nullable=False),
    Column("operator", String(63), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("class", String(16), nullable=False),
    Column("vintage", Integer),
    Column("batch", String(80)),
    Column("reference_fen", BigInteger, nullable=False),
    Column("reference_source", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("reference_fen > 0", name="reference_positive"),
)

venue_table = Table(
    "venue",
    metadata,
    Column("venue", String(16), primary_key=True),
    Column("session", String(10)),  # the date of the open session, or NULL
    Column("sessions", Integer, nullable=False),
    Column("trades", BigInteger, nullable=False),
)

INSTRUMENT = Kind("instrument", instrument_table, groups={"venue": ("venue",)})
VENUE = Kind("venue", venue_table)
