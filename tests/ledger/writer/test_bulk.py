"""Bulk writes leave the same rows as statement by statement, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, Connection, MetaData, String, Table, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from ledger.credits.models import BLOCK, retirement_table
from ledger.projects.steps_models import notice_table
from ledger.writer import bulk, tables
from ledger.writer.database import open_database
from ledger.writer.errors import BrokenInvariant
from ledger.writer.state import Nothing, State

pytestmark = pytest.mark.database


@pytest.fixture
def connection(migrated_database_url: str) -> Iterator[Connection]:
    engine = open_database(migrated_database_url, writer=True)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def retirement(name: str, **more: Any) -> dict[str, Any]:
    """A row with a text, a JSON column and large integers."""
    return {
        "retirement": name,
        "party": "owner",
        "batch": "B",
        "quantity": 2**53 - 1,
        "purpose": "public-good",
        "beneficiary": '汉字 "quoted", {braces} \\ back',
        "blocks": [[1, 2], [5, 9]],
        "at": 1,
        "index": 7,
        **more,
    }


def stored(connection: Connection, table: Any) -> list[dict[str, Any]]:
    query = select(table).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(query).mappings()]


@pytest.mark.parametrize("count", [1, 3])
def test_inserted_rows_read_back_as_they_were_given(connection: Connection, count: int) -> None:
    rows = [retirement(f"r{n}") for n in range(count)]
    bulk.insert(connection, retirement_table, rows)
    assert stored(connection, retirement_table) == rows


def test_bytes_and_nulls_of_every_row_arrive(connection: Connection) -> None:
    rows = [
        {
            "index": n,
            "name": "scan",
            "digest": "d" * 64,
            "media_type": None if n else "text/plain",
            "salt": None,
            "content": None if n == 1 else bytes(range(256)),
        }
        for n in range(3)
    ]
    bulk.insert(connection, tables.attachment, rows)
    assert stored(connection, tables.attachment) == rows


def test_upsert_replaces_rows_of_the_same_key_and_keeps_others(connection: Connection) -> None:
    bulk.upsert(connection, retirement_table, [retirement("a"), retirement("b")])
    bulk.upsert(connection, retirement_table, [retirement("b", quantity=5), retirement("c")])
    quantities = [row["quantity"] for row in stored(connection, retirement_table)]
    assert quantities == [2**53 - 1, 5, 2**53 - 1]


def test_grow_adds_to_the_column_of_a_row_that_is_there(connection: Connection) -> None:
    def row(value: str, total: int) -> dict[str, Any]:
        return {"kind": "k", "value": value, "total": total}

    bulk.grow(connection, tables.tally, "total", [row("a", 5), row("b", 1)])
    bulk.grow(connection, tables.tally, "total", [row("b", -3), row("c", 7)])
    assert stored(connection, tables.tally) == [row("a", 5), row("b", -2), row("c", 7)]


def test_delete_takes_the_named_keys_alone(connection: Connection) -> None:
    rows = [{"batch": "B", "first": n, "last": n, "account": "a/registry"} for n in (1, 2, 3)]
    connection.execute(insert(BLOCK.table), rows)
    bulk.delete(connection, BLOCK.table, [("B", 1), ("B", 3), ("C", 2)])
    assert stored(connection, BLOCK.table) == [rows[1]]


def test_no_rows_are_no_statement(connection: Connection) -> None:
    bulk.insert(connection, retirement_table, [])
    bulk.delete(connection, retirement_table, [])
    assert stored(connection, retirement_table) == []


def test_an_insert_over_an_existing_row_is_refused(migrated_database_url: str) -> None:
    engine = open_database(migrated_database_url, writer=True)
    with pytest.raises(IntegrityError), engine.begin() as opened:
        bulk.insert(opened, retirement_table, [retirement("a")])
        bulk.insert(opened, retirement_table, [retirement("a")])
    engine.dispose()


def test_what_a_pipeline_could_not_write_is_a_database_error(migrated_database_url: str) -> None:
    engine = open_database(migrated_database_url, writer=True)
    with pytest.raises(DBAPIError), engine.begin() as opened, bulk.pipelined(opened):
        bulk.insert(opened, retirement_table, [retirement("a")])
        bulk.insert(opened, retirement_table, [retirement("a")])
        bulk.insert(opened, retirement_table, [retirement("b")])
    with engine.begin() as opened:
        assert stored(opened, retirement_table) == []
    engine.dispose()


def test_a_row_inserted_as_new_must_not_be_known() -> None:
    state = State(Nothing())
    row = {"batch": "B", "first": 1, "last": 2, "account": "a/registry"}
    state.insert(BLOCK, row)
    with pytest.raises(BrokenInvariant, match="row-exists"):
        state.insert(BLOCK, row)
    state.rollback(0)
    assert state.get(BLOCK, "B", 1) is None


def test_rows_are_read_by_key_or_group_as_sqlalchemy_reads_them(connection: Connection) -> None:
    rows = [retirement("r1"), retirement("r2", party="other")]
    bulk.insert(connection, retirement_table, rows)
    assert bulk.read(connection, retirement_table, ["retirement"], ["r1"]) == rows[:1]
    assert bulk.read(connection, retirement_table, ["party", "batch"], ["other", "B"]) == rows[1:]
    assert bulk.read(connection, retirement_table, ["retirement"], ["r3"]) == []
    everything = bulk.read(connection, retirement_table, [], [])
    assert sorted(everything, key=lambda row: row["retirement"]) == stored(
        connection, retirement_table
    )
    assert all(type(name) is str for row in everything for name in row)


def test_a_read_begins_the_transaction_that_later_reads_are_in(
    migrated_database_url: str,
) -> None:
    engine = open_database(migrated_database_url)
    with engine.connect() as opened:
        assert not opened.in_transaction()
        bulk.read(opened, retirement_table, ["retirement"], ["r1"])
        assert opened.in_transaction()
    engine.dispose()


def test_flags_are_flags_on_both_databases(connection: Connection) -> None:
    row = {"notice": "n", "subject": "project", "name": "P1", "owner": "o", "first": "2026-01-01"}
    row |= {"last": "2026-01-02", "certain": True, "index": 1}
    bulk.insert(connection, notice_table, [row])
    (found,) = bulk.read(connection, notice_table, ["notice"], ["n"])
    assert found["certain"] is True


def test_a_fault_of_the_driver_is_told_as_sqlalchemys(connection: Connection) -> None:
    absent = Table("absent", MetaData(), Column("a", String(1), primary_key=True))
    with pytest.raises(DBAPIError):
        bulk.read(connection, absent, ["a"], ["x"])
