"""What is stored is met in the order of the log; what nobody asked for is left over."""

from __future__ import annotations

import hashlib
from functools import partial

from sqlalchemy import create_engine, insert

from ledger.writer.audit.report import Report
from ledger.writer.audit.streams import Ordered, Tree
from ledger.writer.tables import checkpoint

LEAVES = [hashlib.sha256(bytes([n])).digest() for n in range(256)]


def _answer(found: bytes | None, level: int, number: int) -> bytes | None:
    return found


def test_a_full_tile_is_held_against_the_published_one() -> None:
    codes = []
    for found in (b"".join(LEAVES), b"".join(LEAVES[::-1]), None):
        report = Report()
        tree = Tree(partial(_answer, found), report)
        for leaf in LEAVES:
            tree.add(leaf)
        tree.root()
        assert tree.tiles == 1
        codes.append([(fault.code, fault.params) for fault in report.faults])
    place = {"level": 0, "number": 0}
    assert codes == [[], [("tile-differs", place)], [("tile-missing", place)]]


def test_rows_are_taken_as_their_number_comes_and_the_rest_is_left_over() -> None:
    database = create_engine("sqlite://")
    with database.begin() as connection:
        checkpoint.create(connection)
        rows = [{"size": size, "root": "", "note": ""} for size in (1, 3, 4, 9)]
        connection.execute(insert(checkpoint), rows)
        ordered = Ordered(connection, checkpoint, "size")
        assert [len(ordered.take(size)) for size in (1, 2, 4)] == [1, 0, 1]
        assert ordered.close() == [3, 9]
    database.dispose()
