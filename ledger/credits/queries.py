"""Reads of the credits room: the life of one serial, and the identity of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from ledger.accounts.models import BUCKETS, CONTRA, balance_table
from ledger.credits.models import batch_table, fate_table, retirement_table
from ledger.credits.serials import parse_serial
from ledger.projects.models import project_table, report_table

Row = dict[str, Any]


@dataclass(frozen=True)
class Trace:
    """Where a unit came from and what became of it; living holders are not shown."""

    serial: str
    state: str
    batch: Row
    project: Row
    report: Row
    retirement: Row | None


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
    if fate is not None:
        wanted = retirement_table.c.retirement == fate["act"]
        retirement = _one(connection, select(retirement_table).where(wanted))
    state = fate["fate"] if fate else "held"
    return Trace(serial, state, batch, project or {}, report or {}, retirement)


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
