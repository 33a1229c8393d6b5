"""Block proposals: private to their two sides; the public sees prices after the close alone."""

from __future__ import annotations

import hashlib
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, String, Table

from ledger.writer.kinds import Falls, Kind, Row
from ledger.writer.tables import CanonicalJSON, metadata


class ProposalState(StrEnum):
    """Where a proposal stands; only ``agreed`` goes on, to ``told`` at the close of its day."""

    OPEN = "open"
    AGREED = "agreed"
    TOLD = "told"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    STOPPED = "stopped"


MOVES: dict[str, frozenset[str]] = {
    ProposalState.OPEN: frozenset(ProposalState) - {ProposalState.OPEN, ProposalState.TOLD},
    ProposalState.AGREED: frozenset({ProposalState.TOLD}),
    **dict.fromkeys(
        (
            ProposalState.TOLD,
            ProposalState.DECLINED,
            ProposalState.WITHDRAWN,
            ProposalState.LAPSED,
            ProposalState.STOPPED,
        ),
        frozenset(),
    ),
}

proposal_table = Table(
    "block_proposal",
    metadata,
    Column("proposal", String(80), primary_key=True),
    Column("proposer", String(63), nullable=False),
    Column("counterparty", String(63), nullable=False),
    Column("side", String(4), nullable=False),  # the proposer's: sell or buy
    Column("venue", String(16), nullable=False),
    Column("instrument", String(12), nullable=False),
    Column("batch", String(80)),
    Column("price_fen", BigInteger, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("portions", CanonicalJSON, nullable=False),  # [[batch, frozen], …] of a seller
    Column("frozen_fen", BigInteger, nullable=False),  # of a buyer: price and fee
    Column("until", String(10), nullable=False),
    Column("until_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("date", String(10)),  # of the session in which it was agreed
    Column("deal", String(80)),
    Column("persons", CanonicalJSON, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("price_fen > 0 AND quantity > 0", name="block_positive"),
)
Index("ix_block_proposal_instrument_state", proposal_table.c.instrument, proposal_table.c.state)
Index("ix_block_proposal_proposer_state", proposal_table.c.proposer, proposal_table.c.state)
Index("ix_block_proposal_counterparty_state", proposal_table.c.counterparty, proposal_table.c.state)
Index("ix_block_proposal_state_until_at", proposal_table.c.state, proposal_table.c.until_at)


def _sides(row: Row) -> tuple[str, ...]:
    return (row["proposer"], row["counterparty"])


PROPOSAL = Kind(
    "block_proposal",
    proposal_table,
    parties=_sides,
    groups={
        "book": ("instrument", "state"),
        "proposer": ("proposer", "state"),
        "counterparty": ("counterparty", "state"),
    },
    falls=Falls("until_at", "state", ProposalState.OPEN),
)


def other_salt(row: Row) -> str:
    """A secret for the counterparty's part, from the proposer's, which both sides know."""
    return hashlib.sha256(f"qingzhang/block/v1\n{row['salt']}".encode()).hexdigest()[:32]
