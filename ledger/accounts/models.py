"""Balances: what each account holds of each asset, by state of the units."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from ledger.writer.kinds import Key, Kind, Row
from ledger.writer.tables import metadata

BUCKETS = ("available", "frozen", "bought", "in_transfer", "pledged")
"""The states of the reconciliation identity (DESIGN.md §3, Accounts)."""

balance_table = Table(
    "balance",
    metadata,
    Column("account", String(80), primary_key=True),
    Column("asset", String(80), primary_key=True),
    *(Column(name, BigInteger, nullable=False, default=0) for name in BUCKETS),
)

CONTRA = "@"
CASH = "CNY"
OMNIBUS = "bank/omnibus"


def owner(account: str) -> str:
    """The party of an account; the public for contra accounts of units."""
    return "" if account.startswith(CONTRA) else account.partition("/")[0]


def _parties(row: Row) -> tuple[str, ...]:
    return (owner(row["account"]),)


def _contra(key: Key) -> bool:
    return str(key[0]).startswith(CONTRA) or key[0] == OMNIBUS


BALANCE = Kind(
    "balance",
    balance_table,
    parties=_parties,
    groups={"account": ("account",), "asset": ("asset",), "all": ()},
    deltas=BUCKETS,
    conserved="asset",
    floor_free=_contra,
)
