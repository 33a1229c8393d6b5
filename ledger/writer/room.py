"""A room's one value: what it hands to writer, audit, migrations and doors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger.statements.types import StatementType
from ledger.writer.kinds import Kind

ROLES = ("enterprise", "verifier", "registrar", "exchange", "bank", "regulator", "mirror")
"""What an admitted party may be; each statement type says which of them may sign it."""


@dataclass(frozen=True)
class Room:
    """The furniture of a room, listed by the composition root in house order.

    ``reactions`` answer events of rooms below within the same outcome, at once and in the
    circle of the statement.  ``sealed_reactions`` follow when the statement is decided; they may
    read and change private rows even behind a public statement, so the public sees their digests.
    """

    name: str
    statements: tuple[StatementType, ...] = ()
    kinds: tuple[Kind, ...] = ()
    reactions: Mapping[str, Callable[[Any, Mapping[str, Any]], None]] = field(default_factory=dict)
    sealed_reactions: Mapping[str, Callable[[Any, Mapping[str, Any]], None]] = field(
        default_factory=dict
    )
