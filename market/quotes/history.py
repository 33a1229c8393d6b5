"""The tape and the days as they are downloaded: piece by piece, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, select, tuple_

from ledger.writer.kinds import Kind, Row

PIECE = 1_000
Reading = Callable[[], AbstractContextManager[Connection]]


def rows_of(reading: Reading, kind: Kind, code: str | None, days: tuple[str, str]) -> Iterator[Row]:
    """Rows with a date from one day to another, in the order of their key.

    Each piece has a transaction of its own, so that a slow reader holds none.  ``kind`` has the
    columns ``instrument`` and ``date``.
    """
    table = kind.table
    keys = [table.c[name] for name in kind.key]
    query = select(table).where(table.c.date >= days[0], table.c.date <= days[1])
    if code is not None:
        query = query.where(table.c.instrument == code)
    query = query.order_by(*keys).limit(PIECE)
    after: tuple[Any, ...] | None = None
    while True:
        further = query if after is None else query.where(tuple_(*keys) > tuple_(*after))
        with reading() as connection:
            piece = [dict(row) for row in connection.execute(further).mappings()]
        yield from piece
        if len(piece) < PIECE:
            return
        after = kind.key_of(piece[-1])
