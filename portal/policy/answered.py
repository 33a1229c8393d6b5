"""Certificates of recorded answers as they are handed out to those whose part they hold."""

from __future__ import annotations

from sqlalchemy import Connection

from incentives.grants import queries
from incentives.onrecord import certificate
from ledger.statements.canonical import parse
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from portal.home.record import Record
from portal.policy.questions import retold
from portal.proofs.disclosure import BODY_BYTES_MAX


def certified(
    record: Record, connection: Connection, name: str, party: str | None
) -> tuple[Row, bytes] | None:
    """Row and certificate of a recorded answer for a party, None for the supervisor.

    Nobody but who asked and whom it is about has one; of others None, as of what does not exist.
    Raises Refusal ``answer-told-otherwise`` where this version gives other bytes than the record
    has.
    """
    stated = queries.answer(connection, name, party)
    if stated is None or party not in (None, stated["asker"], stated["subject"]):
        return None
    again = retold(connection, stated)
    if again is None:
        raise Refusal("answer-told-otherwise", key=name)
    index = stated["index"]
    entry, receipt = record.entry(connection, index), record.receipt(connection, index)
    if entry is None or receipt is None:
        return None
    held = parse(entry.body, max_bytes=BODY_BYTES_MAX)
    part = next(part for part in held["parts"] if part["party"] == stated["subject"])
    whole = certificate.make(name, again["told"], part, entry.outcome, entry.leaf, receipt)
    return stated, whole
