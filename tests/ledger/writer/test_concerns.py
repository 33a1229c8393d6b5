"""Which entries concern whom: kept beside the log, made anew from it, and audited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.writer import concerns, tables
from ledger.writer.concerns import concerning, entered_since
from ledger.writer.rebuild import rebuild
from tests.factories.audits import a_busy_day, audited
from tests.factories.cash import deposit
from tests.factories.scene import ORIGIN, Scene, scene

DAY_MS = 86_400_000


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    with scene(home, vacant_database_url) as opened:
        a_busy_day(opened)
        yield opened


def types_of(stage: Scene, party: str) -> list[str]:
    with stage.ledger.record.reading() as connection:
        size = stage.ledger.record.head(connection).size
        return [found.type for found in concerning(connection, party, 0, size)]


def test_a_party_is_concerned_by_its_own_statements_and_by_what_touches_its_rows(
    stage: Scene,
) -> None:
    assert types_of(stage, "buyer") == [
        "credit.transfer",
        "credit.accept",
        "credit.transfer",
        "credit.retire",
        "cash.register-account",
        "cash.confirm-account",
        "cash.deposit",
        "credit.retire",
    ]
    assert types_of(stage, "vvb1") == ["project.validate"]
    assert "credit.issue" in types_of(stage, "owner")


def test_pages_and_segments_leave_nothing_out(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = types_of(stage, "owner")
    monkeypatch.setattr(concerns, "ROWS_PAGE", 2)
    monkeypatch.setattr(concerns, "SEGMENTS_PAGE", 1)
    assert types_of(stage, "owner") == whole


def test_the_author_is_not_noted_twice_and_the_public_is_not_a_party(stage: Scene) -> None:
    authors = {row["index"]: row["party"] for row in stage.rows(tables.statement)}
    for row in stage.rows(tables.concern):
        assert row["party"] not in ("", authors[row["index"]])


def test_rebuild_makes_the_same_concerns(stage: Scene) -> None:
    before = stage.rows(tables.concern)
    with stage.ledger.record.database.begin() as connection:
        connection.execute(tables.concern.delete())
        rebuild(connection, stage.ledger.engine, ORIGIN)
    assert stage.rows(tables.concern) == before != []


def test_a_lost_and_a_made_up_concern_are_found(stage: Scene) -> None:
    row = stage.rows(tables.concern)[0]
    for change in (
        tables.concern.delete().where(tables.concern.c.index == row["index"]),
        tables.concern.insert().values(index=0, party="buyer"),
        tables.concern.insert().values(index=1 << 40, party="buyer"),
    ):
        with stage.ledger.record.database.connect() as connection:
            connection.execute(change)
            faults = audited(stage, connection).faults
            connection.rollback()
        assert {fault.code for fault in faults} == {"concerns-differ"}


def test_the_first_entry_since_an_instant_is_found_by_halving(stage: Scene) -> None:
    start = stage.clock.time
    sizes = [0]
    for day in range(1, 4):
        sizes.append(len(stage.rows(tables.statement)))
        stage.clock.time = start + day * DAY_MS
        deposit(stage, "buyer", 5)
    with stage.ledger.record.reading() as connection:
        size = stage.ledger.record.head(connection).size
        for day, index in enumerate(sizes):
            assert entered_since(connection, start + day * DAY_MS, size) == index
        assert entered_since(connection, start + 3 * DAY_MS + 1, size) == size
