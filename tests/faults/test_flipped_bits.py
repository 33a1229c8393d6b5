"""A flipped bit in what is served: the audit names the entry, the reader's own check fails."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Column, Table, select, update

from ledger.log.errors import LogError
from ledger.log.reader import inclusion_proof
from ledger.log.receipt import format_receipt, verify_receipt
from ledger.log.tiles import HASH_BYTES, WIDTH
from ledger.parties.authority import public_key
from ledger.writer import store, tables
from ledger.writer.audit import audit
from portal.home.opening import open_ledger, open_record
from portal.home.record import Record
from portal.house import make_engine
from tests.faults.homes import Template, make
from tests.portal.processes.harness import ORIGIN

ENTRIES = 260  # more than a full tile
FLIPS = 8
SERVED = [
    tables.segment.c.leaves,
    tables.segment.c.outcomes,
    tables.segment_body.c.bodies,
    tables.tile.c.hashes,
    tables.checkpoint.c.note,
    tables.checkpoint.c.root,
]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """A log of more than one tile, open for reading and for what a broken disk does."""
    template: Template = make(tmp_path_factory.mktemp("flips"), ENTRIES)
    settings = template.copy(template.home.parent / "copy")
    with closing(open_ledger(settings)) as ledger:
        items = [ledger.entrance.prepare(data) for data in template.said]
        for at in range(0, ENTRIES, 52):
            for future in ledger.entrance.queue(items[at : at + 52]):
                assert future.result(60).status == "accepted"
    opened = open_record(settings)
    yield opened
    opened.database.dispose()


def flipped(value: bytes | str, rng: random.Random) -> bytes | str:
    """The value with one bit changed; text stays text, so its dashes of three bytes are spared."""
    data = bytearray(value.encode() if isinstance(value, str) else value)
    places = [at for at, byte in enumerate(data) if byte < 0x80 or isinstance(value, bytes)]
    data[rng.choice(places)] ^= 1 << rng.randrange(5 if isinstance(value, str) else 8)
    return data.decode() if isinstance(value, str) else bytes(data)


def found_after(
    record: Record, column: Column[Any], rng: random.Random, *, supervisor: bool
) -> tuple[Any, list[dict[str, Any]]]:
    """Flip a bit in one row for the length of an audit; the row, and what the audit says."""
    table = column.table
    assert isinstance(table, Table)
    keys = list(table.primary_key.columns)
    with record.database.connect() as connection:
        rows = connection.execute(select(*keys, column).where(keys[0] >= 0)).all()
        row = rng.choice(rows)
        query = update(table).values({column.name: flipped(row[-1], rng)})
        for key, value in zip(keys, row, strict=False):
            query = query.where(key == value)
        assert connection.execute(query).rowcount == 1
        report = audit(
            connection, make_engine(), ORIGIN, record.vkey, public_key, supervisor=supervisor
        )
        connection.rollback()
    return row, [{"code": fault.code, **fault.params} for fault in report.faults]


def names(fault: dict[str, Any], column: Column[Any], row: Any, count: int) -> bool:
    """Whether a fault points to the row: its tile, its tree size, or one of its entries."""
    if column.table is tables.tile:
        return (fault.get("level"), fault.get("number")) == (row.level, row.number)
    if column.table is tables.checkpoint:
        return bool(fault.get("size") == row.size)
    inside = row.first <= fault.get("index", -1) < row.first + count
    return inside or bool(fault.get("size") == row.first + count)


@pytest.mark.parametrize("column", SERVED, ids=str)
def test_a_flipped_bit_in_anything_served_is_found_where_it_is(
    record: Record, column: Column[Any], rng: random.Random
) -> None:
    with record.reading() as connection:
        counts = dict(
            connection.execute(select(tables.segment.c.first, tables.segment.c.count)).all()
        )
    for _ in range(FLIPS):
        row, faults = found_after(record, column, rng, supervisor=True)
        count = counts.get(row[0], 0)
        assert any(names(fault, column, row, count) for fault in faults), (row[:-1], faults)


def test_a_record_without_a_flipped_bit_has_no_faults(record: Record) -> None:
    with record.reading() as connection:
        report = audit(connection, make_engine(), ORIGIN, record.vkey, public_key, supervisor=True)
    assert (report.faults, report.entries) == ([], ENTRIES + 1)


def test_a_reader_who_is_served_a_flipped_bit_finds_that_the_receipt_does_not_hold(
    record: Record, rng: random.Random
) -> None:
    with record.reading() as connection:
        index = rng.randrange(WIDTH)
        entry, receipt = record.entry(connection, index), record.receipt(connection, index)
        assert entry is not None and receipt is not None
        verify_receipt(entry.leaf, receipt, [record.verifier])
        leaf = flipped(entry.leaf, rng)
        assert isinstance(leaf, bytes)
        with pytest.raises(LogError):
            verify_receipt(leaf, receipt, [record.verifier])
        head, tiles = record.head(connection), BrokenTile(store.Tiles(connection), index ^ 1)
        wrong = format_receipt(index, inclusion_proof(tiles, index, head.size), head.note)
        with pytest.raises(LogError):
            verify_receipt(entry.leaf, wrong, [record.verifier])


class BrokenTile:
    """Tiles of which one hash has a flipped bit."""

    def __init__(self, tiles: store.Tiles, number: int) -> None:
        self._tiles = tiles
        self._place = number * HASH_BYTES

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The tile; the first of the lowest level with the bit."""
        data = bytearray(self._tiles.tile(level, index, width))
        if (level, index) == (0, 0) and len(data) > self._place:
            data[self._place] ^= 1
        return bytes(data)
