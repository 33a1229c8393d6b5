"""Reading the record: head, tiles, entries, receipts, all from committed rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy import Engine as Database

from ledger.log.checkpoint import parse_checkpoint
from ledger.log.errors import NoteError
from ledger.log.note import parse_vkey, split_note
from ledger.log.reader import inclusion_proof
from ledger.log.receipt import format_receipt
from ledger.log.tiles import WIDTH, encode_bundle
from ledger.parties.key_history import make as make_history
from ledger.parties.models import ledger_table
from ledger.statements.canonical import parse
from ledger.writer import store, tables
from ledger.writer.log_keys import signing, stored_log_keys

BODY_BYTES_MAX = 1 << 30


@dataclass(frozen=True)
class Head:
    """The newest published checkpoint."""

    size: int
    root: str
    note: str


class Record:
    """The log of one origin, for readers; each method uses a connection of its caller."""

    def __init__(
        self, database: Database, origin: str, vkey: str, cosigned: Path | None = None
    ) -> None:
        """``cosigned`` is the file of the newest head that the witnesses' quorum has signed."""
        self.database = database
        self.origin = origin
        self.vkey = vkey
        self._cosigned = cosigned
        self.verifier = parse_vkey(vkey)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction: one state of the record throughout."""
        with self.database.begin() as connection:
            yield connection

    def head(self, connection: Connection) -> Head:
        """The newest checkpoint."""
        table = tables.checkpoint
        row = connection.execute(select(table).order_by(table.c.size.desc()).limit(1)).one()
        return Head(row.size, row.root, row.note)

    def cosigned(self, connection: Connection) -> Head | None:
        """The newest head with the cosignatures of the witnesses' quorum, or None.

        What the file says is told only where the record has the very same signed head.
        """
        try:
            note = (self._cosigned or Path()).read_bytes().decode("utf-8")
            size = parse_checkpoint(split_note(note)[0]).size
        except (OSError, UnicodeDecodeError, NoteError):
            return None
        table = tables.checkpoint
        row = connection.execute(select(table).where(table.c.size == size)).first()
        if row is None or not note.startswith(row.note):
            return None
        return Head(row.size, row.root, note)

    def published(self, connection: Connection) -> Head:
        """The newest checkpoint, with cosignatures where the quorum has signed this one."""
        head, cosigned = self.head(connection), self.cosigned(connection)
        return cosigned if cosigned is not None and cosigned.size == head.size else head

    def tile(self, connection: Connection, level: int, number: int, width: int) -> bytes | None:
        """Hashes of a tile, or None where the tree does not reach it."""
        complete = self.head(connection).size >> (8 * level)
        if number * WIDTH + width > complete:
            return None
        return store.Tiles(connection).tile(level, number, width)

    def bundle(self, connection: Connection, number: int, width: int) -> bytes | None:
        """An entry bundle, or None where the log does not reach it."""
        first = number * WIDTH
        if first + width > self.head(connection).size:
            return None
        entries = store.read_entries(connection, first, first + width)
        return encode_bundle([entry.leaf for entry in entries])

    def entry(self, connection: Connection, index: int) -> store.StoredEntry | None:
        """One entry, or None beyond the head."""
        if not 0 <= index < self.head(connection).size:
            return None
        return store.read_entry(connection, index)

    def receipt(self, connection: Connection, index: int) -> str | None:
        """The receipt of an entry, or None beyond the newest checkpoint.

        It is against the newest cosigned head where that covers the entry, else, so that nobody
        waits for a witness, against the newest of all.
        """
        head = self.head(connection)
        if not 0 <= index < head.size:
            return None
        cosigned = self.cosigned(connection)
        if cosigned is not None and index < cosigned.size and signed_alike(head, cosigned):
            head = cosigned
        proof = inclusion_proof(store.Tiles(connection), index, head.size)
        return format_receipt(index, proof, head.note)

    def current_vkey(self) -> str:
        """The newest of the log's keys; ``vkey`` is the first, which genesis states."""
        with self.reading() as connection:
            return signers(connection, self.origin)[0]

    def key_history(self, connection: Connection) -> bytes:
        """How the log's keys have followed each other, for those who pinned an earlier one."""
        rotations = []
        for row in stored_log_keys(connection, self.origin)[1:]:
            index = row["since"]
            table = tables.checkpoint
            covering = select(table).where(table.c.size > index).order_by(table.c.size).limit(1)
            head = connection.execute(covering).one()
            entry = store.read_entry(connection, index)
            if entry is not None:
                proof = inclusion_proof(store.Tiles(connection), index, head.size)
                rotations.append((entry, format_receipt(index, proof, head.note)))
        return make_history(rotations)


def signed_alike(head: Head, older: Head) -> bool:
    """Whether every key that signs now has signed the older head too.

    Otherwise whoever pinned the newest key could not check what the older head proves.
    """
    now, then = (
        {(name, raw[:4]) for name, raw in split_note(note)[1]} for note in (head.note, older.note)
    )
    return now <= then


def public_view(entry: store.StoredEntry) -> dict[str, Any]:
    """What anyone may read of an entry: the leaf, and the outcome's public part.

    The body is added for public types, whose envelope stands in the leaf, until it is erased.
    """
    leaf = parse(entry.leaf)
    view = {
        "index": entry.index,
        "leaf": leaf,
        "outcome": parse(entry.outcome, max_bytes=BODY_BYTES_MAX),
    }
    held = parse(entry.body, max_bytes=BODY_BYTES_MAX) if "envelope" in leaf else {}
    if "body" in held:
        view["body"] = held["body"]
    return view


def known_origin(connection: Connection) -> tuple[str, str] | None:
    """Origin and log key that genesis stated, or None before it."""
    row = connection.execute(select(ledger_table)).first()
    return None if row is None else (row.origin, row.log_key)


def running(connection: Connection) -> tuple[str, int]:
    """The id of the scheduler's key and the active engine version."""
    row = connection.execute(select(ledger_table)).one()
    return row.scheduler_key, row.engine


def signers(connection: Connection, origin: str, at: int = 0) -> list[str]:
    """The verifier keys that sign a head made at ``at``, or the newest one; newest key first."""
    head = store.read_head(connection, origin)
    return signing(stored_log_keys(connection, origin), max(at, head.at if head else 0))
