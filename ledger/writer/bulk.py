"""Many rows in one go: the drivers' own fast paths behind one interface.

SQLAlchemy compiles a statement's parameters row by row, which costs more than deciding the
statements that the rows come from.  Here a table's SQL is made once, and rows travel as the
driver likes them best: tuples for SQLite's ``executemany``; for PostgreSQL one array a column,
unnested by the server, with all tables of a turn in one pipeline (one round trip).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeDecorator

from ledger.writer.kinds import Key

POSTGRES = "postgresql"
_ARRAYS: tuple[tuple[type, str], ...] = (
    (Boolean, "boolean"),
    (BigInteger, "bigint"),
    (Integer, "integer"),
    (LargeBinary, "bytea"),
)


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that are not there; raises IntegrityError where one is."""
    _run(connection, "insert", table, rows)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows or replace those of the same key."""
    _run(connection, "upsert", table, rows)


def delete(connection: Connection, table: Table, keys: Sequence[Key]) -> None:
    """Delete rows by primary key."""
    names = [column.name for column in table.primary_key.columns]
    rows = [dict(zip(names, key, strict=True)) for key in keys]
    _run(connection, "delete", table, rows)


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """Send what is written inside without waiting for each answer, where the driver can.

    Raises OperationalError at the end for what the server refused.
    """
    if connection.dialect.name != POSTGRES:
        yield
        return
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise OperationalError("pipeline", None, error) from error


def _run(
    connection: Connection, action: str, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    if not rows:
        return
    sql, names, converters = _plan(action, table, connection.dialect)
    if connection.dialect.name == POSTGRES:
        columns = [[row[name] for row in rows] for name in names]
        for number, convert in converters:
            columns[number] = [convert(value) for value in columns[number]]
        connection.exec_driver_sql(sql, tuple(columns))
        return
    values = [tuple([row[name] for name in names]) for row in rows]
    for number, convert in converters:
        values = [(*v[:number], convert(v[number]), *v[number + 1 :]) for v in values]
    connection.exec_driver_sql(sql, values)


@lru_cache(maxsize=1_000)
def _plan(
    action: str, table: Table, dialect: Dialect
) -> tuple[str, tuple[str, ...], tuple[tuple[int, Any], ...]]:
    """The SQL of an action on a table, the columns it takes, and those to be converted."""
    quote = dialect.identifier_preparer.quote
    keys = [column.name for column in table.primary_key.columns]
    columns = [c for c in table.columns if action != "delete" or c.primary_key]
    names = tuple(str(column.name) for column in columns)
    listed = ", ".join(quote(name) for name in names)
    target = quote(table.name)
    postgres = dialect.name == POSTGRES
    arrays = ", ".join(f"%b::{_array(column.type)}[]" for column in columns)
    if action == "delete":
        if postgres:
            match = " AND ".join(f"{target}.{quote(n)} = gone.{quote(n)}" for n in names)
            sql = f"DELETE FROM {target} USING unnest({arrays}) AS gone({listed}) WHERE {match}"
        else:
            match = " AND ".join(f"{quote(name)} = ?" for name in names)
            sql = f"DELETE FROM {target} WHERE {match}"
    else:
        marks = ", ".join("?" for _ in names)
        source = f"SELECT * FROM unnest({arrays})" if postgres else f"VALUES ({marks})"
        sql = f"INSERT INTO {target} ({listed}) {source}"
    if action == "upsert":
        changed = ", ".join(f"{quote(n)} = excluded.{quote(n)}" for n in names if n not in keys)
        does = f"UPDATE SET {changed}" if changed else "NOTHING"
        sql += f" ON CONFLICT ({', '.join(quote(key) for key in keys)}) DO {does}"
    converters = []
    for number, column in enumerate(columns):
        if isinstance(column.type, TypeDecorator):
            convert = column.type.bind_processor(dialect)
            if convert is not None:
                converters.append((number, convert))
    return sql, names, tuple(converters)


def _array(kind: Any) -> str:
    for sort, name in _ARRAYS:
        if isinstance(kind, sort):
            return name
    return "text"
