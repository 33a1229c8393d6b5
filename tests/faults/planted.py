"""The program with a fault planted in it, one by name: what the harnesses must catch.

python -m tests.faults.planted FAULT SUBCOMMAND…    runs ``qingzhang SUBCOMMAND…``
"""

from __future__ import annotations

import sys
import threading
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy import event, update

from ledger.writer import database, headfile, tables, turn
from ledger.writer.turn import Turn, WriterState
from ledger.writer.writer import Pending, Reply, Writer
from portal.home import lock, opening


def hasty() -> None:
    """A writer that answers before it commits."""

    def answer_first(self: Writer, batch: list[Pending]) -> None:
        for item in batch:
            item.future.set_result(Reply("accepted", 1, 2, {"result": "accepted"}))
        threading.Event().wait(0.3)  # a disk that takes its time, so that the answers have left
        done = Turn(self._state)
        with self._database.begin() as connection:
            done.run(connection, batch)
        self._state.committed(done)

    Writer._turn = answer_first  # type: ignore[method-assign]  # planted


def unsynced() -> None:
    """A database that leaves it to the operating system when to write."""
    usual = database.open_database

    def careless(url: str, *, writer: bool = False) -> Database:
        engine = usual(url, writer=writer)

        @event.listens_for(engine, "connect")
        def connect(raw: Any, _: Any) -> None:
            raw.execute("PRAGMA synchronous=OFF")

        return engine

    opening.open_database = careless  # type: ignore[attr-defined]  # planted


def unfenced() -> None:
    """A writer that goes on where another has taken over, and moves the head unconditionally."""
    usual = turn.store.read_head

    def head_of(connection: Any, origin: str, *, lock: bool = False) -> Any:
        head = usual(connection, origin, lock=lock)
        return head and turn.store.Head(head.size, head.root, 1, head.at)

    def advance(self: WriterState, connection: Any, old: Any, new: Any) -> None:
        self._epoch = 1
        values = {"size": new.size, "root": new.root, "at": new.at}
        connection.execute(update(tables.log_head).values(**values))

    turn.store.read_head = head_of
    WriterState._advance = advance  # type: ignore[method-assign]  # planted
    opening.read_head = head_of  # type: ignore[attr-defined]  # planted


def forgetful() -> None:
    """A host that keeps no head outside the database."""
    headfile.HeadFile.append = lambda self, size, root: None  # type: ignore[method-assign]  # planted


def blunt() -> None:
    """A command that breaks with a trace where the disk refuses."""

    def refuse(self: lock.HomeLock) -> None:
        raise RuntimeError("the lock cannot be let go")

    lock.HomeLock.release = refuse  # type: ignore[method-assign]  # planted


if __name__ == "__main__":
    {f.__name__: f for f in (hasty, unsynced, unfenced, forgetful, blunt)}[sys.argv.pop(1)]()
    from portal.cli import main

    main()
