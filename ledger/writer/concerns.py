"""Which entries concern a party: its own statements, and those of others that touch its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select, union

from ledger.writer import tables
from ledger.writer.store import ROWS_PAGE, SEGMENTS_PAGE, StoredEntry, segments_entries


class Concerning(NamedTuple):
    """An entry that concerns a party, with whose statement it is."""

    entry: StoredEntry
    id: str
    author: str
    type: str


def concerning(connection: Connection, party: str, first: int, stop: int) -> Iterator[Concerning]:
    """Entries ``first`` to ``stop`` (exclusive) that concern a party, in order.

    Only segments that hold such an entry are read, a few at a time.
    """
    after = first - 1
    while True:
        rows = connection.execute(_page(party, after, stop)).mappings().all()
        wanted = {row["index"]: row for row in rows}
        firsts = sorted({row["segment"] for row in rows})
        for start in range(0, len(firsts), SEGMENTS_PAGE):
            for entry in segments_entries(connection, firsts[start : start + SEGMENTS_PAGE]):
                if row := wanted.get(entry.index):
                    yield Concerning(entry, row["id"], row["party"], row["type"])
        if len(rows) < ROWS_PAGE:
            return
        after = rows[-1]["index"]


def entered_since(connection: Connection, at: int, size: int) -> int:
    """The index of the first entry at or after an instant (UTC ms); ``size`` where there is none.

    Entries' times never fall, so that the segments can be halved again and again.
    """
    segment = tables.segment.c
    low, high = 0, size  # all below ``low`` are older, and ``high`` is not
    while low < high:
        middle = (low + high) // 2
        query = select(segment.first, segment.count, segment.at).where(segment.first <= middle)
        row = connection.execute(query.order_by(segment.first.desc()).limit(1)).one()
        if row.at < at:
            low = row.first + row.count
        else:
            high = row.first
    return low


def _page(party: str, after: int, stop: int) -> Select[Any]:
    """The next indexes with their statements and segments; each branch walks its own index."""
    statement, concern, segment = tables.statement, tables.concern, tables.segment
    branches = [
        select(
            select(table.c.index)
            .where(table.c.party == party, table.c.index > after, table.c.index < stop)
            .order_by(table.c.index)
            .limit(ROWS_PAGE)
            .subquery()
        )
        for table in (statement, concern)
    ]
    found = union(*branches).subquery()
    holds = (
        select(func.max(segment.c.first)).where(segment.c.first <= found.c.index).scalar_subquery()
    )
    return (
        select(statement, holds.label("segment"))
        .join(found, found.c.index == statement.c.index)
        .order_by(statement.c.index)
        .limit(ROWS_PAGE)
    )
