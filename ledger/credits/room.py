"""The credits room."""

from __future__ import annotations

from operator import itemgetter

from ledger.credits import handlers, leaving, schemas
from ledger.credits.models import BATCH, BLOCK, FATE, RETIREMENT, TRANSFER
from ledger.statements.types import Circle, StatementType
from ledger.writer.room import Room

PUBLIC, PARTY = Circle.PUBLIC, Circle.PARTY
KEPT = "trade-20-years"
OWNER = ("enterprise",)
QUANTITY = itemgetter("quantity")

STATEMENTS = (
    StatementType(
        "credit.issue",
        1,
        PUBLIC,
        schemas.Issuance,
        handlers.issue,
        ("registrar",),
        True,
        KEPT,
        amount=QUANTITY,
    ),
    StatementType(
        "credit.move",
        1,
        PARTY,
        schemas.Move,
        handlers.shift,
        OWNER,
        False,
        KEPT,
        amount=QUANTITY,
        trades=True,
    ),
    StatementType(
        "credit.transfer",
        1,
        PARTY,
        schemas.Transfer,
        handlers.propose,
        OWNER,
        True,
        KEPT,
        amount=QUANTITY,
        trades=True,
    ),
    StatementType(
        "credit.accept",
        1,
        PARTY,
        schemas.TransferAnswer,
        handlers.accept,
        OWNER,
        False,
        KEPT,
        trades=True,
    ),
    StatementType(
        "credit.decline", 1, PARTY, schemas.TransferAnswer, handlers.decline, OWNER, False, KEPT
    ),
    StatementType(
        "credit.withdraw", 1, PARTY, schemas.TransferAnswer, handlers.withdraw, OWNER, False, KEPT
    ),
    StatementType(
        "credit.expire",
        1,
        PARTY,
        schemas.TransferAnswer,
        handlers.expire,
        ("scheduler",),
        False,
        KEPT,
    ),
    StatementType(
        "credit.retire",
        1,
        PARTY,
        schemas.Retirement,
        handlers.retire,
        OWNER,
        True,
        KEPT,
        amount=QUANTITY,
    ),
)

ROOM = Room(
    "credits",
    STATEMENTS,
    (BATCH, BLOCK, FATE, RETIREMENT, TRANSFER),
    {"party-closing": leaving.nothing_offered, "project-moved": leaving.nothing_alive},
    due=handlers.due,
)
