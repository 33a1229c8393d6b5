"""Proved balances in the words of a page: what each account held, in each state, in tonnes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from ledger.accounts.models import BUCKETS, CASH
from ledger.credits.mass import mass_of
from ledger.credits.models import BATCH
from ledger.projects.models import PROJECT
from ledger.writer.store import Rows
from portal.proofs.previewing import mass_told


def rows_told(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Committed rows with their side, what the asset is, the sum over all states, and the mass.

    ``units`` are texts: credits with thousands set apart, cash in yuan.
    """
    return [_told(Rows(connection), row) for row in rows]


def _told(rows: Rows, row: Mapping[str, Any]) -> dict[str, Any]:
    cash, total = row["asset"] == CASH, sum(row[bucket] for bucket in BUCKETS)
    batch = None if cash else rows.row(BATCH, (row["asset"],))
    mass = None if batch is None else mass_of(rows.connection, batch)
    return {
        "account": row["account"],
        "side": row["account"].rpartition("/")[2],
        "asset": row["asset"],
        "cash": cash,
        "batch": batch,
        "project": None if batch is None else rows.row(PROJECT, (batch["project"],)),
        "units": {bucket: amount(row[bucket], cash) for bucket in BUCKETS},
        "total": amount(total, cash),
        "mass": mass_told(mass, total),
    }


def amount(units: int, cash: bool) -> str:
    """Credits with thousands set apart, or fen as yuan."""
    if not cash:
        return f"{units:,}"
    sign, fen = "−" if units < 0 else "", abs(units)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"
