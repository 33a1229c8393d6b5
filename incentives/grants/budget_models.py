"""Budget lines (预算指标): how much a document makes available, and where it went; public."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, String, Table, Text

from ledger.writer.kinds import Falls, Kind, Row
from ledger.writer.tables import metadata


class LineState(StrEnum):
    """Whether a line can still be committed."""

    OPEN = "open"
    CLOSED = "closed"


LEVELS = ("central", "province", "city", "county")

budget_table = Table(
    "budget_line",
    metadata,
    Column("line", String(40), primary_key=True),
    Column("document", String(120), nullable=False),
    Column("account", String(40), nullable=False),
    Column("level", String(8), nullable=False),
    Column("region", String(6), nullable=False),
    Column("year", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("party", String(63), nullable=False),
    Column("opened_fen", BigInteger, nullable=False),
    Column("committed_fen", BigInteger, nullable=False),
    Column("paid_fen", BigInteger, nullable=False),
    Column("returned_fen", BigInteger, nullable=False),
    Column("lapsed_fen", BigInteger, nullable=False),
    Column("last", String(10), nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint(
        "committed_fen >= 0 AND paid_fen >= 0 AND returned_fen >= 0 AND lapsed_fen >= 0",
        name="line_natural",
    ),
    CheckConstraint("returned_fen <= paid_fen", name="returned_within_paid"),
    CheckConstraint(
        "opened_fen + returned_fen >= committed_fen + paid_fen + lapsed_fen",
        name="line_covered",
    ),
)

document_table = Table(
    "budget_document",
    metadata,
    Column("document", String(120), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("level", String(8), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("line", String(40), nullable=False),
)

BUDGET = Kind(
    "budget_line",
    budget_table,
    falls=Falls("last_at", "state", LineState.OPEN),
)
"""All sums in fen; ``last`` is the last day on which the line can be committed."""
BUDGET_DOCUMENT = Kind("budget_document", document_table)
"""One line for one document, account, level and year."""


def available(row: Row) -> int:
    """Fen of a line that nobody has been promised."""
    left = row["opened_fen"] + row["returned_fen"]
    return int(left - row["committed_fen"] - row["paid_fen"] - row["lapsed_fen"])
