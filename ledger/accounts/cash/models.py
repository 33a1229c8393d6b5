"""Bank accounts, receipts in suspense, payouts, and every movement across the settlement bank."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table, Text

from ledger.accounts.models import OMNIBUS, owner
from ledger.writer.kinds import Kind, Row
from ledger.writer.tables import CanonicalJSON, metadata

BANK = owner(OMNIBUS)
"""The settlement bank: the one party that moves cash across the omnibus account."""


class AccountState(StrEnum):
    """A bank account serves once the bank has confirmed whose it is, until somebody ends it."""

    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    ENDED = "ended"


ACCOUNT_MOVES: dict[AccountState, frozenset[AccountState]] = {
    AccountState.REGISTERED: frozenset({AccountState.CONFIRMED, AccountState.ENDED}),
    # Confirmed again where its holder has taken another name.
    AccountState.CONFIRMED: frozenset({AccountState.CONFIRMED, AccountState.ENDED}),
    AccountState.ENDED: frozenset(),
}


class ReceiptState(StrEnum):
    """Money whose payer nobody knows waits in suspense until it is somebody's or goes back."""

    SUSPENSE = "suspense"
    IDENTIFIED = "identified"
    RETURNED = "returned"


RECEIPT_MOVES: dict[ReceiptState, frozenset[ReceiptState]] = {
    ReceiptState.SUSPENSE: frozenset({ReceiptState.IDENTIFIED, ReceiptState.RETURNED}),
    ReceiptState.IDENTIFIED: frozenset(),
    ReceiptState.RETURNED: frozenset(),
}


class PayoutState(StrEnum):
    """A payout (出金) from the request to what the bank made of it."""

    REQUESTED = "requested"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"


PAYOUT_MOVES: dict[PayoutState, frozenset[PayoutState]] = {
    PayoutState.REQUESTED: frozenset(
        {PayoutState.SENT, PayoutState.PAID, PayoutState.FAILED, PayoutState.CANCELLED}
    ),
    PayoutState.SENT: frozenset({PayoutState.PAID, PayoutState.FAILED}),
    PayoutState.PAID: frozenset(),
    PayoutState.FAILED: frozenset(),
    PayoutState.CANCELLED: frozenset(),
}
UNDER_WAY = (PayoutState.REQUESTED, PayoutState.SENT)
"""Payouts whose amount is set aside in the account that they leave."""


class CorrectionState(StrEnum):
    """A correction is posted at once, unless the cash to take back is not there yet."""

    POSTED = "posted"
    CLAIMED = "claimed"
    WITHDRAWN = "withdrawn"


CORRECTION_MOVES: dict[CorrectionState, frozenset[CorrectionState]] = {
    CorrectionState.POSTED: frozenset(),
    CorrectionState.CLAIMED: frozenset({CorrectionState.POSTED, CorrectionState.WITHDRAWN}),
    CorrectionState.WITHDRAWN: frozenset(),
}

SET_ASIDE = "in_transfer"
"""The bucket of cash that is on its way out."""
OPEN, RECONCILED, LATE = "open", "reconciled", "late"
"""A movement waits for its day's file, has been held against it, or came after it."""

