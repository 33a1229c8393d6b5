"""Bars on parties, told to them alone, and halts of venues, told to everybody."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from ledger.writer.kinds import Falls, Kind, Row
from ledger.writer.tables import metadata


class BarState(StrEnum):
    """Where a bar stands: it may begin later, and ends by an act or by its last day."""

    WAITING = "waiting"
    STANDING = "standing"
    LIFTED = "lifted"
    LAPSED = "lapsed"


BAR_MOVES: dict[str, frozenset[str]] = {
    BarState.WAITING: frozenset({BarState.STANDING, BarState.LIFTED}),
    BarState.STANDING: frozenset({BarState.LIFTED, BarState.LAPSED}),
    BarState.LIFTED: frozenset(),
    BarState.LAPSED: frozenset(),
}


class HaltState(StrEnum):
    """Whether a venue trades."""

    HALTED = "halted"
    RESUMED = "resumed"


RUNS, OVER = "runs", "over"
"""Whether a bar's calendar still runs."""

bar_table = Table(
    "trading_bar",
    metadata,
    Column("bar", String(80), primary_key=True),
    Column("party", String(63), nullable=False),
    Column("author", String(63), nullable=False),
    Column("since", String(10), nullable=False),
    Column("until", String(10)),  # the last day, or NULL: until it is lifted
    Column("state", String(16), nullable=False),
    Column("clock", String(8), nullable=False),
    Column("turns_at", BigInteger),  # when the scheduler moves it on
    Column("reason", Text, nullable=False),
    Column("document", String(120), nullable=False),
    Column("index", BigInteger, nullable=False),
)
Index("ix_trading_bar_party_clock", bar_table.c.party, bar_table.c.clock)
Index("ix_trading_bar_clock_turns_at", bar_table.c.clock, bar_table.c.turns_at)

halt_table = Table(
    "venue_halt",
    metadata,
    Column("venue", String(16), primary_key=True),
    Column("author", String(63), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("document", String(120), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)


def _both(row: Row) -> tuple[str, ...]:
    return (row["party"], row["author"])


BAR = Kind(
    "trading_bar",
    bar_table,
    parties=_both,
    groups={"party": ("party", "clock")},
    falls=Falls("turns_at", "clock", RUNS),
)
HALT = Kind("venue_halt", halt_table)
"""The newest halt of a venue; the log has those before."""
