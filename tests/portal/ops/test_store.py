"""The store beside the record: made on demand, lost without harm, and typed when it fails."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, select, text

from ledger.writer.errors import Unavailable
from portal.ops import store as opening
from portal.ops.store import Store
from portal.ops.tables import counter, session

ROW = {"name": "a", "window_end": 1, "count": 1}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ops.sqlite"


@pytest.fixture
def store(path: Path) -> Store:
    return Store(f"sqlite:///{path}")


def write(connection: Connection) -> None:
    connection.execute(counter.insert(), ROW)


def count(connection: Connection) -> int:
    return len(connection.execute(select(counter)).all())


def test_nothing_is_made_before_it_is_needed(store: Store, path: Path) -> None:
    assert not path.exists()
    store.run(write)
    assert store.run(count, reads=True) == 1


def test_a_file_that_was_taken_away_is_made_anew(store: Store, path: Path) -> None:
    store.run(write)
    for file in path.parent.glob("ops.sqlite*"):
        file.unlink()
    assert store.run(count, reads=True) == 0
    store.run(write)
    assert store.run(count) == 1


def test_a_damaged_file_is_a_typed_error_until_it_is_taken_away(store: Store, path: Path) -> None:
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(Unavailable, match="ops-unavailable"):
        store.run(write)
    path.unlink()
    store.run(write)


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all", "not a url", "nosuch://x/y"])
def test_an_address_that_leads_nowhere_is_a_typed_error(url: str) -> None:
    with pytest.raises(Unavailable, match="ops-unavailable"):
        Store(url).run(write)


def test_a_table_of_an_earlier_shape_is_made_anew_and_the_others_stay(
    store: Store, path: Path
) -> None:
    store.run(write)
    old = create_engine(f"sqlite:///{path}")
    with old.begin() as connection:
        connection.execute(text("ALTER TABLE ops_session DROP COLUMN seen_at"))
    old.dispose()
    assert store.run(lambda c: c.execute(select(session)).all(), reads=True) == []
    assert store.run(count) == 1


def test_what_breaks_leaves_no_half(store: Store) -> None:
    def twice(connection: Connection) -> None:
        write(connection)
        write(connection)

    with pytest.raises(Unavailable):
        store.run(twice)
    assert store.run(count) == 0


def test_many_threads_make_the_tables_once(database_url: str) -> None:
    store = Store(database_url)

    def add(number: int) -> None:
        store.run(lambda c: c.execute(counter.insert(), {**ROW, "window_end": number}))

    threads = [threading.Thread(target=add, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.run(count) == 8
    store.close()


class Turning:
    """A cursor on a file that others are turning to WAL; ``codes`` are SQLite's answers."""

    def __init__(self, *codes: int) -> None:
        self.codes = list(codes)

    def execute(self, _: str) -> None:
        if self.codes:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = self.codes.pop(0)
            raise error


def test_one_that_turns_a_new_file_with_others_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(opening, "sleep", waits.append)
    turning = Turning(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY)
    opening._turn_to_wal(turning)
    assert (len(waits), turning.codes) == (2, [])
    with pytest.raises(sqlite3.OperationalError):
        opening._turn_to_wal(Turning(sqlite3.SQLITE_FULL))
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0)
    with pytest.raises(sqlite3.OperationalError):
        opening._turn_to_wal(Turning(sqlite3.SQLITE_BUSY))


def test_another_database_serves_as_well(database_url: str) -> None:
    store = Store(database_url)
    store.run(write)
    assert store.run(count, reads=True) == 1
    store.close()
