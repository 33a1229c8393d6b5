"""Where entries are read from by the shell: the record of QINGZHANG_HOME, or a serving ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from sqlalchemy import select

from ledger.statements.attachments import Attachment
from ledger.writer import tables
from portal.cli.remote import Remote, signed_in
from portal.cli.shared import REFUSED, Failed
from portal.config import from_environment
from portal.desk.own import STATEMENT, answered
from portal.doors.attachments import SALT, told_of
from portal.home.opening import open_record
from portal.home.record import Record
from portal.statements.made import whole_view


class Place(Protocol):
    """Entries as the reader may see them; what is not there, or not the reader's, raises Failed."""

    def view(self, index: int) -> dict[str, Any]:
        """An entry: its public view, and what is behind it for the reader."""

    def index_of(self, id: str) -> int:
        """The entry of a statement."""

    def receipt(self, index: int) -> str:
        """Where the receipt of an entry is to be had."""

    def attached(self, index: int) -> list[dict[str, Any]]:
        """What is attached to an entry."""

    def attachment(self, index: int, name: str) -> Attachment:
        """One attachment with its salt."""

    def statements(self, party: str | None) -> list[dict[str, Any]]:
        """The statements of the reader's party, oldest first, each with its answer."""


class _Home:
    def __init__(self, record: Record) -> None:
        self._record = record

    def view(self, index: int) -> dict[str, Any]:
        with self._record.reading() as connection:
            entry = self._record.entry(connection, index)
        if entry is None:
            raise Failed(REFUSED, "entry-unknown", {"index": index})
        return whole_view(entry)

    def index_of(self, id: str) -> int:
        table = tables.statement
        with self._record.reading() as connection:
            index = connection.scalar(select(table.c.index).where(table.c.id == id))
        if index is None:
            raise Failed(REFUSED, "statement-unknown", {"key": id})
        return int(index)

    def receipt(self, index: int) -> str:
        return f"qingzhang log prove {index} -o FOLDER"

    def attached(self, index: int) -> list[dict[str, Any]]:
        self.view(index)
        return [told_of(row) for row in self._rows(index)]

    def attachment(self, index: int, name: str) -> Attachment:
        for row in self._rows(index):
            if row["name"] != name:
                continue
            if row["content"] is None:
                raise Failed(REFUSED, "attachment-erased", {"name": name})
            return Attachment(name, row["media_type"], row["salt"], bytes(row["content"]))
        raise Failed(REFUSED, "attached-unknown", {"index": index, "name": name})

    def statements(self, party: str | None) -> list[dict[str, Any]]:
        table = STATEMENT.table
        query = select(table).order_by(table.c.index)
        if party is not None:
            query = query.where(table.c.party == party)
        with self._record.reading() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
            return answered(connection, rows)

    def _rows(self, index: int) -> list[dict[str, Any]]:
        table = tables.attachment
        query = select(table).where(table.c.index == index).order_by(table.c.name)
        with self._record.reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


class _Away:
    def __init__(self, server: Remote) -> None:
        self._server = server

    def view(self, index: int) -> dict[str, Any]:
        view: dict[str, Any] = self._server.ask("GET", f"/v1/entries/{index}")
        return view

    def index_of(self, id: str) -> int:
        return int(self._server.ask("GET", f"/v1/statements/{quote(id, safe='')}")["index"])

    def receipt(self, index: int) -> str:
        return f"{self._server.url}/v1/entries/{index}/proof"

    def attached(self, index: int) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._server.ask("GET", self._place(index))["items"]
        return items

    def attachment(self, index: int, name: str) -> Attachment:
        answer = self._server.fetch("GET", f"{self._place(index)}/{quote(name, safe='')}")
        media_type = answer.headers.get("Content-Type", "").partition(";")[0]
        return Attachment(name, media_type, answer.headers.get(SALT, ""), answer.content)

    def statements(self, party: str | None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        following: str | None = "/v1/statements?limit=500"
        while following is not None:
            page = self._server.ask("GET", following)
            found += page["items"]
            following = page["next"]
        return found

    @staticmethod
    def _place(index: int) -> str:
        return f"/v1/entries/{index}/attachments"


@contextmanager
def at_home() -> Iterator[Place]:
    """The record of QINGZHANG_HOME, which whoever holds the home may read whole."""
    record = open_record(from_environment())
    try:
        yield _Home(record)
    finally:
        record.database.dispose()


def away(server: Remote) -> Place:
    """A serving ledger, as whoever has the server's token, or as anybody."""
    return _Away(server)


@contextmanager
def place_at(
    url: str | None, token: str | None, party: str | None, path: Path | None
) -> Iterator[Place]:
    """A serving ledger, signed in where token or key are given; without a URL the home."""
    if url is None:
        with at_home() as home:
            yield home
    elif token is None and path is None:
        yield away(Remote(url.rstrip("/")))
    else:
        with signed_in(url, token, party, path) as server:
            yield away(server)
