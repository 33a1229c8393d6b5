"""The working state that decisions read and change.

Rows come from a loader on first use and stay cached.  Every change goes through a
journal, so that a refused statement leaves no trace and an accepted one can be
written into its outcome.  Rows are never mutated in place: a change is a new row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar, cast

from ledger.writer.dated import Calendar
from ledger.writer.errors import BrokenInvariant
from ledger.writer.groups import join, leave
from ledger.writer.kinds import Falls, Key, Kind, Row


class Loader(Protocol):
    """Where rows come from when the state does not hold them."""

    def row(self, kind: Kind, key: Key) -> Row | None:
        """One row, or None."""

    def group(self, kind: Kind, columns: tuple[str, ...], value: Key) -> Iterable[Row]:
        """Every row whose ``columns`` equal ``value``."""

    def dated(self, kind: Kind, falls: Falls) -> Iterable[Row]:
        """Every row that waits for its instant."""


class Follower(Protocol):
    """What is kept beside the rows of a kind in a form of its own, as long as the state lives."""

    def note(self, before: Row | None, after: Row | None) -> None:
        """A row has changed, forward or by a rollback."""


F = TypeVar("F", bound=Follower)


class Nothing:
    """The loader of an empty ledger."""

    def row(self, kind: Kind, key: Key) -> Row | None:
        """Nothing is stored."""
        return None

    def group(self, kind: Kind, columns: tuple[str, ...], value: Key) -> Iterable[Row]:
        """Nothing is stored."""
        return ()

    def dated(self, kind: Kind, falls: Falls) -> Iterable[Row]:
        """Nothing is stored."""
        return ()


_UNREAD: Any = object()


class Change:
    """One step of the journal: the row before and after, and amounts where it was a posting."""

    __slots__ = ("after", "amounts", "before", "key", "kind")

    def __init__(
        self,
        kind: Kind,
        key: Key,
        before: Row | None,
        after: Row | None,
        amounts: dict[str, int] | None = None,
    ) -> None:
        self.kind = kind
        self.key = key
        self.before = before
        self.after = after
        self.amounts = amounts


class State:
    """Rows by kind and key, with groups, a journal and rollback.

    With ``public_only`` private kinds can be written (and are dropped) but not read:
    this is the state of an auditor who holds only the public log.
    """

    def __init__(self, loader: Loader, *, public_only: bool = False) -> None:
        self._loader = loader
        self._public_only = public_only
        self._rows: dict[Kind, dict[Key, Row | None]] = {}
        # Per kind and group that was ever asked for: every member that was set or loaded, sorted,
        # and which values have been loaded. A value that is new costs no walk over all rows.
        self._groups: dict[tuple[Kind, str], dict[Key, list[Key]]] = {}
        self._loaded: set[tuple[Kind, str, Key]] = set()
        self._gathered: set[tuple[Kind, str, Key]] = set()
        self._dated: dict[Kind, Calendar] = {}
        self._memos: dict[Kind, dict[Any, Any]] = {}
        self._followers: dict[Kind, Follower] = {}
        self.journal: list[Change] = []
        self.dirty: set[tuple[Kind, Key]] = set()
        self.tallied: dict[tuple[str, Any], int] = {}
        """By kind and value: how much its sum has grown since it was written."""

    def __len__(self) -> int:
        return sum(len(rows) for rows in self._rows.values())

    def get(self, kind: Kind, *key: Any) -> Row | None:
        """The row of ``key``, or None."""
        rows = self._rows.get(kind)
        if rows is None:
            rows = self._rows[kind] = {}
        found = rows.get(key, _UNREAD)
        if found is not _UNREAD:
            return found  # type: ignore[no-any-return]  # the sentinel is of no type
        if self._public_only and not kind.public:
            raise BrokenInvariant("private-read", kind=kind.name)
        row = rows[key] = self._loader.row(kind, key)
        return row

    def memo(self, kind: Kind) -> dict[Any, Any]:
        """What a reader has worked out from rows of a kind; gone when one of them changes."""
        return self._memos.setdefault(kind, {})

    def children(self, kind: Kind, group: str, *value: Any) -> list[Key]:
        """Keys of the rows in a group, sorted."""
        return list(self._members(kind, group, value))

    def members(self, kind: Kind, group: str, *value: Any) -> list[Row]:
        """The rows in a group, sorted by their keys."""
        keys, rows = self._members(kind, group, value), self._rows[kind]
        return [row for key in keys if (row := rows[key]) is not None]

    def _members(self, kind: Kind, group: str, value: Key) -> Sequence[Key]:
        index = self._groups.get((kind, group))
        if index is not None and (kind, group, value) in self._loaded:
            return index.get(value, ())
        columns = kind.groups[group]
        rows = self._rows.setdefault(kind, {})
        if index is None:
            index = self._groups[kind, group] = {}
            for key, held in rows.items():
                if (its := kind.value_of(held, columns)) is not None:
                    join(index.setdefault(its, []), key)
        members = index.setdefault(value, [])
        for row in self._loader.group(kind, columns, value):
            held = rows.setdefault(kind.key_of(row), row)
            if kind.value_of(held, columns) == value:
                join(members, kind.key_of(row))
        self._loaded.add((kind, group, value))
        return members

    def gather(self, kind: Kind, group: str, *value: Any) -> list[Row]:
        """The rows in a group, in no order; unlike ``children`` it leaves no group to be kept.

        For large groups that are asked for rarely and change often.  Costs a look at every
        cached row of the kind.
        """
        columns = kind.groups[group]
        rows = self._rows.setdefault(kind, {})
        if not any((kind, group, value) in known for known in (self._loaded, self._gathered)):
            for row in self._loader.group(kind, columns, value):
                rows.setdefault(kind.key_of(row), row)
            self._gathered.add((kind, group, value))
        found = [row for row in rows.values() if kind.value_of(row, columns) == value]
        return [row for row in found if row is not None]

    def follow(self, kind: Kind, make: Callable[[], F]) -> F:
        """What is kept beside a kind's rows and told of each change; made when first asked for."""
        found = self._followers.get(kind)
        if found is None:
            found = self._followers[kind] = make()
        return cast(F, found)

    def overdue(self, kind: Kind, at: int) -> list[Row]:
        """The rows of a kind that have fallen due by ``at``, earliest first, then by key.

        Raises TypeError for a kind whose rows do not fall due.
        """
        if kind.falls is None:
            raise TypeError(f"{kind.name} does not say when its rows fall due")
        calendar = self._dated.get(kind)
        if calendar is None:
            calendar = self._dated[kind] = Calendar(kind.falls, self._waiting(kind, kind.falls))
        rows: dict[Key, tuple[int, Row]] = {}
        for instant, key in calendar.until(at):
            row = self.get(kind, *key)
            if row is not None and kind.falls.of(row) == instant:
                rows[key] = (instant, row)
        calendar.put_back((instant, key) for key, (instant, _) in rows.items())
        return [row for _, row in rows.values()]

    def may_be_due(self, at: int) -> bool:
        """Whether a row of the kinds asked for so far falls due by ``at``; it may prove void."""
        for calendar in self._dated.values():
            first = calendar.first()
            if first is not None and first <= at:
                return True
        return False

    def _waiting(self, kind: Kind, falls: Falls) -> Iterable[tuple[Key, Row]]:
        rows = self._rows.setdefault(kind, {})
        for row in self._loader.dated(kind, falls):
            rows.setdefault(kind.key_of(row), row)
        return [(key, row) for key, row in rows.items() if row is not None]

    def put(self, kind: Kind, row: Row) -> None:
        """Insert or replace a row."""
        key = kind.key_of(row)
        before = None if self._blind(kind) else self.get(kind, *key)
        self.journal.append(Change(kind, key, before, row))
        self._set(kind, key, before, row)

    def insert(self, kind: Kind, row: Row) -> None:
        """Put a row under a key that the caller knows to be free, so that nothing is read.

        Raises BrokenInvariant ``row-exists`` where the state knows better.
        """
        key = kind.key_of(row)
        rows = self._rows.get(kind)
        if rows is not None and rows.get(key) is not None:
            raise BrokenInvariant("row-exists", kind=kind.name, key=list(key))
        self.journal.append(Change(kind, key, None, row))
        self._set(kind, key, None, row)

    def delete(self, kind: Kind, *key: Any) -> None:
        """Remove a row."""
        before = None if self._blind(kind) else self.get(kind, *key)
        self.journal.append(Change(kind, key, before, None))
        self._set(kind, key, before, None)

    def add(self, kind: Kind, key: Key, **amounts: int) -> None:
        """Post signed amounts to the delta columns of a row, which is made if absent."""
        if self._blind(kind):
            self.journal.append(Change(kind, key, None, None, amounts))
            return
        before = self.get(kind, *key)
        row = dict(before) if before is not None else kind.blank(key)
        for column, amount in amounts.items():
            row[column] += amount
            if row[column] < 0 and not (kind.floor_free and kind.floor_free(key)):
                raise BrokenInvariant("negative-balance", kind=kind.name, key=list(key))
        self.journal.append(Change(kind, key, before, row, amounts))
        self._set(kind, key, before, row)

    def reload_from(self, loader: Loader) -> None:
        """Read further rows through another loader: the same data, a new connection."""
        self._loader = loader

    @property
    def public_only(self) -> bool:
        """Whether private rows are out of sight."""
        return self._public_only

    def mark(self) -> int:
        """The present end of the journal."""
        return len(self.journal)

    def rollback(self, mark: int) -> None:
        """Undo every change after ``mark``."""
        while len(self.journal) > mark:
            change = self.journal.pop()
            self._set(change.kind, change.key, change.after, change.before)

    def settle(self) -> None:
        """Forget the journal; what it touched stays listed in ``dirty``, sums in ``tallied``."""
        seen = self.journal
        if self._public_only:
            seen = [change for change in seen if change.kind.public]
        self.dirty.update([(change.kind, change.key) for change in seen])
        for change in seen:
            if change.kind.tally is not None:
                self._count(change.kind, change.before, -1)
                self._count(change.kind, change.after, 1)
        self.journal.clear()

    def _count(self, kind: Kind, row: Row | None, sign: int) -> None:
        if row is not None and kind.tally is not None:
            place = (kind.name, row[kind.tally.by])
            self.tallied[place] = self.tallied.get(place, 0) + sign * row[kind.tally.of]

    def written(self) -> None:
        """What has changed so far is on disk."""
        self.dirty.clear()
        self.tallied.clear()

    def forget(self) -> None:
        """Forget the journal and what it touched: a replayer writes nothing."""
        self.journal.clear()

    def rows(self, kind: Kind) -> dict[Key, Row]:
        """Every cached, present row of a kind."""
        return {k: r for k, r in self._rows.get(kind, {}).items() if r is not None}

    def _blind(self, kind: Kind) -> bool:
        return self._public_only and not kind.public

    def _set(self, kind: Kind, key: Key, before: Row | None, after: Row | None) -> None:
        if self._public_only and not kind.public:
            return
        rows = self._rows.get(kind)
        if rows is None:
            rows = self._rows[kind] = {}
        rows[key] = after
        if kind in self._memos:
            del self._memos[kind]
        if (calendar := self._dated.get(kind)) is not None:
            calendar.note(key, before, after)
        if (follower := self._followers.get(kind)) is not None:
            follower.note(before, after)
        if before is not None and after is not None and kind.fixed_groups:
            return
        for group, columns in kind.groups.items():
            index = self._groups.get((kind, group))
            if index is None:
                continue
            old, new = kind.value_of(before, columns), kind.value_of(after, columns)
            if old is not None and old != new and (members := index.get(old)):
                leave(members, key)
            if new is not None:
                join(index.setdefault(new, []), key)
