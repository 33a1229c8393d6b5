"""A rehearsal as it is told: what the record would answer, and every rule that is against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.queries import people_of
from ledger.statements.instants import format_instant
from ledger.statements.types import StatementType
from ledger.writer.engine import Engine
from ledger.writer.rehearsal import Rehearsed, rehearse
from portal.record import Record
from portal.shell.texts import LANGUAGES, say


def rehearsed(
    engine: Engine,
    record: Record,
    declared: StatementType,
    party: str,
    body: Mapping[str, Any],
    now: int,
) -> Rehearsed:
    """A body of a type decided for a party as of ``now``, by whoever could sign for it.

    Raises Malformed naming the field for a body that the type does not take.
    """
    with record.reading() as connection:
        return rehearse(
            engine,
            connection,
            record.origin,
            declared.name,
            party,
            body,
            people_of(connection, party),
            now,
            declared.version,
        )


def told(made: Rehearsed) -> dict[str, Any]:
    """The rehearsal as JSON; each fault with its words in every language."""
    faults = [
        {
            "code": fault.code,
            "params": dict(fault.params),
            "title": {name: say(f"problem.{fault.code}", name) for name in LANGUAGES},
        }
        for fault in made.faults
    ]
    return {
        "accepted": not faults,
        "faults": faults,
        "people": made.people,
        "size": made.size,
        "at": format_instant(made.at),
    }
