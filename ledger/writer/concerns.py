"""Which entries concern a party: its own statements, and those of others that touch its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
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

    Only segments that hold such an entry are read, a few at a time, and each of them once.
    """
    segments = groupby(_rows(connection, party, first, stop), itemgetter(0))
    while few := [(segment, list(rows)) for segment, rows in islice(segments, SEGMENTS_PAGE)]:
        wanted = {row[1]: row for _, rows in few for row in rows}
        for entry in segments_entries(connection, [segment for segment, _ in few], wanted):
            yield Concerning(entry, *wanted[entry.index][2:])


def _rows(connection: Connection, party: str, first: int, stop: int) -> Iterator[Sequence[Any]]:
    """Segment, index, id, author and type of the statements that concern a party, in order."""
    after = first - 1
    while True:
        rows = connection.execute(_page(party, after, stop)).all()
        yield from rows
        if len(rows) < ROWS_PAGE:
            return
        after = rows[-1][1]


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
        select(holds, statement.c.index, statement.c.id, statement.c.party, statement.c.type)
        .join(found, found.c.index == statement.c.index)
        .order_by(statement.c.index)
        .limit(ROWS_PAGE)
    )
