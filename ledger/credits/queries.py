"""Reads of the credits room: the life of one serial, its locks, the identity of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from ledger.accounts.models import BUCKETS, CONTRA, balance_table
from ledger.credits.ending import RETIRED
from ledger.credits.locks import free_of, union
from ledger.credits.models import (
    LockState,
    batch_table,
    block_table,
    fate_table,
    retirement_table,
    serial_lock_table,
)
from ledger.credits.serials import Span, count, parse_serial, split
from ledger.projects.models import project_table, report_table

Row = dict[str, Any]
PAGE = 500
"""How many balances are asked about at once."""


@dataclass(frozen=True)
class Trace:
    """Where a unit came from and what became of it; living holders are not shown.

    ``locks`` are those that stand on it now.
    """

    serial: str
    state: str
    batch: Row
    project: Row
    report: Row
    retirement: Row | None
    locks: list[Row]


def trace(connection: Connection, serial: str) -> Trace | None:
    """The public life of a unit, or None where no such unit was issued.

    Raises ValueError ``serial-malformed``.
    """
    name, number = parse_serial(serial)
    batch = _one(connection, select(batch_table).where(batch_table.c.batch == name))
    if batch is None or number > batch["issued"]:
        return None
    project = _one(
        connection, select(project_table).where(project_table.c.project == batch["project"])
    )
    report = _one(connection, select(report_table).where(report_table.c.report == batch["report"]))
    # Spans never overlap, so that only the nearest one that begins before can hold the unit.
    fate = _one(
        connection,
        select(fate_table)
        .where(fate_table.c.batch == name, fate_table.c.first <= number)
        .order_by(fate_table.c.first.desc())
        .limit(1),
    )
    if fate is not None and fate["last"] < number:
        fate = None
    retirement = None
    if fate is not None and fate["fate"] == RETIRED:
        wanted = retirement_table.c.retirement == fate["act"]
        retirement = _one(connection, select(retirement_table).where(wanted))
    state = fate["fate"] if fate else "held"
    locks = standing_locks(connection, name, number)
    return Trace(serial, state, batch, project or {}, report or {}, retirement, locks)


def standing_locks(connection: Connection, batch: str, number: int | None = None) -> list[Row]:
    """The locks that stand on serials of a batch, or on one of them, by first serial."""
    table = serial_lock_table
    query = _standing(table).where(table.c.batch == batch).order_by(table.c.first, table.c.lock)
    if number is not None:
        query = query.where(table.c.first <= number, table.c.last >= number)
    return [dict(row) for row in connection.execute(query).mappings()]


def _standing(*columns: Any) -> Select[Any]:
    return select(*columns).where(serial_lock_table.c.state == LockState.STANDING)


def locked_of(connection: Connection, batch: str) -> int:
    """How many serials of a batch are locked."""
    locks = standing_locks(connection, batch)
    return count(union((row["first"], row["last"]) for row in locks))


def transferable_of(connection: Connection, balances: Sequence[Row]) -> list[dict[str, int]]:
    """Of each balance of credits: how many units are locked, and how many may be given.

    Two queries for up to ``PAGE`` balances, and one where no lock stands.
    """
    told = []
    for start in range(0, len(balances), PAGE):
        page = balances[start : start + PAGE]
        locked = _locked_of(connection, page)
        for row in page:
            units = locked.get((row["account"], row["asset"]), 0)
            told.append({"locked": units, "transferable": free_of(row, units)})
    return told


def _locked_of(connection: Connection, balances: Sequence[Row]) -> dict[tuple[str, str], int]:
    """How many locked serials each account holds of a batch; of what has none, nothing."""
    lock, block = serial_lock_table.c, block_table.c
    marks: dict[str, list[Span]] = {}
    locks = _standing(lock.batch, lock.first, lock.last).where(
        lock.batch.in_(sorted({row["asset"] for row in balances}))
    )
    for batch, first, last in connection.execute(locks):
        marks.setdefault(batch, []).append((first, last))
    if not marks:
        return {}
    held: dict[tuple[str, str], list[Span]] = {}
    blocks = select(block.account, block.batch, block.first, block.last).where(
        block.batch.in_(sorted(marks)),
        block.account.in_(sorted({row["account"] for row in balances})),
    )
    for account, batch, first, last in connection.execute(blocks.order_by(block.first)):
        held.setdefault((account, batch), []).append((first, last))
    unions = {batch: union(spans) for batch, spans in marks.items()}
    return {place: count(split(spans, unions[place[1]])[1]) for place, spans in held.items()}


def identity(connection: Connection, batch: str) -> dict[str, int]:
    """The reconciliation identity of a batch: issued, and what it is now.

    ``issued`` equals the sum of all other figures (DESIGN.md §3, Accounts); ``difference``
    is what is missing, and must be 0.
    """
    row = _one(connection, select(batch_table).where(batch_table.c.batch == batch))
    if row is None:
        return {}
    figures = {"issued": int(row["issued"])}
    for side in ("registry", "trading"):
        query = select(
            *(func.coalesce(func.sum(balance_table.c[b]), 0).label(b) for b in BUCKETS)
        ).where(
            balance_table.c.asset == batch,
            balance_table.c.account.like(f"%/{side}"),
            balance_table.c.account.not_like(f"{CONTRA}%"),
        )
        sums = connection.execute(query).mappings().one()
        figures.update({f"{side}_{bucket}": int(sums[bucket]) for bucket in BUCKETS})
    figures["retired"], figures["cancelled"] = int(row["retired"]), int(row["cancelled"])
    parts = sum(figures.values()) - figures["issued"]
    figures["difference"] = figures["issued"] - parts
    return figures


def public_identity(connection: Connection, batch: str) -> dict[str, int]:
    """The identity as anyone may see it: living units in one sum.

    The states of living units follow from transfers and orders; told apart, they would tie
    these to whoever holds the batch.
    """
    figures = identity(connection, batch)
    if not figures:
        return {}
    ended = ("issued", "retired", "cancelled", "difference")
    living = sum(value for name, value in figures.items() if name not in ended)
    told = {"issued": figures["issued"], "held": living}
    return {**told, **{name: figures[name] for name in ended[1:]}}


def _one(connection: Connection, query: Any) -> Row | None:
    found = connection.execute(query).mappings().first()
    return None if found is None else dict(found)
