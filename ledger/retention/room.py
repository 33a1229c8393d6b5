"""The retention room."""

from __future__ import annotations

from ledger.retention import handlers, schemas
from ledger.statements.types import Circle, StatementType
from ledger.writer.kept import ATTACHED, ERASURE
from ledger.writer.room import ROLES, Room

STATEMENTS = (
    StatementType(
        "attachment.erase",
        1,
        Circle.PARTY,
        schemas.AttachmentErasure,
        handlers.erase_attachment,
        ROLES,
        True,
        "permanent",
    ),
    StatementType(
        "body.erase",
        1,
        Circle.PUBLIC,
        schemas.BodyErasure,
        handlers.erase_bodies,
        ("regulator",),
        True,
        "permanent",
    ),
)

ROOM = Room("retention", STATEMENTS, (ATTACHED, ERASURE))
