"""Reading and writing the record's tables with SQLAlchemy Core and lists of parameters."""

from __future__ import annotations

import json
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, Table, func, select, text, tuple_

from ledger.log.merkle import leaf_hash
from ledger.log.tiles import subtree_root
from ledger.writer import bulk, tables
from ledger.writer.errors import IntegrityFault
from ledger.writer.frames import unpack
from ledger.writer.kinds import Falls, Key, Kind, Row

LEAF_PREFIX, LONG_PREFIX = 2, 4
_AT_MAX = 60  # the envelope follows the instant, with which a leaf begins
TILE_WIDTH, HASH_BYTES = 256, 32
ROWS_PAGE = 2_000
NAMES_MAX = 500
"""How many values a query names at a time: a database takes only so many parameters."""
SEGMENTS_PAGE = 16
"""Segments read at a time: memory stays flat, and no cursor is left open on the server."""

T = TypeVar("T")


@dataclass(frozen=True)
class Head:
    """Size, root (hex), writer epoch and time of the log's end."""

    size: int
    root: str
    epoch: int
    at: int


@dataclass(slots=True)  # frozen, each would take four times as long to make
class StoredEntry:
    """The exact bytes of one entry; ``body`` holds what only those entitled may read."""

    index: int
    at: int
    leaf: bytes
    outcome: bytes
    body: bytes

    @property
    def shown(self) -> bool:
        """Whether the leaf shows the envelope, as that of a public statement does."""
        return b'"envelope":' in self.leaf[:_AT_MAX]


def read_head(connection: Connection, origin: str, *, lock: bool = False) -> Head | None:
    """The head row; with ``lock`` it is held until the transaction ends."""
    sql = _HEAD.format(mark(connection))
    if lock and connection.dialect.name == bulk.POSTGRES:
        sql += " FOR UPDATE"
    row = connection.exec_driver_sql(sql, (origin,)).first()
    return None if row is None else Head(*row)


def move_head(connection: Connection, origin: str, old: Head, new: Head) -> bool:
    """Put the new head in the place of the old one; False where another stands there."""
    values = (new.size, new.root, new.epoch, new.at, origin, old.size, old.root, old.epoch)
    moved = connection.exec_driver_sql(_MOVE.format(*[mark(connection)] * len(values)), values)
    return moved.rowcount == 1


def mark(connection: Connection) -> str:
    """How the driver writes a parameter."""
    return "%s" if connection.dialect.name == bulk.POSTGRES else "?"


# What every turn asks is written out: building and compiling it costs more than the answer.
_HEAD = "SELECT size, root, epoch, at FROM log_head WHERE origin = {}"
_MOVE = (
    "UPDATE log_head SET size = {}, root = {}, epoch = {}, at = {}"
    " WHERE origin = {} AND size = {} AND root = {} AND epoch = {}"
)


def read_entries(connection: Connection, first: int, stop: int) -> Iterable[StoredEntry]:
    """Entries ``first`` to ``stop`` (exclusive), segment by segment."""
    segment, body = tables.segment, tables.segment_body
    start = connection.execute(
        select(segment.c.first)
        .where(segment.c.first <= first)
        .order_by(segment.c.first.desc())
        .limit(1)
    ).scalar()
    while start is not None and start < stop:
        page = connection.execute(
            select(segment, body.c.bodies)
            .join(body, body.c.first == segment.c.first, isouter=True)
            .where(segment.c.first >= start, segment.c.first < stop)
            .order_by(segment.c.first)
            .limit(SEGMENTS_PAGE)
        )
        start = None
        for row in page.mappings().all():
            start = row["first"] + row["count"]
            yield from _entries_of(row, range(first, stop))


def segments_entries(
    connection: Connection, firsts: Sequence[int], wanted: Container[int]
) -> Iterator[StoredEntry]:
    """The wanted entries of the segments that begin at the given indexes, in order."""
    segment, body = tables.segment, tables.segment_body
    found = connection.execute(
        select(segment, body.c.bodies)
        .join(body, body.c.first == segment.c.first, isouter=True)
        .where(segment.c.first.in_(firsts))
        .order_by(segment.c.first)
    )
    for row in found.mappings().all():
        yield from _entries_of(row, wanted)


def entries_at(connection: Connection, indexes: Collection[int]) -> dict[int, StoredEntry]:
    """The entries with the given indexes that exist; a segment that holds several is read once."""
    segment, statement = tables.segment, tables.statement
    holds = (
        select(func.max(segment.c.first))
        .where(segment.c.first <= statement.c.index)
        .scalar_subquery()
    )
    query = select(holds.label("first")).where(statement.c.index.in_(sorted(indexes))).distinct()
    firsts = sorted(connection.execute(query).scalars())
    return {
        entry.index: entry
        for start in range(0, len(firsts), SEGMENTS_PAGE)
        for entry in segments_entries(connection, firsts[start : start + SEGMENTS_PAGE], indexes)
    }


