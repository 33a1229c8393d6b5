"""Entries by their indexes: those and no others, however they lie in segments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.writer import store
from ledger.writer.store import batched, entries_at, read_entry
from tests.factories.asking import noted
from tests.factories.audits import a_busy_day
from tests.factories.scene import Scene, scene


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    with scene(home, vacant_database_url) as opened:
        a_busy_day(opened)
        yield opened


@pytest.mark.database
@pytest.mark.parametrize("page", [1, 16])
def test_entries_are_read_together_as_each_alone(
    stage: Scene, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(store, "SEGMENTS_PAGE", page)
    with stage.ledger.record.reading() as connection:
        size = stage.ledger.record.head(connection).size
        found = entries_at(connection, {0, 3, 4, size - 1, size, size + 9})
        assert sorted(found) == [0, 3, 4, size - 1]
        assert all(entry == read_entry(connection, index) for index, entry in found.items())
        assert entries_at(connection, set()) == {}


@pytest.mark.database
def test_many_entries_take_a_query_for_their_segments_and_one_for_each_page(stage: Scene) -> None:
    with stage.ledger.record.reading() as connection, noted(connection) as asked:
        entries_at(connection, range(4))
        assert len(asked) == 2


def test_values_are_named_to_a_query_so_many_at_a_time() -> None:
    assert [*batched("abcde", 2)] == [["a", "b"], ["c", "d"], ["e"]]
    assert [*batched([], 2)] == []
