"""What a projection row is: its table, its key, who may see it.

A *kind* ties a name that is stable in outcomes to one SQL table.  Rooms declare kinds;
state, outcome, projection, rebuild and audit then work from the declaration alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any

from sqlalchemy import Table

Row = dict[str, Any]
Key = tuple[Any, ...]
Parties = Callable[[Row], tuple[str, ...]]


@dataclass(frozen=True)
class Falls:
    """When a row falls due: at ``column`` (UTC milliseconds) while ``when`` is ``value``.

    A row whose ``column`` is None never falls due.
    """

    column: str
    when: str
    value: str

    def of(self, row: Row | None) -> int | None:
        """The instant, or None where the row waits for nothing."""
        if row is None or row[self.when] != self.value:
            return None
        instant: int | None = row[self.column]
        return instant


@dataclass(frozen=True)
class Tally:
    """What is summed over a kind's rows, so that no reader need add them up.

    For each value of the column ``by``, the sum of the integer column ``of``; kept in the table
    of tallies (ledger/writer/tables.py) by every commit that changes a row.
    """

    by: str
    of: str


@dataclass(frozen=True, eq=False)
class Kind:
    """One sort of row in the state.

    ``parties`` tells whom a private row concerns; ``None`` makes the kind public.
    ``deltas`` names integer columns that change only by signed amounts, so that a
    handler may post to a row which it is not allowed to read; for such kinds
    ``conserved`` names the key column within which all amounts of an outcome sum to zero.
    ``floor_free`` tells which rows may go below zero (contra accounts).
    ``falls`` tells which rows fall due, and when.  ``grouped`` tells which rows the groups hold
    where not all of them do: those that are over would only make the groups long, and a value
    that only they have must never be asked for.
    ``tally`` names a sum over the rows that is kept beside them.
    """

    name: str
    table: Table
    parties: Parties | None = None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deltas: tuple[str, ...] = ()
    conserved: str | None = None
    floor_free: Callable[[Key], bool] | None = None
    falls: Falls | None = None
    grouped: Callable[[Row], bool] | None = None
    tally: Tally | None = None

    @cached_property
    def public(self) -> bool:
        """Whether anyone may read rows of this kind."""
        return self.parties is None

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns, in table order."""
        return tuple(str(column.name) for column in self.table.primary_key.columns)

    @cached_property
    def fixed_groups(self) -> bool:
        """Whether the key alone says which groups a row is in."""
        return all(set(columns) <= set(self.key) for columns in self.groups.values())

    @cached_property
    def key_of(self) -> Callable[[Mapping[str, Any]], Key]:
        """The key of a row."""
        if len(self.key) > 1:
            return itemgetter(*self.key)  # of several names a tuple
        (name,) = self.key
        return lambda row: (row[name],)

    def value_of(self, row: Row | None, columns: tuple[str, ...]) -> Key | None:
        """A row's value in a group of these columns, or None where the group does not hold it."""
        if row is None or (self.grouped is not None and not self.grouped(row)):
            return None
        return tuple([row[name] for name in columns])

    def blank(self, key: Key) -> Row:
        """A row of zeros, for the first posting to a key."""
        row: Row = dict(zip(self.key, key, strict=True))
        row.update(dict.fromkeys(self.deltas, 0))
        return row
