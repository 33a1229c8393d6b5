"""Grants from application to performance review, the units they cite, and what others object.

A grant concerns its applicant, the desk that reviews it and the bureau whose line pays it.  What
the law wants to be seen, the notice with its result, is public and names no statement of theirs.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, String, Table, Text

from ledger.writer.kinds import Falls, Kind, Row
from ledger.writer.tables import CanonicalJSON, metadata


class GrantState(StrEnum):
    """申请, 初审, 审核意见, 公示, 公示期满, 决定, 拨付, 绩效评价; and how it may end before."""

    APPLIED = "applied"
    REVIEWED = "reviewed"
    SUPPORTED = "supported"
    NOTICED = "noticed"
    HEARD = "heard"
    GRANTED = "granted"
    PAID = "paid"
    ASSESSED = "assessed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


_S = GrantState
GRANT_MOVES: dict[GrantState, frozenset[GrantState]] = {
    _S.APPLIED: frozenset({_S.REVIEWED, _S.REFUSED, _S.WITHDRAWN}),
    _S.REVIEWED: frozenset({_S.SUPPORTED, _S.REFUSED, _S.WITHDRAWN}),
    _S.SUPPORTED: frozenset({_S.NOTICED, _S.WITHDRAWN}),
    _S.NOTICED: frozenset({_S.HEARD, _S.WITHDRAWN}),
    _S.HEARD: frozenset({_S.GRANTED, _S.REFUSED, _S.WITHDRAWN}),
    _S.GRANTED: frozenset({_S.PAID, _S.REVOKED}),
    _S.PAID: frozenset({_S.ASSESSED, _S.REVOKED}),
    _S.ASSESSED: frozenset({_S.REVOKED}),
    _S.REFUSED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.REVOKED: frozenset(),
}
OVER = frozenset({_S.REFUSED, _S.WITHDRAWN, _S.REVOKED})
PUBLISHED = frozenset({_S.NOTICED, _S.HEARD, _S.GRANTED, _S.PAID, _S.ASSESSED})
AWARDED = frozenset({_S.GRANTED, _S.PAID, _S.ASSESSED})


class Clock(StrEnum):
    """Whether a grant's term runs, has run out, or there is none."""

    RUNNING = "running"
    LATE = "late"
    STOPPED = "stopped"


class CreditState(StrEnum):
    """Whether units are cited by a grant that is asked for, used by one, or free again."""

    CITED = "cited"
    USED = "used"
    FREE = "free"


grant_table = Table(
    "fiscal_grant",
    metadata,
    Column("grant", String(80), primary_key=True),
    Column("applicant", String(63), nullable=False, index=True),
    Column("reviewer", String(63), nullable=False, index=True),
    Column("granter", String(63), nullable=False, index=True),
    Column("answer", String(80), nullable=False, index=True),
    Column("rule", String(63), nullable=False),
    Column("line", String(40), nullable=False, index=True),
    Column("asked_fen", BigInteger, nullable=False),
    Column("granted_fen", BigInteger, nullable=False),
    Column("set_off_fen", BigInteger, nullable=False),
    Column("paid_fen", BigInteger, nullable=False),
    Column("state", String(10), nullable=False),
    Column("clock", String(8), nullable=False),
    Column("due_at", BigInteger),
    Column("steps", CanonicalJSON, nullable=False),
    Column("notice", BigInteger),
    Column("document", String(120)),
    Column("result", String(10)),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("granted_fen <= asked_fen", name="granted_within_asked"),
    CheckConstraint("paid_fen + set_off_fen <= granted_fen", name="paid_within_granted"),
)
Index("ix_fiscal_grant_clock_due_at", grant_table.c.clock, grant_table.c.due_at)
Index("ix_fiscal_grant_notice", grant_table.c.notice)

credit_table = Table(
    "grant_credit",
    metadata,
    Column("grant", String(80), primary_key=True),
    Column("batch", String(80), primary_key=True),
    Column("benefit", String(12), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("act", String(80)),
    Column("applicant", String(63), nullable=False),
    Column("reviewer", String(63), nullable=False),
    Column("granter", String(63), nullable=False),
    Column("state", String(8), nullable=False),
    Column("taken", BigInteger),
)
Index("ix_grant_credit_batch", credit_table.c.batch, credit_table.c.benefit, credit_table.c.state)

notice_table = Table(
    "grant_notice",
    metadata,
    Column("notice", BigInteger, primary_key=True, autoincrement=False),
    Column("applicant", String(63), nullable=False),
    Column("rule", String(63), nullable=False),
    Column("line", String(40), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("first", String(10), nullable=False),
    Column("last", String(10), nullable=False),
    Column("certain", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("granted_fen", BigInteger, nullable=False),
    Column("document", String(120)),
    Column("decided", BigInteger),
)

objection_table = Table(
    "grant_objection",
    metadata,
    Column("objection", String(80), primary_key=True),
    Column("grant", String(80), nullable=False, index=True),
    Column("notice", BigInteger, nullable=False),
    Column("party", String(63), nullable=False),
    Column("granter", String(63), nullable=False),
    Column("reason", Text, nullable=False),
    Column("upheld", Boolean),
    Column("answer", Text),
    Column("index", BigInteger, nullable=False),
)


def sides(row: Row) -> tuple[str, ...]:
    """Whom a grant concerns."""
    return tuple(sorted({row["applicant"], row["reviewer"], row["granter"]}))


def _objecting(row: Row) -> tuple[str, ...]:
    return tuple(sorted({row["party"], row["granter"]}))


GRANT = Kind(
    "grant",
    grant_table,
    parties=sides,
    groups={"answer": ("answer",), "notice": ("notice",), "applicant": ("applicant",)},
    falls=Falls("due_at", "clock", Clock.RUNNING),
)
"""Sums in fen.  ``steps`` are the steps taken with the persons who signed each."""
GRANT_CREDIT = Kind(
    "grant_credit",
    credit_table,
    parties=sides,
    groups={"grant": ("grant",), "cited": ("batch", "benefit", "state")},
)
"""``taken`` is the entry that took the use of these serials (``ledger.credits.uses``).

That of a holding stands here alone, since the public row would tell who held them."""
GRANT_NOTICE = Kind("grant_notice", notice_table)
"""``notice`` is the entry that opened it."""
OBJECTION = Kind(
    "grant_objection", objection_table, parties=_objecting, groups={"grant": ("grant",)}
)
