"""The books of the reader's own accounts: every movement, as lines of JSON or as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Blueprint, Response

from ledger.accounts.book import Book
from ledger.statements.types import Circle
from portal.proofs.books import as_lines, as_table, read_book
from portal.shell.asked import span_asked, word_asked
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import CSV, NDJSON, operation
from portal.shell.reader import need_reader

DOOR = Blueprint("books", __name__, url_prefix="/v1/accounts/<any(registry, trading):side>")
SPAN = ("from", "to", "asset")


@DOOR.get("/book")
@operation("Book", media=NDJSON, query=SPAN)
@circle(Circle.PARTY)
def lines(side: str) -> Response:
    """The account's movements ``?from=`` a day ``?to=`` a day, both included, one a line.

    The first line tells what was held before, the last what is held after.
    """
    return _told(side, as_lines, NDJSON)


@DOOR.get("/book.csv")
@operation("BookTable", media=CSV, query=SPAN)
@circle(Circle.PARTY)
def table(side: str) -> Response:
    """The same as comma-separated values, for spreadsheets."""
    return _told(side, as_table, CSV)


def _told(side: str, shape: Callable[[Book], Iterator[bytes]], media: str) -> Response:
    account = f"{need_reader().party}/{side}"
    (start, end), asset = span_asked(), word_asked("asset")
    record = ledger().record
    with record.reading() as connection:
        found = read_book(connection, record.head(connection).size, account, start, end, asset)
    return Response(shape(found), content_type=media)
