"""Reads of the mirrors room: the life of a foreign unit, and what a registry's units add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from ledger.mirrors.cells import cell_of
from ledger.mirrors.models import (
    batch_table,
    end_table,
    project_table,
    registry_table,
    span_table,
    transaction_table,
)
from ledger.mirrors.names import places
from ledger.mirrors.spans import HELD

Row = dict[str, Any]
BLOCKS_MAX = 200
COUNTED = ("listed", "retired", "cancelled")


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
    acts = {row["act"] for row in spans if row["state"] != HELD}
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
    return _sums(connection)


def _sums(connection: Connection, *chosen: ColumnElement[bool]) -> list[Row]:
    table = batch_table
    sums = [func.sum(table.c[name]).label(name) for name in COUNTED]
    query = select(table.c.registry, table.c.unit, func.count().label("batches"), *sums)
    query = query.where(*chosen).group_by(table.c.registry, table.c.unit)
    query = query.order_by(table.c.registry, table.c.unit)
    return [
        {**row, **{name: int(row[name]) for name in COUNTED}}
        for row in connection.execute(query).mappings()
    ]


def projects_named(connection: Connection, name: str) -> list[Row]:
    """Projects of any mirrored registry that a text names: ``REGISTRY:PROJECT``, or its own id."""
    head, colon, rest = name.partition(":")
    if colon and (row := project_row(connection, head, rest)) is not None:
        return [row]
    registries = connection.scalars(select(registry_table.c.registry)).all()
    table = project_table
    query = select(table).where(table.c.registry.in_(registries), table.c.project == name)
    return [dict(row) for row in connection.execute(query).mappings()]


def batches_of(registry: str, project: str) -> Select[Any]:
    """The batches of a mirrored project."""
    table = batch_table
    return select(table).where(table.c.registry == registry, table.c.project == project)


def spans_of(registry: str, project: str) -> Select[Any]:
    """The spans of serials of a mirrored project: a block is cut where a cell ends."""
    table, batch = span_table, batches_of(registry, project).with_only_columns(batch_table.c.batch)
    return select(table).where(table.c.registry == registry, table.c.batch.in_(batch))


def ends_in(registry: str, project: str) -> Select[Any]:
    """Retirements and cancellations of a mirrored project's units."""
    table, batch = end_table, batches_of(registry, project).with_only_columns(batch_table.c.batch)
    return select(table).where(table.c.registry == registry, table.c.batch.in_(batch))


def figures_of(connection: Connection, registry: str, project: str) -> list[Row]:
    """Per unit of a mirrored project: batches, and the units listed, retired and cancelled."""
    chosen = (batch_table.c.registry == registry, batch_table.c.project == project)
    return _sums(connection, *chosen)


def blocks(connection: Connection, query: Select[Any], limit: int) -> list[Row]:
    """The first spans of a query by number, joined again where a cell's border cut them."""
    table = span_table
    query = query.order_by(table.c.scope, table.c.first).limit(limit)
    joined: list[Row] = []
    for row in connection.execute(query).mappings():
        before = joined[-1] if joined else None
        same = before is not None and all(before[n] == row[n] for n in ("scope", "state", "act"))
        if before is not None and same and before["last"] + 1 == row["first"]:
            before["last"] = row["last"]
        else:
            joined.append(dict(row))
    return joined


def transaction_totals(connection: Connection) -> list[Row]:
    """Per registry whose accounts are mirrored: transactions, legs, units moved."""
    table = transaction_table
    sums = [func.sum(table.c[name]).label(name) for name in ("legs", "quantity")]
    query = select(table.c.registry, func.count().label("transactions"), *sums)
    query = query.group_by(table.c.registry).order_by(table.c.registry)
    return [
        {**row, "legs": int(row["legs"]), "quantity": int(row["quantity"])}
        for row in connection.execute(query).mappings()
    ]
