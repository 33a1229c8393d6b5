"""A group holds the rows that are in it now, wherever they come from."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.projects.models import PROJECT
from ledger.writer.groups import join, leave
from ledger.writer.kinds import Key, Kind, Row
from ledger.writer.state import Nothing, State


class Stored(Nothing):
    """Rows of a database, and how often a group of them was read."""

    def __init__(self, *rows: Row) -> None:
        self.rows = rows
        self.asked: list[Key] = []

    def row(self, kind: Kind, key: Key) -> Row | None:
        return next((row for row in self.rows if kind.key_of(row) == key), None)

    def group(self, kind: Kind, columns: tuple[str, ...], value: Key) -> Iterable[Row]:
        self.asked.append(value)
        return [row for row in self.rows if tuple(row[c] for c in columns) == value]


def project(name: str, owner: str) -> Row:
    return {"project": name, "owner": owner}


def owned(state: State, owner: str) -> list[str]:
    return [key[0] for key in state.children(PROJECT, "owner", owner)]


def test_rows_of_the_state_and_of_the_database_stand_together() -> None:
    state = State(Stored(project("p1", "a"), project("p3", "a"), project("q", "b")))
    state.put(PROJECT, project("p2", "a"))
    assert owned(state, "a") == ["p1", "p2", "p3"]
    state.put(PROJECT, project("p0", "a"))
    assert owned(state, "a") == ["p0", "p1", "p2", "p3"]
    assert owned(state, "b") == ["q"]
    assert owned(state, "nobody") == []


def test_members_are_the_rows_of_the_keys_as_they_are_now() -> None:
    state = State(Stored(project("p1", "a"), {**project("p3", "a"), "name": "stored"}))
    state.put(PROJECT, project("p2", "a"))
    assert [row["project"] for row in state.members(PROJECT, "owner", "a")] == ["p1", "p2", "p3"]
    state.put(PROJECT, {**project("p3", "a"), "name": "changed"})
    state.delete(PROJECT, "p1")
    mark = state.mark()
    state.put(PROJECT, project("p2", "b"))
    assert state.members(PROJECT, "owner", "a") == [{**project("p3", "a"), "name": "changed"}]
    state.rollback(mark)
    assert [row["project"] for row in state.members(PROJECT, "owner", "a")] == ["p2", "p3"]
    assert state.members(PROJECT, "owner", "nobody") == []


def test_a_group_is_read_once() -> None:
    stored = Stored(project("p1", "a"))
    state = State(stored)
    for _ in range(3):
        assert owned(state, "a") == ["p1"]
    assert stored.asked == [("a",)]


def test_a_row_that_has_moved_is_in_its_new_group_alone() -> None:
    state = State(Stored(project("p1", "a"), project("p2", "a")))
    state.put(PROJECT, project("p1", "b"))  # before either group was asked for
    assert owned(state, "b") == ["p1"]
    assert owned(state, "a") == ["p2"]
    state.put(PROJECT, project("p2", "b"))
    assert (owned(state, "a"), owned(state, "b")) == ([], ["p1", "p2"])
    state.delete(PROJECT, "p1")
    assert owned(state, "b") == ["p2"]


def test_what_is_rolled_back_was_never_there() -> None:
    state = State(Stored(project("p1", "a")))
    assert owned(state, "a") == ["p1"]
    mark = state.mark()
    state.put(PROJECT, project("p1", "b"))
    state.put(PROJECT, project("p2", "c"))
    assert (owned(state, "a"), owned(state, "b"), owned(state, "c")) == ([], ["p1"], ["p2"])
    state.rollback(mark)
    assert (owned(state, "a"), owned(state, "b"), owned(state, "c")) == (["p1"], [], [])


def test_a_group_is_sorted_however_it_was_filled_and_holds_a_key_once() -> None:
    members: list[Key] = []
    for name in ("c", "a", "b", "a"):
        join(members, (name,))
    assert members == [("a",), ("b",), ("c",)]
    leave(members, ("b",))
    leave(members, ("b",))
    assert members == [("a",), ("c",)]


def test_what_was_asked_for_does_not_change_with_the_state() -> None:
    state = State(Stored(project("p1", "a")))
    before = state.children(PROJECT, "owner", "a")
    state.put(PROJECT, project("p2", "a"))
    state.delete(PROJECT, "p1")
    assert (before, owned(state, "a")) == ([("p1",)], ["p2"])


class Told:
    """A follower that keeps what it is told."""

    def __init__(self) -> None:
        self.changes: list[tuple[Row | None, Row | None]] = []

    def note(self, before: Row | None, after: Row | None) -> None:
        self.changes.append((before, after))


def test_a_gathered_group_is_read_once_and_keeps_no_index() -> None:
    stored = Stored(project("p1", "a"), project("p2", "b"))
    state = State(stored)
    state.put(PROJECT, project("p3", "a"))
    for _ in range(2):
        gathered = state.gather(PROJECT, "owner", "a")
        assert sorted(row["project"] for row in gathered) == ["p1", "p3"]
    assert stored.asked == [("a",)]
    state.put(PROJECT, project("p1", "b"))
    assert [row["project"] for row in state.gather(PROJECT, "owner", "a")] == ["p3"]
    assert owned(state, "b") == ["p1", "p2"]


def test_whoever_follows_a_kind_hears_of_every_change_and_its_undoing() -> None:
    state = State(Nothing())
    told = state.follow(PROJECT, Told)
    assert state.follow(PROJECT, Told) is told
    first, second = project("p1", "a"), project("p1", "b")
    state.put(PROJECT, first)
    mark = state.mark()
    state.put(PROJECT, second)
    state.rollback(mark)
    assert told.changes == [(None, first), (first, second), (second, first)]


def test_rows_that_are_over_leave_their_groups() -> None:
    kind = Kind(
        "project", PROJECT.table, groups=PROJECT.groups, grouped=lambda row: row["owner"] != "z"
    )
    state = State(Stored())
    state.put(kind, project("p1", "a"))
    assert state.children(kind, "owner", "a") == [("p1",)]
    state.put(kind, project("p1", "z"))
    assert state.children(kind, "owner", "a") == []
    assert state._groups[kind, "owner"].get(("z",)) is None
