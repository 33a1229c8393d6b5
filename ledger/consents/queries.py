"""Reads of consents: which hold for a reader, and whether one holds for a scope."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ledger.consents.models import ConsentState, consent_table
from ledger.writer.kinds import Row
from ledger.writer.store import plain


def holding(connection: Connection, giver: str, reader: str, scope: str, at: int) -> Row | None:
    """The consent of a giver that lets a reader see a scope at ``at`` (UTC ms); the newest."""
    held = standing(connection, giver, reader, at)
    return next((row for row in held if scope in row["scope"]), None)


def standing(connection: Connection, giver: str, reader: str, at: int) -> list[Row]:
    """Every consent of a giver that lets a reader see anything at ``at``, the newest first.

    It is over with its last day, even where the scheduler has not said so yet.
    """
    table = consent_table.c
    query = select(consent_table).where(
        table.giver == giver,
        table.reader == reader,
        table.state == ConsentState.GIVEN,
        table.until_at > at,
    )
    rows = connection.execute(query.order_by(table.index.desc())).mappings()
    return [plain(row) for row in rows]
