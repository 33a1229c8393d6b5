"""A rehearsal as it is told: what the record would answer, and every rule that is against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.queries import people_of
from ledger.statements.attachments import (
    Attachment,
    check_documents,
    parse_attachments,
    read_attachments,
)
from ledger.statements.canonical import parse, pointer
from ledger.statements.errors import Malformed
from ledger.statements.instants import format_instant
from ledger.statements.types import StatementType
from ledger.writer.engine import Engine
from ledger.writer.rehearsal import Rehearsed, rehearse
from market.orders.models import ORDER
from portal.home.record import Record
from portal.shell.texts import LANGUAGES, say
from portal.statements.signing import with_digests


def read_rehearsal(data: bytes) -> tuple[dict[str, Any], dict[str, Attachment]]:
    """What is to be rehearsed: a body alone, or ``{body, attachments}`` as a submission has them.

    No type has a field ``body``, which tells the two apart.  A body may state the digests of what
    is attached, which are then held against it.  Raises Malformed naming the field.
    """
    said = parse(data)
    if not isinstance(said, dict):
        raise Malformed("not-an-object", "/body")
    if "body" not in said:
        return said, {}
    for name in sorted(said.keys() - {"body", "attachments"}):
        raise Malformed("field-unknown", f"/{pointer(name)}")
    body, attached = said["body"], said.get("attachments", {})
    if not isinstance(body, dict):
        raise Malformed("not-an-object", "/body")
    if "attachments" in body:
        return body, parse_attachments(attached, body["attachments"])
    return body, read_attachments(attached)


def rehearsed(
    engine: Engine,
    record: Record,
    declared: StatementType,
    party: str,
    body: Mapping[str, Any],
    now: int,
    attachments: Mapping[str, Attachment] | None = None,
) -> Rehearsed:
    """A body of a type decided for a party as of ``now``, by whoever could sign for it.

    What is attached is judged by its digest, as on the way to the record, and kept nowhere.
    Raises Malformed naming the field for a body or attachment that the type does not take.
    """
    check_documents(body, attachments or {})
    stated = with_digests(declared, body, attachments or {})
    with record.reading() as connection:
        return rehearse(
            engine,
            connection,
            record.origin,
            declared.name,
            party,
            stated,
            people_of(connection, party),
            now,
            declared.version,
        )


def told(made: Rehearsed) -> dict[str, Any]:
    """The rehearsal as JSON; each fault with its words in every language.

    ``order`` is what an order that it accepts would come to: its state, and how much of its
    quantity would be filled; null for all else.
    """
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
        "order": None if faults else _order(made),
    }


def _order(made: Rehearsed) -> dict[str, Any] | None:
    for row in made.state.rows(ORDER).values():
        if row["index"] == made.size:  # the entry that this would be
            filled = row["quantity"] - row["remaining"]
            return {"state": row["state"], "quantity": row["quantity"], "filled": filled}
    return None
