"""The credits room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any

from ledger.credits import handlers, leaving, locks, recalling, schemas
from ledger.credits.beneficiaries import CONSENT, FORM, check_form
from ledger.credits.mass import check_mass
from ledger.credits.models import (
    BATCH,
    BENEFICIARY,
    BLOCK,
    CLEARING,
    FATE,
    ISSUANCE,
    RETIREMENT,
    SERIAL_LOCK,
    TRANSFER,
)
from ledger.credits.purposes import PREFIX, check_list
from ledger.credits.uses_models import SERIAL_USE
from ledger.projects.schemas import CLASSES
from ledger.statements.types import Circle, StatementType
from ledger.writer.context import Context
from ledger.writer.room import Due, Room
from ledger.writer.state import State

PUBLIC, PARTY = Circle.PUBLIC, Circle.PARTY
KEPT = "trade-20-years"
OWNER = ("enterprise",)
LOCKERS = ("registrar", "regulator")
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
        terms=(handlers.OPEN_DAYS,),
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
        "credit.recall", 1, PARTY, schemas.TransferAnswer, recalling.recall, OWNER, False, KEPT
    ),
    StatementType(
        "credit.settle",
        1,
        PARTY,
        schemas.TransferAnswer,
        recalling.settle,
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
        attachments=(CONSENT,),
        attachments_kept="on-request",
        amount=QUANTITY,
        rules=(*(PREFIX + credit_class for credit_class in CLASSES), FORM),
    ),
    StatementType("serial.lock", 1, PUBLIC, schemas.SerialLock, locks.lock, LOCKERS, True, KEPT),
    StatementType(
        "serial.unlock", 1, PUBLIC, schemas.SerialUnlock, locks.unlock, LOCKERS, True, KEPT
    ),
)


def due(state: State, at: int) -> Iterator[Due]:
    """Proposals that nobody answered, and transfers whose recall window is over."""
    yield from handlers.due(state, at)
    yield from recalling.due(state, at)


def check_parameter(context: Context, params: Mapping[str, Any]) -> None:
    """Hold what is stated of purposes, beneficiaries and mass to a form that is read."""
    check_list(context, params)
    check_form(context, params)
    check_mass(context, params)


ROOM = Room(
    "credits",
    STATEMENTS,
    (
        BATCH,
        ISSUANCE,
        BLOCK,
        FATE,
        RETIREMENT,
        BENEFICIARY,
        TRANSFER,
        CLEARING,
        SERIAL_LOCK,
        SERIAL_USE,
    ),
    {
        "party-closing": leaving.nothing_offered,
        "project-moved": leaving.nothing_alive,
        "parameter-set": check_parameter,
    },
    sealed_reactions={"serials-locked": locks.serials_locked},
    due=due,
)
