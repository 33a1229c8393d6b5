"""Changing stored rows behind the record's back, to see that the audit finds it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, Table, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError

from ledger.writer.tables import CanonicalJSON

STEPS = (1_000, 1, -1)


def tamper(connection: Connection, column: Column[Any], row: RowMapping) -> None:
    """Change one column of a row, by a small step where a large one breaks the table's rules.

    Raises IntegrityError where the table takes none; what was changed before stays changed.
    """
    for step in STEPS:
        try:
            with connection.begin_nested():
                return plant(connection, column, row, step)
        except IntegrityError:
            if step == STEPS[-1]:
                raise
    return None


def changed(column: Column[Any], value: Any, step: int) -> Any:
    if value is None:
        return 1 if isinstance(column.type, BigInteger | Integer) else "x"
    if isinstance(column.type, LargeBinary):
        return bytes([value[0] ^ 1]) + value[1:]
    if isinstance(column.type, CanonicalJSON):
        return [*value, "x"]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + step
    return f"{value[:-1]}~"  # a character that no stored text ends with


def plant(connection: Connection, column: Column[Any], row: RowMapping, step: int) -> None:
    """Change one column of one row; a large step may break a rule of the table itself."""
    table = column.table
    assert isinstance(table, Table)
    query = update(table).values({column.name: changed(column, row[column.name], step)})
    for key in table.primary_key.columns:
        query = query.where(key == row[key.name])
    if table.name == "party" and column.name == "status":
        query = query.values(status="closed")
    connection.execute(query)
