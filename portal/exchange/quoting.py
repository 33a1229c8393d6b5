"""Market data as files: lines of JSON for programs, a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from ledger.statements.instants import format_instant
from ledger.writer.kinds import Kind, Row
from portal.sheets import BOM, Value, csv_line

LINES_AT_ONCE = 200


def as_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """A JSON object for each row; the same members as in the pages of the API."""
    return _gathered(orjson.dumps(row, option=orjson.OPT_NON_STR_KEYS) + b"\n" for row in rows)


def as_table(kind: Kind, rows: Iterable[Row]) -> Iterator[bytes]:
    """Comma-separated values (RFC 4180) with a head; instants are written out."""
    columns = [str(column.name) for column in kind.table.columns]
    yield BOM + csv_line(columns)
    yield from _gathered(csv_line(_cell(name, row[name]) for name in columns) for row in rows)


def _gathered(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines put together into pieces that are worth sending."""
    held: list[bytes] = []
    for line in lines:
        held.append(line)
        if len(held) == LINES_AT_ONCE:
            yield b"".join(held)
            held.clear()
    yield b"".join(held)


def _cell(name: str, value: Value) -> Value:
    return format_instant(value) if name == "at" and isinstance(value, int) else value
