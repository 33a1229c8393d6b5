"""A rehearsal as it is told: what the record would answer, and every rule that is against it."""

from __future__ import annotations

from typing import Any

from ledger.statements.instants import format_instant
from ledger.writer.rehearsal import Rehearsed
from portal.shell.texts import LANGUAGES, say


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
