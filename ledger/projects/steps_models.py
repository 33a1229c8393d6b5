"""Public notices with their comments, and applications: the steps around an opinion."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text

from ledger.writer.kinds import Kind
from ledger.writer.tables import metadata


class ApplicationState(StrEnum):
    """Where an application stands: 申请, 受理, 补正, 决定."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    DECIDED = "decided"


APPLICATION_MOVES: dict[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.APPLIED: frozenset({ApplicationState.ACCEPTED, ApplicationState.RETURNED}),
    ApplicationState.ACCEPTED: frozenset({ApplicationState.DECIDED, ApplicationState.RETURNED}),
    ApplicationState.RETURNED: frozenset(),
    ApplicationState.DECIDED: frozenset(),
}

notice_table = Table(
    "notice",
    metadata,
    Column("notice", String(80), primary_key=True),
    Column("subject", String(16), nullable=False),
    Column("name", String(40), nullable=False),
    Column("owner", String(63), nullable=False),
    Column("first", String(10), nullable=False),
    Column("last", String(10), nullable=False),
    Column("certain", Boolean, nullable=False),
    Column("index", BigInteger, nullable=False),
)
Index("ix_notice_name", notice_table.c.subject, notice_table.c.name)
Index("ix_notice_owner", notice_table.c.owner)

comment_table = Table(
    "comment",
    metadata,
    Column("comment", String(80), primary_key=True),
    Column("notice", String(80), nullable=False, index=True),
    Column("party", String(63), nullable=False),
    Column("text", Text, nullable=False),
    Column("answered_by", String(63)),
    Column("answer", Text),
    Column("index", BigInteger, nullable=False),
)

answer_table = Table(
    "comment_answer",
    metadata,
    Column("answer", String(80), primary_key=True),
    Column("comment", String(80), nullable=False, index=True),
    Column("verifier", String(63), nullable=False),
    Column("text", Text, nullable=False),
    Column("answered", String(10), nullable=False),
    Column("index", BigInteger, nullable=False),
)

application_table = Table(
    "application",
    metadata,
    Column("application", String(80), primary_key=True),
    Column("subject", String(16), nullable=False),
    Column("name", String(40), nullable=False),
    Column("owner", String(63), nullable=False),
    Column("state", String(16), nullable=False),
    Column("applied", String(10), nullable=False),
    Column("decide_by", String(10)),
    Column("decided", String(10)),
    Column("reasons", Text),
    Column("undertaking", String(16)),
    Column("index", BigInteger, nullable=False),
)
Index("ix_application_name", application_table.c.subject, application_table.c.name)
Index("ix_application_owner", application_table.c.owner)

NOTICE = Kind("notice", notice_table, groups={"name": ("subject", "name")})
COMMENT = Kind("comment", comment_table, groups={"notice": ("notice",)})
"""``answered_by`` and ``answer`` are from before ``comment-answers-engaged`` was stated."""
ANSWER = Kind("comment_answer", answer_table, groups={"comment": ("comment",)})
APPLICATION = Kind("application", application_table, groups={"name": ("subject", "name")})
