"""The restraints room: freezes, transfers without trade, cancellations, duties to replace."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from ledger.restraints import handlers, owing, replacing, schemas
from ledger.restraints.limits import check_limit
from ledger.restraints.models import (
    DUTY,
    DUTY_PART,
    FREEZE,
    ORDER,
    REASSIGNMENT,
    REMISSION,
    SEIZURE,
)
from ledger.statements.types import Circle, StatementType
from ledger.writer.room import Due, Room
from ledger.writer.state import State

PARTY = Circle.PARTY
KEPT = "trade-20-years"
REGISTRAR, OWNER, CLOCK = ("registrar",), ("enterprise",), ("scheduler",)
QUANTITY = itemgetter("quantity")

STATEMENTS = (
    StatementType(
        "freeze.order",
        1,
        PARTY,
        schemas.FreezeOrder,
        handlers.order,
        REGISTRAR,
        True,
        KEPT,
        rules=(handlers.DAYS_MAX,),
    ),
    StatementType(
        "freeze.renew",
        1,
        PARTY,
        schemas.FreezeRenewal,
        handlers.renew,
        REGISTRAR,
        True,
        KEPT,
        rules=(handlers.DAYS_MAX,),
    ),
    StatementType(
        "freeze.lift", 1, PARTY, schemas.FreezeLift, handlers.lift, REGISTRAR, True, KEPT
    ),
    StatementType(
        "freeze.lapse", 1, PARTY, schemas.FreezeLapse, handlers.lapse, CLOCK, False, KEPT
    ),
    StatementType(
        "freeze.execute", 1, PARTY, schemas.FreezeExecution, handlers.execute, REGISTRAR, True, KEPT
    ),
    StatementType(
        "credit.reassign", 1, PARTY, schemas.Reassignment, handlers.reassign, REGISTRAR, True, KEPT
    ),
    StatementType(
        "credit.cancel", 1, PARTY, schemas.Cancellation, replacing.cancel, REGISTRAR, True, KEPT
    ),
    StatementType(
        "duty.freeze", 1, PARTY, schemas.DutyFreeze, owing.freeze_held, CLOCK, False, KEPT
    ),
    StatementType(
        "duty.discharge",
        1,
        PARTY,
        schemas.Discharge,
        replacing.discharge,
        OWNER,
        True,
        KEPT,
        amount=QUANTITY,
        terms=(owing.DAYS,),
    ),
    StatementType(
        "duty.remit", 1, PARTY, schemas.Remission, replacing.remit, REGISTRAR, True, KEPT
    ),
    StatementType(
        "duty.lapse", 1, Circle.PUBLIC, schemas.DutyLapse, replacing.lapse_duty, CLOCK, False, KEPT
    ),
)


def due(state: State, at: int) -> Iterator[Due]:
    """Freezes that have run out and duties that are overdue; only a holder of all sees freezes."""
    yield from replacing.due(state, at)
    yield from handlers.due(state, at)


ROOM = Room(
    "restraints",
    STATEMENTS,
    (FREEZE, ORDER, REASSIGNMENT, DUTY, DUTY_PART, REMISSION, SEIZURE),
    reactions={
        "opinion-withdrawn": owing.after_opinion,
        "validation-withdrawn": owing.after_validation,
        "project-succeeded": owing.owner_succeeded,
        "party-closing": replacing.nothing_owed,
        "parameter-set": check_limit,
    },
    due=due,
)
