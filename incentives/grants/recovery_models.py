"""Recovery cases: what is asked back of a grant, why, and how far the process has come."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, String, Table, Text

from incentives.grants.models import Clock, sides
from ledger.writer.kinds import Falls, Kind, Row
from ledger.writer.tables import CanonicalJSON, metadata


class Ground(StrEnum):
    """Why a case was opened."""

    FACT = "fact"
    CREDIT = "credit"
    PERFORMANCE = "performance"
    FRAUD = "fraud"
    ERROR = "error"


class CaseState(StrEnum):
    """立案, 告知, 申请听证, 已听证, 未要求听证, 决定, 结清, 撤销."""

    OPENED = "opened"
    NOTICED = "noticed"
    HEARING = "hearing"
    HEARD = "heard"
    WAIVED = "waived"
    DECIDED = "decided"
    SETTLED = "settled"
    DROPPED = "dropped"


_S = CaseState
CASE_MOVES: dict[CaseState, frozenset[CaseState]] = {
    _S.OPENED: frozenset({_S.NOTICED}),
    _S.NOTICED: frozenset({_S.HEARING, _S.WAIVED}),
    _S.HEARING: frozenset({_S.HEARD}),
    _S.HEARD: frozenset({_S.DECIDED, _S.DROPPED}),
    _S.WAIVED: frozenset({_S.DECIDED, _S.DROPPED}),
    _S.DECIDED: frozenset({_S.SETTLED}),
    _S.SETTLED: frozenset(),
    _S.DROPPED: frozenset(),
}
ENDED = frozenset({_S.SETTLED, _S.DROPPED})
RULED = frozenset({_S.DECIDED, _S.SETTLED})
"""Where officers have decided what comes back."""

case_table = Table(
    "recovery_case",
    metadata,
    Column("case", String(80), primary_key=True),
    Column("grant", String(80), nullable=False, index=True),
    Column("applicant", String(63), nullable=False, index=True),
    Column("reviewer", String(63), nullable=False),
    Column("granter", String(63), nullable=False, index=True),
    Column("rule", String(63), nullable=False),
    Column("line", String(40), nullable=False, index=True),
    Column("ground", String(12), nullable=False),
    Column("cause", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("benefit_fen", BigInteger, nullable=False),
    Column("demanded_fen", BigInteger, nullable=False),
    Column("repay_fen", BigInteger, nullable=False),
    Column("fine_fen", BigInteger, nullable=False),
    Column("repaid_fen", BigInteger, nullable=False),
    Column("set_off_fen", BigInteger, nullable=False),
    Column("fined_fen", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),
    Column("clock", String(8), nullable=False),
    Column("due_at", BigInteger),
    Column("document", String(120)),
    Column("steps", CanonicalJSON, nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("repaid_fen + set_off_fen <= repay_fen", name="repaid_within"),
    CheckConstraint("fined_fen <= fine_fen", name="fined_within"),
    CheckConstraint("repay_fen <= benefit_fen", name="repay_within_benefit"),
)
Index("ix_recovery_case_clock_due_at", case_table.c.clock, case_table.c.due_at)

CASE = Kind(
    "recovery_case",
    case_table,
    parties=sides,
    groups={"grant": ("grant",), "applicant": ("applicant",)},
    falls=Falls("due_at", "clock", Clock.RUNNING),
)
"""Sums in fen: ``benefit_fen`` is what the grant has brought, ``repay_fen`` what is owed of it by
decision, ``repaid_fen`` and ``set_off_fen`` what came back, ``fined_fen`` what came of the fine."""


repayment_table = Table(
    "recovery_repayment",
    metadata,
    Column("case", String(80), primary_key=True),
    Column("of", String(8), primary_key=True),
    Column("reference", String(120), primary_key=True),  # in one spelling
    Column("applicant", String(63), nullable=False),
    Column("reviewer", String(63), nullable=False),
    Column("granter", String(63), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("received_on", String(10), nullable=False),
    Column("index", BigInteger, nullable=False),
)

REPAYMENT = Kind("recovery_repayment", repayment_table, parties=sides)
"""What has come in of a case: one row for one reference, of the grant or of the fine."""


def told_sums(row: Row) -> dict[str, int | None]:
    """What a case asks back, what of it has come back, and what is owed still; all in fen.

    Asked back is what the notice demands, and then what was decided; of a case that was dropped
    nothing.  Nothing is owed before the decision: the sums that are owed are then None.
    """
    ruled = row["state"] in RULED
    asked = 0 if row["state"] == CaseState.DROPPED else row["demanded_fen"]
    return {
        "asked_back_fen": row["repay_fen"] if ruled else asked,
        "come_back_fen": row["repaid_fen"] + row["set_off_fen"],
        "owed_fen": owed(row) if ruled else None,
        "fine_owed_fen": fine_owed(row) if ruled else None,
    }


def owed(row: Row) -> int:
    """Fen that were decided to come back and have not, without a fine."""
    return int(row["repay_fen"] - row["repaid_fen"] - row["set_off_fen"])


def fine_owed(row: Row) -> int:
    """Fen of a fine that have not come in."""
    return int(row["fine_fen"] - row["fined_fen"])
