"""Reads of the mirrors room: the life of a foreign unit, and what a registry's units add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from ledger.mirrors.cells import cell_of
from ledger.mirrors.models import batch_table, end_table, project_table, span_table
from ledger.mirrors.names import places

Row = dict[str, Any]
BLOCKS_MAX = 200


@dataclass(frozen=True)
class MirrorTrace:
    """What another registry says of a unit or block; who holds a living one is not shown.

    ``state`` is ``held``, ``retired`` or ``cancelled``, or ``mixed`` for a block whose units
    have come to different ends.
    """

    serial: str
    mirror: bool
    registry: str
    state: str
    batch: Row
    project: Row
    blocks: list[Row]
    ends: list[Row]


def trace(connection: Connection, serial: str) -> MirrorTrace | None:
    """The mirrored life of a foreign serial, or None where no mirror knows it."""
    table = span_table
    for scope, first, last in places(serial):
        query = (
            select(table)
            .where(table.c.scope == scope)
            .where(table.c.cell.between(cell_of(first), cell_of(last)))
            .where(table.c.first <= last, table.c.last >= first)
            .order_by(table.c.registry, table.c.first)
            .limit(BLOCKS_MAX)
        )
        spans = [dict(row) for row in connection.execute(query).mappings()]
        if spans:
            return _told(
                connection, serial, [r for r in spans if r["registry"] == spans[0]["registry"]]
            )
    return None


def _told(connection: Connection, serial: str, spans: list[Row]) -> MirrorTrace:
    registry, name = spans[0]["registry"], spans[0]["batch"]
    batch = batch_row(connection, registry, name) or {}
    project = project_row(connection, registry, batch["project"]) if batch else None
    acts = {row["act"] for row in spans}
    query = select(end_table).where(end_table.c.act.in_(sorted(acts))).order_by(end_table.c.index)
    ends = [dict(row) for row in connection.execute(query).mappings()]
    states = {row["state"] for row in spans}
    return MirrorTrace(
        serial,
        True,
        registry,
        states.pop() if len(states) == 1 else "mixed",
        batch,
        project or {},
        [{name: row[name] for name in ("scope", "first", "last", "state")} for row in spans],
        ends,
    )


def batch_row(connection: Connection, registry: str, batch: str) -> Row | None:
    """One mirrored batch."""
    table = batch_table
    query = select(table).where(table.c.registry == registry, table.c.batch == batch)
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def project_row(connection: Connection, registry: str, project: str) -> Row | None:
    """One mirrored project."""
    table = project_table
    query = select(table).where(table.c.registry == registry, table.c.project == project)
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def ends_of(connection: Connection, registry: str, batch: str, limit: int) -> list[Row]:
    """Retirements and cancellations of a mirrored batch, newest first."""
    table = end_table
    query = select(table).where(table.c.registry == registry, table.c.batch == batch)
    query = query.order_by(table.c.index.desc()).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def totals(connection: Connection) -> list[Row]:
    """Per registry and unit: batches, and the units listed, retired and cancelled."""
    table = batch_table
    sums = [func.sum(table.c[name]).label(name) for name in ("listed", "retired", "cancelled")]
    query = select(table.c.registry, table.c.unit, func.count().label("batches"), *sums)
    query = query.group_by(table.c.registry, table.c.unit).order_by(table.c.registry, table.c.unit)
    return [
        {**row, **{name: int(row[name]) for name in ("listed", "retired", "cancelled")}}
        for row in connection.execute(query).mappings()
    ]
