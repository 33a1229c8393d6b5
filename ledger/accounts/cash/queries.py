"""Reads of cash: what the omnibus account must come to, and what a day's file differed by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, select

from ledger.accounts.cash.models import (
    OPEN,
    SET_ASIDE,
    UNDER_WAY,
    ReceiptState,
    difference_table,
    movement_table,
    payout_table,
    receipt_table,
)
from ledger.accounts.cash.receipts import SUSPENSE
from ledger.accounts.models import BUCKETS, CASH, OMNIBUS, balance_table
from ledger.accounts.verbs import income
from ledger.writer.kinds import Row
from ledger.writer.store import plain

AVAILABLE = "available"
INCOME = income("")


def identity(connection: Connection) -> dict[str, int]:
    """Whose the cash of the omnibus account is, in fen, and by how much that fails to add up.

    ``difference`` is the omnibus account less all that it is made of. The others hold the
    balances against the acts that explain them: ``moved`` is the omnibus account less what came
    in and went out, ``unidentified`` suspense less the receipts that wait, ``under_way`` cash on
    its way out less the payouts that are. All four are zero on a sound record.
    """
    sums = dict.fromkeys(("available", "frozen", "income", "suspense", "in_payout"), 0)
    omnibus = below_zero = 0
    rows = connection.execute(select(balance_table).where(balance_table.c.asset == CASH))
    for row in rows.mappings():
        if row["account"] == OMNIBUS:
            omnibus = -sum(row[bucket] for bucket in BUCKETS)
            continue
        below_zero += sum(row[bucket] < 0 for bucket in BUCKETS)
        for bucket in BUCKETS:
            sums[_part(row["account"], bucket)] += row[bucket]
    moved = _sum(connection, select(func.sum(movement_table.c.signed_fen)))
    waits = receipt_table.c.state == ReceiptState.SUSPENSE
    waiting = _sum(connection, select(func.sum(receipt_table.c.amount_fen)).where(waits))
    going = payout_table.c.state.in_(UNDER_WAY)
    under_way = _sum(connection, select(func.sum(payout_table.c.amount_fen)).where(going))
    return {
        "omnibus": omnibus,
        **sums,
        "difference": omnibus - sum(sums.values()),
        "moved": omnibus - moved,
        "unidentified": sums["suspense"] - waiting,
        "under_way": sums["in_payout"] - under_way,
        "below_zero": below_zero,
    }


FAULTS = ("difference", "moved", "unidentified", "under_way", "below_zero")
"""What must be zero of the identity."""


def differences(connection: Connection, day: str | None = None) -> list[Row]:
    """The differences of a day, or all that are open."""
    table = difference_table
    query = select(table).order_by(table.c.date, table.c.number)
    where = table.c.state == OPEN if day is None else table.c.date == day
    return [plain(row) for row in connection.execute(query.where(where)).mappings()]


def _part(account: str, bucket: str) -> str:
    if bucket == SET_ASIDE:
        return "in_payout"
    if account == SUSPENSE:
        return "suspense"
    if account.endswith(INCOME):
        return "income"
    return "available" if bucket == AVAILABLE else "frozen"


def _sum(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(query).scalar() or 0)
