"""The keys that sign tree heads, as rotated on the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import BigInteger, Column, Connection, String, Table, select

from ledger.writer.kinds import Kind, Row
from ledger.writer.state import State
from ledger.writer.tables import metadata

log_key_table = Table(
    "log_key",
    metadata,
    Column("vkey", String(200), primary_key=True),
    Column("origin", String(200), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until_at", BigInteger),
)

LOG_KEY = Kind("log_key", log_key_table, groups={"origin": ("origin",)})
"""``since`` is the index of the entry that states the key; a key that has been followed by
another signs on until ``until_at`` (UTC milliseconds), so that nobody is caught unawares."""


class LogSigner(Protocol):
    """Who holds the private keys of the log."""

    def holds(self, vkey: str) -> bool:
        """Whether the key is here."""

    def sign(self, size: int, root: bytes, vkeys: Sequence[str]) -> str:
        """The signed tree head; raises Unavailable where a key is missing."""


def log_keys(state: State, origin: str) -> list[Row]:
    """Every log key of an origin, the oldest first."""
    rows = [state.get(LOG_KEY, *key) for key in state.children(LOG_KEY, "origin", origin)]
    return in_order([row for row in rows if row is not None])


def stored_log_keys(connection: Connection, origin: str) -> list[Row]:
    """The same from the stored rows."""
    query = select(log_key_table).where(log_key_table.c.origin == origin)
    return in_order([dict(row) for row in connection.execute(query).mappings()])


def in_order(rows: list[Row]) -> list[Row]:
    """Rows from the first key to the newest."""
    return sorted(rows, key=lambda row: int(row["since"]))


def signing(rows: list[Row], at: int) -> list[str]:
    """The keys that sign a head made at ``at``: the newest first, then those on their way out."""
    keys = [r["vkey"] for r in rows if r["until_at"] is None or at < r["until_at"]]
    return keys[::-1]
