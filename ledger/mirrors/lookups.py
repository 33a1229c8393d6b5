"""What is on record of the things that an import is about to state, many at a time."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from ledger.mirrors.models import (
    asset_of,
    batch_table,
    end_table,
    holding_table,
    span_table,
    transaction_table,
)
from ledger.writer.store import batched


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
    for part in batched(names):
        rows = connection.execute(query.where(table.c.transaction.in_(part)))
        found.update((name, index) for name, index in rows)
    return found


def listed_batches(connection: Connection, registry: str, names: Iterable[str]) -> dict[str, int]:
    """The entries of those of these batches that the registry's own list has stated."""
    table = batch_table
    query = select(table.c.batch, table.c.index)
    query = query.where(table.c.registry == registry, table.c.origin == "listed")
    found: dict[str, int] = {}
    for part in batched(names):
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
    for part in batched(firsts):
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
        for part in batched(accounts):
            for row in connection.execute(query.where(table.c.account.in_(part))):
                found[unit, row.account] = row.quantity
    return found
