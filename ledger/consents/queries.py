"""Reads of consents: whether one holds for a reader and a scope at an instant."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ledger.consents.models import ConsentState, consent_table
from ledger.writer.kinds import Row
from ledger.writer.store import plain


def holding(connection: Connection, giver: str, reader: str, scope: str, at: int) -> Row | None:
    """The consent of a giver that lets a reader see a scope at ``at`` (UTC ms); the newest.

    It is over with its last day, even where the scheduler has not said so yet.
    """
    table = consent_table.c
    query = select(consent_table).where(
        table.giver == giver,
        table.reader == reader,
        table.state == ConsentState.GIVEN,
        table.until_at > at,
    )
    for row in connection.execute(query.order_by(table.index.desc())).mappings():
        found = plain(row)
        if scope in found["scope"]:
            return found
    return None
