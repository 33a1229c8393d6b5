"""Stored rows in the order of the log, a page at a time: the audit meets each as it goes by."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, RowMapping, Table, func, select

from ledger.log.tiles import Edge
from ledger.writer import tables
from ledger.writer.audit.report import Report
from ledger.writer.store import pages

ReadTile = Callable[[int, int], bytes | None]


class Ordered:
    """The rows of a table by a leading integer column, taken as that number comes up.

    Rows that come before their number has, or are left at the end, are ``leftover``.
    """

    def __init__(self, connection: Connection, table: Table, *names: str) -> None:
        self._rows = pages(connection, table, *names)
        self._name = names[0]
        self._next: RowMapping | None = next(self._rows, None)
        self.leftover: list[int] = []

    def take(self, number: int) -> list[RowMapping]:
        """The rows of a number; those of smaller ones were not asked for and are left over."""
        found: list[RowMapping] = []
        while self._next is not None and self._next[self._name] <= number:
            if self._next[self._name] == number:
                found.append(self._next)
            else:
                self.leftover.append(self._next[self._name])
            self._next = next(self._rows, None)
        return found

    def close(self) -> list[int]:
        """The numbers that nobody asked for."""
        while self._next is not None:
            self.leftover.append(self._next[self._name])
            self._next = next(self._rows, None)
        return self.leftover


class Tree:
    """The right edge of the tree; full tiles are held against what ``read`` finds of them.

    ``tiles`` counts the full tiles so far.
    """

    def __init__(self, read: ReadTile, report: Report) -> None:
        self.tiles = 0
        self._read = read
        self._report = report
        self._edge = Edge()
        self._waiting: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf hash."""
        self._waiting.append(leaf)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        for level, number, hashes in self._edge.extend(self._waiting):
            found = self._read(level, number)
            self.tiles += 1
            if found is None:
                self._report.fault("tile-missing", level=level, number=number)
            elif found != hashes:
                self._report.fault("tile-differs", level=level, number=number)
        self._waiting.clear()
        return self._edge.root()


def stored_tile(connection: Connection, level: int, number: int) -> bytes | None:
    """A full tile as the database holds it."""
    table = tables.tile
    query = select(table.c.hashes).where(table.c.level == level, table.c.number == number)
    found: bytes | None = connection.execute(query).scalar()
    return found


def stored_tiles(connection: Connection) -> int:
    """How many full tiles the database holds."""
    return int(connection.execute(select(func.count()).select_from(tables.tile)).scalar_one())
