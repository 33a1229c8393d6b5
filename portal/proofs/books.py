"""The book of an account as files: lines of JSON for programs, a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection

from ledger.accounts.book import Amounts, Book, book
from ledger.accounts.models import BUCKETS
from ledger.parties.parameters import midnight
from ledger.statements.instants import format_instant
from portal.sheets import BOM, csv_line


def read_book(
    connection: Connection,
    size: int,
    account: str,
    start: date | None,
    end: date | None,
    asset: str | None,
) -> Book:
    """The book from the first to the last of two days in Shanghai, both included."""
    since = midnight(str(start or date.min))
    until = midnight(str(end or date.max), 1)
    return book(connection, size, account, since, until, asset)


def as_lines(found: Book) -> Iterator[bytes]:
    """An opening line, one for each movement, and a closing line; each is a JSON object."""
    yield _line({"account": found.account, "size": found.size, "opening": found.opening})
    for movement, after in found.lines():
        entry, at, type, statement, author, asset, change = movement
        told = {
            "entry": entry,
            "at": format_instant(at),
            "type": type,
            "asset": asset,
            "change": change,
            "after": after,
        }
        if statement is not None:
            told["statement"], told["author"] = statement, author
        yield _line(told)
    yield _line({"account": found.account, "size": found.size, "closing": found.closing})


def as_table(found: Book) -> Iterator[bytes]:
    """The same as comma-separated values (RFC 4180) with a head; zeros are written out."""
    changes, after = [f"change_{name}" for name in BUCKETS], [f"after_{name}" for name in BUCKETS]
    yield BOM
    yield csv_line(["entry", "at", "type", "statement", "author", "asset", *changes, *after])
    yield from _holdings("opening", found.opening)
    for movement, held in found.lines():
        told = (movement.type, movement.statement or "", movement.author or "", movement.asset)
        moved = [movement.change.get(name, 0) for name in BUCKETS]
        yield csv_line([movement.entry, format_instant(movement.at), *told, *moved, *_all(held)])
    yield from _holdings("closing", found.closing)


def _holdings(word: str, holdings: dict[str, Amounts]) -> Iterator[bytes]:
    for asset, held in sorted(holdings.items()):
        yield csv_line(["", "", word, "", "", asset, *[""] * len(BUCKETS), *_all(held)])


def _all(held: Amounts) -> list[int]:
    return [held[name] for name in BUCKETS]


def _line(value: dict[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
