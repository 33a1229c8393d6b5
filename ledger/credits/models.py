"""Batches, blocks of serials with locks, retirements with their beneficiaries, and transfers."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table, Text

from ledger.accounts.models import owner
from ledger.writer.kinds import Falls, Kind, Row
from ledger.writer.tables import CanonicalJSON, metadata


class LockState(StrEnum):
    """Where a lock on serials stands."""

    STANDING = "standing"
    LIFTED = "lifted"


batch_table = Table(
    "batch",
    metadata,
    Column("batch", String(80), primary_key=True),
    Column("project", String(40), nullable=False, index=True),
    Column("report", String(40), nullable=False, index=True),
    Column("class", String(16), nullable=False),
    Column("vintage", Integer, nullable=False),
    Column("owner", String(63), nullable=False, index=True),
    Column("issued", BigInteger, nullable=False),
    Column("retired", BigInteger, nullable=False),
    Column("cancelled", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("retired + cancelled <= issued", name="ended_within_issued"),
)

issuance_table = Table(
    "issuance",
    metadata,
    Column("batch", String(80), primary_key=True),
    Column("at", BigInteger, nullable=False),
)

block_table = Table(
    "block",
    metadata,
    Column("batch", String(80), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("account", String(80), nullable=False),
    CheckConstraint("first >= 1 AND last >= first", name="block_ordered"),
)
Index("ix_block_account_batch", block_table.c.account, block_table.c.batch)

fate_table = Table(
    "fate",
    metadata,
    Column("batch", String(80), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("fate", String(16), nullable=False),
    Column("act", String(80), nullable=False),
    Column("index", BigInteger, nullable=False),
)

retirement_table = Table(
    "retirement",
    metadata,
    Column("retirement", String(80), primary_key=True),
    Column("party", String(63), nullable=False, index=True),
    Column("batch", String(80), nullable=False, index=True),
    Column("quantity", BigInteger, nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("beneficiary", Text, nullable=False),
    Column("blocks", CanonicalJSON, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)

beneficiary_table = Table(
    "beneficiary",
    metadata,
    Column("retirement", String(80), primary_key=True),
    Column("form", String(16), nullable=False),
    Column("uscc", String(18)),
    Column("party", String(63)),
    Column("index", BigInteger, nullable=False),
)

transfer_table = Table(
    "transfer",
    metadata,
    Column("transfer", String(80), primary_key=True),
    Column("sender", String(63), nullable=False),
    Column("receiver", String(63), nullable=False),
    Column("batch", String(80), nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("answer_by", BigInteger),
    Column("salt", String(32), nullable=False),
    Column("index", BigInteger, nullable=False),
)
Index("ix_transfer_state_answer_by", transfer_table.c.state, transfer_table.c.answer_by)
Index("ix_transfer_sender_batch", transfer_table.c.sender, transfer_table.c.batch)
Index("ix_transfer_receiver_state", transfer_table.c.receiver, transfer_table.c.state)

clearing_table = Table(
    "clearing",
    metadata,
    Column("transfer", String(80), primary_key=True),
    Column("sender", String(63), nullable=False),
    Column("receiver", String(63), nullable=False),
    Column("final_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("salt", String(32), nullable=False),
)
Index("ix_clearing_state_final_at", clearing_table.c.state, clearing_table.c.final_at)

serial_lock_table = Table(
    "serial_lock",
    metadata,
    Column("lock", String(80), primary_key=True),
    Column("by", String(63), nullable=False),
    Column("batch", String(80), nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("ground", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("lifted_by", Text),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("first >= 1 AND last >= first", name="lock_ordered"),
)
Index("ix_serial_lock_batch_state", serial_lock_table.c.batch, serial_lock_table.c.state)


def _holder(row: Row) -> tuple[str, ...]:
    return (owner(row["account"]),) if "account" in row else ()


def _both(row: Row) -> tuple[str, ...]:
    return (row["sender"], row["receiver"])


BATCH = Kind(
    "batch",
    batch_table,
    groups={"project": ("project",), "report": ("report",), "owner": ("owner",)},
)
ISSUANCE = Kind("issuance", issuance_table)
"""When a batch was issued, UTC ms; of one that the first engine version issued there is no row."""
BLOCK = Kind(
    "block",
    block_table,
    parties=_holder,
    groups={"held": ("account", "batch"), "batch": ("batch",)},
)
SERIAL_LOCK = Kind("serial_lock", serial_lock_table, groups={"batch": ("batch", "state")})
FATE = Kind("fate", fate_table, groups={"ended": ("batch", "fate")})
RETIREMENT = Kind("retirement", retirement_table, groups={"party": ("party",)})
BENEFICIARY = Kind("beneficiary", beneficiary_table)
TRANSFER = Kind(
    "transfer",
    transfer_table,
    parties=_both,
    groups={"sent": ("sender", "batch", "state"), "receiver": ("receiver", "state")},
    falls=Falls("answer_by", "state", "proposed"),
)
CLEARING = Kind(
    "clearing", clearing_table, parties=_both, falls=Falls("final_at", "state", "running")
)
