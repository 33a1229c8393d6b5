"""Projection tables against a replayed state: compare, or fill again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from ledger.writer import bulk, tables
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


def totals(sums: Mapping[tuple[str, Any], int]) -> list[Row]:
    """Sums by kind and value as rows of the table of tallies; a sum of nothing has none."""
    return [
        {"kind": kind, "value": value, "total": total}
        for (kind, value), total in sorted(sums.items())
        if total
    ]


def tallied(kinds: Iterable[Kind], state: State) -> list[Row]:
    """The rows that the table of tallies must have for the rows of a state."""
    sums: dict[tuple[str, Any], int] = {}
    for kind in kinds:
        if kind.tally is not None:
            for row in state.rows(kind).values():
                place = (kind.name, row[kind.tally.by])
                sums[place] = sums.get(place, 0) + row[kind.tally.of]
    return totals(sums)


def tally_differences(
    connection: Connection, kinds: Iterable[Kind], state: State
) -> Iterator[dict[str, Any]]:
    """Every tally that is not the sum of the state's rows."""
    table = tables.tally
    wanted = {(row["kind"], row["value"]): row["total"] for row in tallied(kinds, state)}
    for row in pages(connection, table, "kind", "value"):
        key = (row["kind"], row["value"])
        if wanted.pop(key, 0) != row["total"]:
            yield {"key": list(key), "column": "total"}
    for key in wanted:
        yield {"key": list(key), "column": None}


def refill_tallies(connection: Connection, kinds: Iterable[Kind], state: State) -> int:
    """Replace the table of tallies by the sums of a state's rows; gives the number of rows."""
    connection.execute(tables.tally.delete())
    rows = tallied(kinds, state)
    bulk.insert(connection, tables.tally, rows)
    return len(rows)
