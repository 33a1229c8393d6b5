"""How many units a party retired or was issued in a time, by class, as known at a log size."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from incentives.errors import QueryUnrecorded
from ledger.credits.models import BATCH, ISSUANCE, RETIREMENT, batch_table, retirement_table
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from ledger.writer.store import read_entry

Span = tuple[int, int]
"""From one instant until before another, UTC ms."""


def retired(connection: Connection, party: str, kind: str, span: Span, size: int) -> int:
    """Units of a class that a party retired, from the tables."""
    row, batch = retirement_table.c, batch_table.c
    query = select(func.coalesce(func.sum(row.quantity), 0))
    query = query.join(batch_table, row.batch == batch.batch)
    query = query.where(row.party == party, batch["class"] == kind, row.index < size)
    query = query.where(row.at >= span[0], row.at < span[1])
    return int(connection.execute(query).scalar_one())


def retired_to(context: Context, party: str, kind: str, span: Span, size: int) -> int:
    """The same while a decision of a confidential type is being made."""
    rows = (context.need(RETIREMENT, *key) for key in context.children(RETIREMENT, "party", party))
    return sum(
        row["quantity"]
        for row in rows
        if row["index"] < size
        and span[0] <= row["at"] < span[1]
        and context.need(BATCH, row["batch"])["class"] == kind
    )


def issued(connection: Connection, party: str, kind: str, span: Span, size: int) -> int:
    """Units of a class that were issued to a party, from the tables."""
    return sum(_issued(connection, party, kind, span, size))


def _issued(connection: Connection, party: str, kind: str, span: Span, size: int) -> Iterator[int]:
    batch = batch_table.c
    query = select(batch.issued, batch.index)
    query = query.where(batch.owner == party, batch["class"] == kind, batch.index < size)
    for amount, index in connection.execute(query):
        entry = read_entry(connection, index)
        if entry is not None and span[0] <= entry.at < span[1]:
            yield amount


def issued_to(context: Context, party: str, kind: str, span: Span, size: int) -> list[Row]:
    """The batches of a class that were issued to a party, while a decision is being made.

    Raises QueryUnrecorded where a batch of the party does not say when it was issued, even one that
    is not asked for: when the question is put again later, it would be.
    """
    found = []
    for key in context.children(BATCH, "owner", party):
        row = context.need(BATCH, *key)
        if row["class"] != kind:
            continue
        issue = context.get(ISSUANCE, *key)
        if issue is None:
            raise QueryUnrecorded("query-unrecorded")
        if row["index"] < size and span[0] <= issue["at"] < span[1]:
            found.append(row)
    return found
