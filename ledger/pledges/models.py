"""Pledges of units to banks, and the sales by which they are enforced."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table, Text

from ledger.writer.kinds import Kind, Row
from ledger.writer.tables import metadata


class PledgeState(StrEnum):
    """Where a pledge stands: it takes hold with its registration (Civil Code, Art. 441-445)."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    AGREED = "agreed"
    REGISTERED = "registered"
    DEFAULTED = "defaulted"
    RELEASED = "released"
    CLOSED = "closed"


PLEDGE_MOVES: dict[PledgeState, frozenset[PledgeState]] = {
    PledgeState.PROPOSED: frozenset(
        {PledgeState.AGREED, PledgeState.DECLINED, PledgeState.WITHDRAWN}
    ),
    PledgeState.AGREED: frozenset({PledgeState.REGISTERED, PledgeState.WITHDRAWN}),
    PledgeState.REGISTERED: frozenset({PledgeState.DEFAULTED, PledgeState.RELEASED}),
    PledgeState.DEFAULTED: frozenset({PledgeState.RELEASED, PledgeState.CLOSED}),
    PledgeState.DECLINED: frozenset(),
    PledgeState.WITHDRAWN: frozenset(),
    PledgeState.RELEASED: frozenset(),
    PledgeState.CLOSED: frozenset(),
}

pledge_table = Table(
    "pledge",
    metadata,
    Column("pledge", String(80), primary_key=True),
    Column("pledgor", String(63), nullable=False),
    Column("bank", String(63), nullable=False),
    Column("batch", String(80), nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("contract", String(80), nullable=False),
    Column("secured_fen", BigInteger, nullable=False),
    Column("recovered_fen", BigInteger, nullable=False),
    Column("until", String(10), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("number", String(80)),
    Column("state", String(16), nullable=False),
    Column("disposal_from", String(10)),
    Column("document", Text),
    Column("salt", String(32), nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("0 <= recovered_fen AND recovered_fen <= secured_fen", name="recovered_within"),
)
Index("ix_pledge_pledgor", pledge_table.c.pledgor)
Index("ix_pledge_bank", pledge_table.c.bank)
Index("ix_pledge_number", pledge_table.c.number)

disposal_table = Table(
    "disposal",
    metadata,
    Column("disposal", String(80), primary_key=True),
    Column("pledge", String(80), nullable=False),
    Column("pledgor", String(63), nullable=False),
    Column("bank", String(63), nullable=False),
    Column("buyer", String(63), nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("to_debt_fen", BigInteger, nullable=False),
    Column("surplus_fen", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("salt", String(32), nullable=False),
    Column("index", BigInteger, nullable=False),
)
Index("ix_disposal_buyer", disposal_table.c.buyer)
Index("ix_disposal_pledge_state", disposal_table.c.pledge, disposal_table.c.state)


def _sides(row: Row) -> tuple[str, ...]:
    return (row["pledgor"], row["bank"])


def _three(row: Row) -> tuple[str, ...]:
    return (row["pledgor"], row["bank"], row["buyer"])


PLEDGE = Kind(
    "pledge",
    pledge_table,
    parties=_sides,
    groups={"number": ("number",), "pledgor": ("pledgor", "state")},
)
DISPOSAL = Kind(
    "disposal",
    disposal_table,
    parties=_three,
    groups={"pledge": ("pledge", "state"), "buyer": ("buyer", "state")},
)
