"""The blocks room: large trades that two parties agree on, outside the quote."""

from __future__ import annotations

from operator import itemgetter

from ledger.statements.types import Circle, StatementType
from ledger.writer.room import Room
from market.blocks import handlers, reactions, schemas
from market.blocks.models import PROPOSAL
from market.readers import BLOCK
from market.shown import FEES_OF, codes

KEPT, TRADER = "trade-20-years", ("enterprise",)
HOURS = codes("hours", method=BLOCK)
FEES = codes(*FEES_OF, method=BLOCK)

STATEMENTS = (
    StatementType(
        "block.propose",
        1,
        Circle.PARTY,
        schemas.BlockProposal,
        handlers.propose,
        TRADER,
        False,
        KEPT,
        amount=itemgetter("quantity"),
        trades=True,
        terms=HOURS,
        fees=FEES,
        rules=codes("tick-fen", "lot", "size-from", "band-percent", "eligible-roles", method=BLOCK),
    ),
    StatementType(
        "block.accept",
        1,
        Circle.PARTY,
        schemas.BlockAnswer,
        handlers.accept,
        TRADER,
        False,
        KEPT,
        trades=True,
        terms=(*HOURS, *codes("holding-sessions", method=BLOCK)),
        fees=FEES,
    ),
    StatementType(
        "block.decline",
        1,
        Circle.PARTY,
        schemas.BlockAnswer,
        handlers.decline,
        TRADER,
        False,
        KEPT,
    ),
    StatementType(
        "block.withdraw",
        1,
        Circle.PARTY,
        schemas.BlockAnswer,
        handlers.withdraw,
        TRADER,
        False,
        KEPT,
    ),
    StatementType(
        "block.lapse",
        1,
        Circle.PARTY,
        schemas.BlockAnswer,
        handlers.lapse,
        ("scheduler",),
        False,
        KEPT,
    ),
)

ROOM = Room(
    "blocks",
    STATEMENTS,
    (PROPOSAL,),
    reactions={"units-claimed": reactions.units_claimed},
    sealed_reactions={
        "party-suspended": reactions.party_suspended,
        "party-barred": reactions.party_suspended,
        "instrument-halted": reactions.instrument_halted,
        "session-closed": reactions.session_closed,
    },
    due=handlers.due,
)
