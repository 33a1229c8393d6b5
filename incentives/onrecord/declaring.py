"""What was declared to a question whose answer goes on the record: canonical JSON in one text.

An input may be a number, a text, a day, a flag or a list of items, so that no fixed shape would
hold them all; the canonical form makes one declaration one text.
"""

from __future__ import annotations

from incentives.rules.declared import Declared
from ledger.statements.canonical import encode, parse
from ledger.statements.errors import Malformed
from ledger.writer.errors import Refusal

CHARACTERS_MAX = 20_000


def written(declared: object) -> str | None:
    """A declaration as a statement carries it; None for nothing declared."""
    return encode(declared).decode() if declared else None


def read(text: str | None) -> Declared:
    """The declaration that a statement carries.

    Raises Refusal ``declared-malformed`` for what is no canonical JSON object.
    """
    if text is None:
        return {}
    try:
        found = parse(text.encode())
    except Malformed as error:
        raise Refusal("declared-malformed", field="declared") from error
    if not isinstance(found, dict) or not found or encode(found) != text.encode():
        raise Refusal("declared-malformed", field="declared")
    return found
