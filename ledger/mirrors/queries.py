"""Reads of the mirrors room: the life of a foreign unit, and what a registry's units add up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from ledger.mirrors.cells import cell_of
from ledger.mirrors.models import (
    asset_of,
    batch_table,
    end_table,
    holding_table,
    project_table,
    span_table,
    transaction_table,
)
from ledger.mirrors.names import places

Row = dict[str, Any]
T = TypeVar("T")
BLOCKS_MAX = 200
CHUNK = 500


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


def has_transactions(connection: Connection, registry: str) -> bool:
    """Whether any transaction of a registry's accounts is on record."""
    table = transaction_table
    query = select(table.c.transaction).where(table.c.registry == registry).limit(1)
    return connection.execute(query).first() is not None


def known_transactions(
    connection: Connection, registry: str, names: Iterable[str]
) -> dict[str, int]:
    """The entries of those of these transactions that are on record."""
    table = transaction_table
    query = select(table.c.transaction, table.c.index).where(table.c.registry == registry)
    found: dict[str, int] = {}
    for part in batched(names, CHUNK):
        rows = connection.execute(query.where(table.c.transaction.in_(part)))
        found.update((name, index) for name, index in rows)
    return found


def listed_batches(connection: Connection, registry: str, names: Iterable[str]) -> dict[str, int]:
    """The entries of those of these batches that the registry's own list has stated."""
    table = batch_table
    query = select(table.c.batch, table.c.index)
    query = query.where(table.c.registry == registry, table.c.origin == "listed")
    found: dict[str, int] = {}
    for part in batched(names, CHUNK):
        rows = connection.execute(query.where(table.c.batch.in_(part)))
        found.update((name, index) for name, index in rows)
    return found


def ended_blocks(
    connection: Connection, registry: str, scope: str, firsts: Iterable[int]
) -> dict[str, int]:
    """The entries that ended blocks which begin with these numbers of a scope, by serial."""
    span, end = span_table, end_table
    query = select(end.c.serial, end.c.index).join(span, span.c.act == end.c.act)
    query = query.where(span.c.registry == registry, span.c.scope == scope)
    found: dict[str, int] = {}
    for part in batched(firsts, CHUNK):
        rows = connection.execute(query.where(span.c.first.in_(part)))
        found.update((serial, index) for serial, index in rows)
    return found


def balances(
    connection: Connection, registry: str, holdings: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """What mirrored accounts hold, by (unit, account), in whole units; those not zero."""
    table = holding_table
    by_unit: dict[str, list[str]] = {}
    for unit, account in holdings:
        by_unit.setdefault(unit, []).append(account)
    found: dict[tuple[str, str], int] = {}
    for unit, accounts in by_unit.items():
        asset = asset_of(registry, unit)
        query = select(table.c.account, table.c.quantity).where(table.c.asset == asset)
        for part in batched(accounts, CHUNK):
            for row in connection.execute(query.where(table.c.account.in_(part))):
                found[unit, row.account] = row.quantity
    return found


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most ``size``: a database takes only so many parameters."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
