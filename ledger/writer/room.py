"""A room's one value: what it hands to writer, audit, migrations and doors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger.statements.types import StatementType
from ledger.writer.kinds import Kind
from ledger.writer.state import State

ROLES = (
    "enterprise",
    "verifier",
    "registrar",
    "exchange",
    "bank",
    "regulator",
    "finance",
    "mirror",
)
"""What an admitted party may be; each statement type says which of them may sign it."""


@dataclass(frozen=True)
class Due:
    """Something that falls due: what the scheduler states about it, exactly once.

    ``at`` is the instant in UTC milliseconds and ``item`` a name that no other item of this
    type ever has; together with the type they give the statement's id.  ``body`` follows from
    the state alone; the scheduler adds the salt of a confidential type.
    """

    at: int
    item: str
    type: str
    body: Mapping[str, Any]


def nothing_due(state: State, at: int) -> Iterable[Due]:
    """What falls due in a room where nothing does."""
    return ()


@dataclass(frozen=True)
class Room:
    """The furniture of a room, listed by the composition root in house order.

    ``reactions`` answer events of rooms below within the same outcome, at once and in the
    circle of the statement.  ``sealed_reactions`` follow when the statement is decided; they may
    read and change private rows even behind a public statement, so the public sees their digests.

    ``due`` lists what has fallen due by an instant and is not yet done (DESIGN.md §3, Time); the
    writer states it under the scheduler's key before any other statement, so a handler of such a
    type checks that its item is due, and its acceptance must take the item off the list.
    """

    name: str
    statements: tuple[StatementType, ...] = ()
    kinds: tuple[Kind, ...] = ()
    reactions: Mapping[str, Callable[[Any, Mapping[str, Any]], None]] = field(default_factory=dict)
    sealed_reactions: Mapping[str, Callable[[Any, Mapping[str, Any]], None]] = field(
        default_factory=dict
    )
    due: Callable[[State, int], Iterable[Due]] = nothing_due
