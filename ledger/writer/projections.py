"""Projection tables against a replayed state: compare, or fill again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection

from ledger.writer.kinds import Kind, Row
from ledger.writer.state import State
from ledger.writer.store import pages, plain, write_rows


def differences(
    connection: Connection,
    kind: Kind,
    state: State,
    concerned: Callable[[Row], bool] = lambda row: True,
) -> Iterator[dict[str, Any]]:
    """Every row, or column of a row, in which table and state are not the same.

    Only rows that are ``concerned`` are compared, those of the state and those of the table.
    """
    wanted = {key: row for key, row in state.rows(kind).items() if concerned(row)}
    for stored in pages(connection, kind.table, *kind.key):
        row = plain(stored)
        if not concerned(row):
            continue
        key = kind.key_of(row)
        expected = wanted.pop(key, None)
        if expected is None:
            yield {"key": list(key), "column": None}
            continue
        for column, value in row.items():
            if expected.get(column) != value:
                yield {"key": list(key), "column": column}
    for key in wanted:
        yield {"key": list(key), "column": None}


def refill(connection: Connection, kind: Kind, state: State) -> int:
    """Replace a table's rows by those of the state; gives their number."""
    connection.execute(kind.table.delete())
    rows = list(state.rows(kind).values())
    write_rows(connection, kind, rows, [])
    return len(rows)
