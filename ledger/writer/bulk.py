"""Many rows in one go, and rows by key: the drivers' own fast paths behind one interface.

SQLAlchemy compiles a statement's parameters row by row, which costs more than deciding the
statements that the rows come from.  Here a table's SQL is made once, and rows travel as is
cheapest: tuples for SQLite's ``executemany``; for PostgreSQL one JSON text for all rows of a
table, taken apart by the server, with all tables of a turn in one pipeline (one round trip).
Rows with binary columns, few and large, go one by one.  What SQLAlchemy does around each execution
would be a third of a small turn, so rows go to the driver's own cursor, and the few that a decision
reads by their key come from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.types import TypeDecorator

from ledger.writer.kinds import Key

POSTGRES = "postgresql"
_TYPES: tuple[tuple[type, str], ...] = (
    (Boolean, "boolean"),
    (BigInteger, "bigint"),
    (Integer, "integer"),
)


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that are not there; raises IntegrityError where one is."""
    _run(connection, "insert", table, rows)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows or replace those of the same key."""
    _run(connection, "upsert", table, rows)


def grow(
    connection: Connection, table: Table, column: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows, or add to a column of those of the same key."""
    _run(connection, f"grow {column}", table, rows)


def delete(connection: Connection, table: Table, keys: Sequence[Key]) -> None:
    """Delete rows by primary key."""
    names = [column.name for column in table.primary_key.columns]
    rows = [dict(zip(names, key, strict=True)) for key in keys]
    _run(connection, "delete", table, rows)


def read(
    connection: Connection, table: Table, columns: Sequence[str], values: Sequence[Any]
) -> list[dict[str, Any]]:
    """The rows of a table with these values in these columns, in no order, under plain names.

    It begins a transaction where none has begun, as a read through SQLAlchemy does.
    """
    if not connection.in_transaction():
        connection.begin()
    plan = _reading(table, tuple(columns), connection.dialect)
    driver: Any = connection.connection.driver_connection
    asked = [str(value) if isinstance(value, str) else value for value in values]
    with _told_alike(connection, plan.sql):
        found = driver.execute(plan.sql, asked).fetchall()
    rows = [dict(zip(plan.names, row, strict=True)) for row in found]
    for name, convert in plan.converters:
        for row in rows:
            row[name] = convert(row[name])
    return rows


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
    plan = _plan(action, table, connection.dialect)
    if plan.as_json:
        held = [{name: row[name] for name in plan.names} for row in rows]
        for name, convert in plan.converters:
            for row in held:
                row[name] = convert(row[name])
        _send(connection, plan.sql, [(orjson.dumps(held).decode(),)])
        return
    values = [tuple([row[name] for name in plan.names]) for row in rows]
    for name, convert in plan.converters:
        at = plan.names.index(name)
        values = [(*v[:at], convert(v[at]), *v[at + 1 :]) for v in values]
    _send(connection, plan.sql, values)


def _send(connection: Connection, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run a statement for each row on the driver itself."""
    driver: Any = connection.connection.driver_connection
    with _told_alike(connection, sql):
        if len(rows) == 1:
            driver.execute(sql, rows[0])
        elif connection.dialect.name == POSTGRES:
            driver.cursor().executemany(sql, rows)
        else:
            driver.executemany(sql, rows)


@contextmanager
def _told_alike(connection: Connection, sql: str) -> Iterator[None]:
    """The driver's errors come out as SQLAlchemy's."""
    dbapi = connection.dialect.loaded_dbapi
    try:
        yield
    except dbapi.IntegrityError as error:
        raise IntegrityError(sql, None, error) from error
    except dbapi.Error as error:
        raise OperationalError(sql, None, error) from error


@dataclass(frozen=True)
class _Plan:
    """SQL of an action on a table, the columns it takes, those converted, and how rows travel."""

    sql: str
    names: tuple[str, ...]
    converters: tuple[tuple[str, Any], ...]
    as_json: bool


@lru_cache(maxsize=1_000)
def _plan(action: str, table: Table, dialect: Dialect) -> _Plan:
    quote = dialect.identifier_preparer.quote
    columns = [c for c in table.columns if action != "delete" or c.primary_key]
    names = tuple(str(column.name) for column in columns)
    postgres = dialect.name == POSTGRES
    as_json = postgres and not any(isinstance(c.type, LargeBinary) for c in columns)
    mark = "%s" if postgres else "?"
    typed = ", ".join(f"{quote(c.name)} {_type(c.type)}" for c in columns)
    records = f"json_to_recordset({mark}::json) AS given({typed})"
    target = quote(table.name)
    if action == "delete":
        if as_json:
            match = " AND ".join(f"{target}.{quote(n)} = given.{quote(n)}" for n in names)
            sql = f"DELETE FROM {target} USING {records} WHERE {match}"
        else:
            match = " AND ".join(f"{quote(name)} = {mark}" for name in names)
            sql = f"DELETE FROM {target} WHERE {match}"
    else:
        marks = ", ".join(mark for _ in names)
        source = f"SELECT * FROM {records}" if as_json else f"VALUES ({marks})"
        sql = f"INSERT INTO {target} ({', '.join(map(quote, names))}) {source}"
    if action.startswith(("upsert", "grow")):
        keys = [column.name for column in table.primary_key.columns]
        if action == "upsert":
            changed = ", ".join(f"{quote(n)} = excluded.{quote(n)}" for n in names if n not in keys)
        else:
            name = quote(action.removeprefix("grow "))
            changed = f"{name} = {target}.{name} + excluded.{name}"
        does = f"UPDATE SET {changed}" if changed else "NOTHING"
        sql += f" ON CONFLICT ({', '.join(quote(key) for key in keys)}) DO {does}"
    found = [(n, _converter(c.type, dialect)) for n, c in zip(names, columns, strict=True)]
    return _Plan(sql, names, tuple((n, c) for n, c in found if c is not None), as_json)


@lru_cache(maxsize=1_000)
def _reading(table: Table, by: tuple[str, ...], dialect: Dialect) -> _Plan:
    """SQL that reads all columns of a table by some, and what makes values of the driver's."""
    quote = dialect.identifier_preparer.quote
    mark = "%s" if dialect.name == POSTGRES else "?"
    names = tuple(str(column.name) for column in table.columns)
    match = " AND ".join(f"{quote(name)} = {mark}" for name in by)
    sql = f"SELECT {', '.join(map(quote, names))} FROM {quote(table.name)}"
    sql += f" WHERE {match}" if by else ""
    found = [(n, _made_of(table.c[n].type, dialect)) for n in names]
    return _Plan(sql, names, tuple((n, c) for n, c in found if c is not None), False)


def _made_of(kind: Any, dialect: Dialect) -> Any:
    """What makes a value of what the driver gives, or None where that is the value."""
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _converter(kind: Any, dialect: Dialect) -> Any:
    return kind.bind_processor(dialect) if isinstance(kind, TypeDecorator) else None


def _type(kind: Any) -> str:
    for sort, name in _TYPES:
        if isinstance(kind, sort):
            return name
    return "text"
