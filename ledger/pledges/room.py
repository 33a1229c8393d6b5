"""The pledges room."""

from __future__ import annotations

from operator import itemgetter

from ledger.pledges import disposal, handlers, schemas
from ledger.pledges.models import DISPOSAL, PLEDGE
from ledger.statements.types import Circle, StatementType
from ledger.writer.room import Room

PARTY = Circle.PARTY
KEPT = "trade-20-years"
OWNER, BANK, REGISTRAR = ("enterprise",), ("bank",), ("registrar",)
QUANTITY, AMOUNT = itemgetter("quantity"), itemgetter("amount_fen")
Answer, Default, Extension = schemas.PledgeAnswer, schemas.PledgeDefault, schemas.PledgeExtension

STATEMENTS = (
    StatementType(
        "pledge.propose",
        1,
        PARTY,
        schemas.PledgeProposal,
        handlers.propose,
        OWNER,
        True,
        KEPT,
        amount=QUANTITY,
        trades=True,
    ),
    StatementType("pledge.accept", 1, PARTY, Answer, handlers.accept, BANK, True, KEPT),
    StatementType("pledge.decline", 1, PARTY, Answer, handlers.decline, BANK, False, KEPT),
    StatementType("pledge.withdraw", 1, PARTY, Answer, handlers.withdraw, OWNER, False, KEPT),
    StatementType(
        "pledge.register",
        1,
        PARTY,
        schemas.PledgeRegistration,
        handlers.register,
        REGISTRAR,
        True,
        KEPT,
    ),
    StatementType(
        "pledge.release", 1, PARTY, schemas.PledgeRelease, handlers.release, BANK, True, KEPT
    ),
    StatementType("pledge.extend", 1, PARTY, Extension, handlers.extend, BANK, True, KEPT),
    StatementType(
        "pledge.default",
        1,
        PARTY,
        Default,
        handlers.default,
        BANK,
        True,
        KEPT,
        terms=(handlers.NOTICE_DAYS,),
    ),
    StatementType(
        "pledge.dispose",
        1,
        PARTY,
        schemas.PledgeDisposal,
        disposal.dispose,
        BANK,
        True,
        KEPT,
        amount=AMOUNT,
    ),
    StatementType(
        "pledge.recall", 1, PARTY, schemas.DisposalAnswer, disposal.withdraw, BANK, False, KEPT
    ),
    StatementType(
        "pledge.buy",
        1,
        PARTY,
        schemas.DisposalAnswer,
        disposal.buy,
        OWNER,
        True,
        KEPT,
        trades=True,
    ),
)

REACTIONS = {"party-closing": handlers.party_left}

ROOM = Room("pledges", STATEMENTS, (PLEDGE, DISPOSAL), REACTIONS)
