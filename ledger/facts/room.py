"""The facts room."""

from __future__ import annotations

from ledger.facts import handlers, schemas
from ledger.facts.models import FACT, INDICATOR, PRIVATE_FACT
from ledger.statements.types import Circle, StatementType
from ledger.writer.room import ROLES, Room

FOREVER = "permanent"

STATEMENTS = (
    StatementType(
        "indicator.define",
        1,
        Circle.PUBLIC,
        schemas.IndicatorDefinition,
        handlers.define,
        ("regulator",),
        True,
        FOREVER,
    ),
    StatementType(
        "fact.publish",
        1,
        Circle.PUBLIC,
        schemas.Observation,
        handlers.publish,
        ROLES,
        True,
        FOREVER,
    ),
    StatementType(
        "fact.report",
        1,
        Circle.PARTY,
        schemas.Observation,
        handlers.report,
        ROLES,
        False,
        "trade-20-years",
    ),
)

ROOM = Room("facts", STATEMENTS, (INDICATOR, FACT, PRIVATE_FACT))
