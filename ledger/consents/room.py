"""The consents room."""

from __future__ import annotations

from ledger.consents import handlers, schemas
from ledger.consents.models import CONSENT
from ledger.statements.types import Circle, StatementType
from ledger.writer.room import Room

KEPT = "trade-20-years"
OWNER = ("enterprise",)
END = schemas.ConsentEnd

STATEMENTS = (
    StatementType(
        "consent.give", 1, Circle.PARTY, schemas.Consent, handlers.give, OWNER, False, KEPT
    ),
    StatementType("consent.withdraw", 1, Circle.PARTY, END, handlers.withdraw, OWNER, False, KEPT),
    StatementType(
        handlers.LAPSE, 1, Circle.PARTY, END, handlers.lapse, ("scheduler",), False, KEPT
    ),
)

REACTIONS = {"party-closing": handlers.giver_left}

ROOM = Room("consents", STATEMENTS, (CONSENT,), REACTIONS, due=handlers.due)
