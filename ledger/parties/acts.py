"""What happened to a party, one row an act, so that its page need not read the whole log."""

from __future__ import annotations

from typing import Any

from ledger.parties.people_models import ACT
from ledger.writer.context import Context


def note(context: Context, party: str, document: str | None = None, **detail: Any) -> None:
    """Add this entry to the history of ``party``; ``detail`` names nobody.

    An entry does one thing to a party; a batch does one an operation, which ``place`` counts.
    """
    operation = context.id.partition("/")[2]
    context.insert(
        ACT,
        {
            "party": party,
            "index": context.index,
            "place": int(operation or 0),
            "type": context.type,
            "document": document,
            "detail": detail,
            "at": context.at,
        },
    )