bank_account_table = Table(
    "bank_account",
    metadata,
    Column("account", String(80), primary_key=True),
    Column("party", String(63), nullable=False, index=True),
    Column("holder", Text, nullable=False),
    Column("bank_name", Text, nullable=False),
    Column("tail", String(4), nullable=False),
    Column("number_sha256", String(64), nullable=False),
    Column("number_salt", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("salt", String(32), nullable=False),
    Column("index", BigInteger, nullable=False),
)

movement_table = Table(
    "cash_movement",
    metadata,
    Column("reference", String(80), primary_key=True),
    Column("party", String(63)),  # nobody's yet while in suspense
    Column("act", String(16), nullable=False),
    Column("corrects", String(80)),  # the movement whose amount this one puts right
    Column("signed_fen", BigInteger, nullable=False),  # in above zero, out below
    Column("tail", String(4)),
    Column("date", String(10), nullable=False),
    Column("state", String(16), nullable=False),
    Column("index", BigInteger, nullable=False),
)
Index("ix_cash_movement_state", movement_table.c.state)

receipt_table = Table(
    "cash_receipt",
    metadata,
    Column("receipt", String(80), primary_key=True),
    Column("reference", String(80), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("tail", String(4)),
    Column("state", String(16), nullable=False),
    Column("party", String(63)),
    Column("index", BigInteger, nullable=False),
)
Index("ix_cash_receipt_reference", receipt_table.c.reference)

payout_table = Table(
    "payout",
    metadata,
    Column("payout", String(80), primary_key=True),
    Column("party", String(63), nullable=False, index=True),
    Column("account", String(80), nullable=False),
    Column("source", String(80), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_by", String(10), nullable=False),
    Column("reference", String(80)),
    Column("reason", Text),
    Column("salt", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("amount_fen > 0", name="payout_positive"),
)

reconciliation_table = Table(
    "cash_reconciliation",
    metadata,
    Column("date", String(10), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("differences", Integer, nullable=False),
    Column("open", CanonicalJSON, nullable=False),  # numbers of those that nobody has explained
    Column("index", BigInteger, nullable=False),
)

cash_day_table = Table(
    "cash_day",
    metadata,
    Column("date", String(10), primary_key=True),
    Column("operator", String(63), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("closing_fen", BigInteger, nullable=False),
    Column("ledger_fen", BigInteger, nullable=False),
    Column("carried_fen", BigInteger, nullable=False),
    Column("late_fen", BigInteger, nullable=False),  # what was put right after the file
    Column("persons", CanonicalJSON, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
)

difference_table = Table(
    "cash_difference",
    metadata,
    Column("date", String(10), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("operator", String(63), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reference", String(80)),
    Column("bank_fen", BigInteger),
    Column("ledger_fen", BigInteger),
    Column("difference_fen", BigInteger, nullable=False),
    Column("late_fen", BigInteger, nullable=False),  # how much of it was put right after the file
    Column("state", String(16), nullable=False),
    Column("ground", Text),
    Column("document", String(120)),
    Column("index", BigInteger, nullable=False),
)


correction_table = Table(
    "cash_correction",
    metadata,
    Column("correction", String(80), primary_key=True),
    Column("reference", String(80), nullable=False),
    Column("party", String(63)),  # nobody's while the receipt is in suspense
    Column("account", String(80), nullable=False),
    Column("stated_fen", BigInteger, nullable=False),
    Column("right_fen", BigInteger, nullable=False),
    Column("document", String(120), nullable=False),
    Column("state", String(16), nullable=False),
    Column("index", BigInteger, nullable=False),
)
Index("ix_cash_correction_reference", correction_table.c.reference)
Index("ix_cash_correction_party", correction_table.c.party)


def _with_bank(row: Row) -> tuple[str, ...]:
    return (BANK,) if row["party"] in (None, BANK) else (BANK, row["party"])


def _with_operator(row: Row) -> tuple[str, ...]:
    return (BANK, row["operator"])


ACCOUNT = Kind("bank_account", bank_account_table, parties=_with_bank)
MOVEMENT = Kind(
    "cash_movement",
    movement_table,
    parties=_with_bank,
    groups={"state": ("state",)},
    grouped=lambda row: row["state"] == OPEN,
)
RECEIPT = Kind(
    "cash_receipt", receipt_table, parties=_with_bank, groups={"reference": ("reference",)}
)
PAYOUT = Kind(
    "payout",
    payout_table,
    parties=_with_bank,
    groups={"under_way": ("party", "state")},
    grouped=lambda row: row["state"] in UNDER_WAY,
)
RECONCILIATION = Kind(
    "cash_reconciliation", reconciliation_table, groups={"all": (), "state": ("state",)}
)
"""Public, because opening a session is: that a day is not yet explained, and nothing of why."""
CASH_DAY = Kind("cash_day", cash_day_table, parties=_with_operator)
DIFFERENCE = Kind(
    "cash_difference",
    difference_table,
    parties=_with_operator,
    groups={"reference": ("date", "reference")},
)
"""Amounts are signed: in above zero, out below; ``difference_fen`` is the bank's less ours."""

CORRECTION = Kind(
    "cash_correction",
    correction_table,
    parties=_with_bank,
    groups={"reference": ("reference",), "party": ("party", "state")},
)
"""Of one movement, oldest first by ``index``: what stood, what is right, signed as the movement."""

KINDS = (ACCOUNT, MOVEMENT, RECEIPT, PAYOUT, RECONCILIATION, CASH_DAY, DIFFERENCE, CORRECTION)
