"""What happened to a party, one row an act, so that its page need not read the whole log."""

from __future__ import annotations

from typing import Any

from ledger.parties.people_models import ACT
from ledger.writer.context import Context


def note(context: Context, party: str, document: str | None = None, **detail: Any) -> None:
    """Add this entry to the history of ``party``; ``detail`` names nobody."""
    context.put(
        ACT,
        {
            "party": party,
            "index": context.index,
            "place": len(context.children(ACT, "entry", party, context.index)),
            "type": context.type,
            "document": document,
            "detail": detail,
            "at": context.at,
        },
    )
