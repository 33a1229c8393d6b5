"""What supervision keeps: warnings, large positions, the risk reserve, findings.

All but the checks of positions is private: a finding is its author's alone, and a party that it
concerns is told by a referral of its own.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table, Text

from ledger.writer.kinds import Falls, Kind, Row
from ledger.writer.tables import CanonicalJSON, metadata


class ReportState(StrEnum):
    """Where a duty to report a large position stands."""

    OPEN = "open"
    REPORTED = "reported"


class ApprovalState(StrEnum):
    """Where an approval to spend from the risk reserve stands."""

    OPEN = "open"
    SPENT = "spent"


class FindingState(StrEnum):
    """Where a finding stands: explained ones may still be referred when more is known."""

    OPEN = "open"
    EXPLAINED = "explained"
    REFERRED = "referred"


FINDING_MOVES: dict[str, frozenset[str]] = {
    FindingState.OPEN: frozenset({FindingState.EXPLAINED, FindingState.REFERRED}),
    FindingState.EXPLAINED: frozenset({FindingState.REFERRED}),
    FindingState.REFERRED: frozenset(),
}
WAITING, DONE = "waiting", "done"

warning_table = Table(
    "risk_warning",
    metadata,
    Column("warning", String(80), primary_key=True),
    Column("party", String(63), nullable=False, index=True),
    Column("author", String(63), nullable=False),
    Column("text", Text, nullable=False),
    Column("document", String(120), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)

position_check_table = Table(
    "position_check",
    metadata,
    Column("venue", String(16), primary_key=True),
    Column("date", String(10), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("ix_position_check_state_at", position_check_table.c.state, position_check_table.c.at)

position_duty_table = Table(
    "position_duty",
    metadata,
    Column("duty", String(80), primary_key=True),
    Column("party", String(63), nullable=False, index=True),
    Column("operator", String(63), nullable=False),
    Column("date", String(10), nullable=False),
    Column("class", String(16), nullable=False),
    Column("vintage", Integer, nullable=False),
    Column("held", BigInteger, nullable=False),
    Column("living", BigInteger, nullable=False),  # of all parties together
    Column("deadline", String(10), nullable=False),
    Column("state", String(16), nullable=False),
    Column("purpose", Text),
    Column("funding", Text),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("held > 0 AND held <= living", name="held_within"),
)

reserve_day_table = Table(
    "reserve_day",
    metadata,
    Column("venue", String(16), primary_key=True),
    Column("date", String(10), primary_key=True),
    Column("operator", String(63), nullable=False),
    Column("fees_fen", BigInteger, nullable=False),
    Column("percent", String(16), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)

reserve_approval_table = Table(
    "reserve_approval",
    metadata,
    Column("approval", String(80), primary_key=True),
    Column("author", String(63), nullable=False),
    Column("operator", String(63), nullable=False, index=True),
    Column("receiver", String(63), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("document", String(120), nullable=False),
    Column("state", String(16), nullable=False),
    Column("index", BigInteger, nullable=False),
)

finding_table = Table(
    "finding",
    metadata,
    Column("finding", String(80), primary_key=True),
    Column("author", String(63), nullable=False, index=True),
    Column("detector", String(16), nullable=False),
    Column("digest", String(64), nullable=False),  # of detector and evidence
    Column("instrument", String(12)),
    Column("parties", CanonicalJSON, nullable=False),
    Column("entries", CanonicalJSON, nullable=False),
    Column("figures", CanonicalJSON, nullable=False),  # [{name, value}, …]
    Column("state", String(16), nullable=False),
    Column("ground", Text),
    Column("document", String(120)),
    Column("index", BigInteger, nullable=False),
)
Index("ix_finding_digest", finding_table.c.digest)

referral_table = Table(
    "referral",
    metadata,
    Column("finding", String(80), primary_key=True),
    Column("party", String(63), primary_key=True),
    Column("author", String(63), nullable=False),
    Column("detector", String(16), nullable=False),
    Column("authority", Text, nullable=False),
    Column("document", String(120), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)
Index("ix_referral_party", referral_table.c.party)


def _told(row: Row) -> tuple[str, ...]:
    return (row["party"], row["author"])


def _reporting(row: Row) -> tuple[str, ...]:
    return (row["party"], row["operator"])


def _operator(row: Row) -> tuple[str, ...]:
    return (row["operator"],)


def _approving(row: Row) -> tuple[str, ...]:
    return (row["author"], row["operator"])


def _author(row: Row) -> tuple[str, ...]:
    return (row["author"],)


WARNING = Kind("risk_warning", warning_table, parties=_told)
POSITION_CHECK = Kind("position_check", position_check_table, falls=Falls("at", "state", WAITING))
"""That positions of a day are to be looked at; who holds how much is private and needs a salt."""
POSITION_DUTY = Kind(
    "position_duty", position_duty_table, parties=_reporting, groups={"party": ("party",)}
)
RESERVE_DAY = Kind("reserve_day", reserve_day_table, parties=_operator)
RESERVE_APPROVAL = Kind("reserve_approval", reserve_approval_table, parties=_approving)
FINDING = Kind("finding", finding_table, parties=_author, groups={"digest": ("digest",)})
REFERRAL = Kind("referral", referral_table, parties=_told)