def _entries_of(row: RowMapping, wanted: Container[int]) -> list[StoredEntry]:
    first, at = row["first"], row["at"]
    try:
        leaves = unpack(row["leaves"], LEAF_PREFIX)
        outcomes = unpack(row["outcomes"], LONG_PREFIX)
        bodies = unpack(row["bodies"] or b"", LONG_PREFIX)
    except IntegrityFault as fault:
        raise IntegrityFault(fault.code, index=first, **fault.params) from fault
    if not len(leaves) == len(outcomes) == len(bodies) == row["count"]:
        raise IntegrityFault("segment-counts-differ", index=first)
    return [
        StoredEntry(index, at, leaf, outcome, body)
        for index, leaf, outcome, body in zip(count(first), leaves, outcomes, bodies, strict=False)
        if index in wanted
    ]


def read_entry(connection: Connection, index: int) -> StoredEntry | None:
    """One entry, or None beyond the end."""
    return next(iter(read_entries(connection, index, index + 1)), None)


class Tiles:
    """A TileReader over the tile table, with partial tiles made from the segments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tile(self, level: int, index: int, width: int) -> bytes:
        """``width`` hashes of a tile; raises IntegrityFault where they are not stored."""
        table = tables.tile
        query = select(table.c.hashes).where(table.c.level == level, table.c.number == index)
        stored = self._connection.execute(query).scalar()
        if stored is not None:
            return bytes(stored[: width * HASH_BYTES])
        if level == 0:
            first = index * TILE_WIDTH
            entries = read_entries(self._connection, first, first + width)
            hashes = b"".join(leaf_hash(entry.leaf) for entry in entries)
        else:
            hashes = b"".join(
                subtree_root(self.tile(level - 1, index * TILE_WIDTH + i, TILE_WIDTH))
                for i in range(width)
            )
        if len(hashes) != width * HASH_BYTES:
            raise IntegrityFault("tile-missing", level=level, number=index)
        return hashes


def pages(connection: Connection, table: Table, *names: str) -> Iterator[RowMapping]:
    """Every row in the order of the named columns, which tell rows apart, a page at a time.

    No cursor stays open on the server, and no more than a page is held.
    """
    columns = [table.c[name] for name in names]
    after: tuple[Any, ...] | None = None
    while True:
        query = select(table).order_by(*columns).limit(ROWS_PAGE)
        if after is not None:
            query = query.where(tuple_(*columns) > tuple_(*after))
        rows = connection.execute(query).mappings().all()
        yield from rows
        if len(rows) < ROWS_PAGE:
            return
        after = tuple(rows[-1][name] for name in names)


def plain(row: RowMapping) -> Row:
    """A row under plain text names.

    The driver's names for quoted columns are a subclass of str, which canonical JSON refuses.
    """
    return {str(name): value for name, value in row.items()}


def batched(items: Iterable[T], size: int = NAMES_MAX) -> Iterator[list[T]]:
    """Lists of at most ``size``, each for one query that names them."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


class Rows:
    """A Loader over the projection tables of one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def row(self, kind: Kind, key: Key) -> Row | None:
        """One row by primary key."""
        found = bulk.read(self.connection, kind.table, kind.key, key)
        return found[0] if found else None

    def group(self, kind: Kind, columns: tuple[str, ...], value: Key) -> list[Row]:
        """Every row of a group."""
        return bulk.read(self.connection, kind.table, columns, value)

    def dated(self, kind: Kind, falls: Falls) -> list[Row]:
        """Every row that waits for its instant."""
        column = kind.table.c
        query = select(kind.table).where(
            column[falls.when] == falls.value, column[falls.column].is_not(None)
        )
        return [plain(row) for row in self.connection.execute(query).mappings()]


def write_rows(
    connection: Connection, kind: Kind, rows: Sequence[Row], gone: Sequence[Key]
) -> None:
    """Upsert and delete rows of one projection table in bulk."""
    bulk.delete(connection, kind.table, gone)
    bulk.upsert(connection, kind.table, rows)


def known_ids(connection: Connection, ids: Sequence[str]) -> dict[tuple[str, str], tuple[str, int]]:
    """``(party, id)`` to ``(digest, index)`` for the ids that are already in the log."""
    if connection.dialect.name == bulk.POSTGRES:
        found = connection.exec_driver_sql(_KNOWN.format("= ANY(%b::varchar[])"), (list(ids),))
    else:
        found = connection.exec_driver_sql(_KNOWN.format(_JSON), (json.dumps(list(ids)),))
    return {(party, id): (digest, index) for party, id, digest, index in found}


_KNOWN = 'SELECT party, id, digest, "index" FROM statement WHERE id {}'
_JSON = "IN (SELECT value FROM json_each(?))"  # one parameter, however many ids


def alive(connection: Connection) -> bool:
    """Whether the database answers."""
    return bool(connection.execute(text("SELECT 1")).scalar())
