"""The market room: what may be stated on the exchange, and what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from ledger.statements.types import Circle, StatementType
from ledger.writer.context import Context
from ledger.writer.room import Due, Room
from ledger.writer.state import State
from market.instruments import handlers as instruments
from market.instruments import schemas as instrument_schemas
from market.instruments.models import INSTRUMENT, VENUE
from market.listings import handlers as listings
from market.listings import reactions
from market.listings import schemas as listing_schemas
from market.listings.models import LISTING
from market.orders import calls
from market.orders import reactions as order_reactions
from market.orders import statements as orders
from market.orders.models import CALL, ORDER, SELF_TRADE
from market.rules import check_rule
from market.sessions import handlers as sessions
from market.sessions import schemas as session_schemas
from market.sessions.models import DAY, SESSION
from market.settlement.models import DEAL, LOT, TRADE
from market.shown import FEES_OF, codes

QUANTITY = itemgetter("quantity")
PUBLIC, PARTY = Circle.PUBLIC, Circle.PARTY
KEPT = "trade-20-years"
Reaction = Callable[[Context, Mapping[str, Any]], None]
OPERATOR, TRADER = ("exchange",), ("enterprise",)
Listing, Decision = instrument_schemas.InstrumentListing, instrument_schemas.InstrumentDecision
Session = session_schemas.SessionAct


HOURS = codes("hours")
RULES = codes("tick-fen", "lot", "size-below", "band-percent", "eligible-roles")
FEES = codes(*FEES_OF)

STATEMENTS = (
    StatementType("instrument.list", 1, PUBLIC, Listing, instruments.admit, OPERATOR, True, KEPT),
    StatementType(
        "instrument.suspend", 1, PUBLIC, Decision, instruments.suspend, OPERATOR, True, KEPT
    ),
    StatementType(
        "instrument.resume", 1, PUBLIC, Decision, instruments.resume, OPERATOR, True, KEPT
    ),
    StatementType(
        "instrument.delist", 1, PUBLIC, Decision, instruments.delist, OPERATOR, True, KEPT
    ),
    StatementType("session.open", 1, PUBLIC, Session, sessions.open_session, OPERATOR, True, KEPT),
    StatementType(
        "session.close", 1, PUBLIC, Session, sessions.close_session, OPERATOR, True, KEPT
    ),
    StatementType(
        "session.end", 1, PUBLIC, Session, sessions.end_session, ("scheduler",), False, KEPT
    ),
    StatementType(
        "listing.place",
        1,
        PARTY,
        listing_schemas.ListingPlacement,
        listings.place,
        TRADER,
        False,
        KEPT,
        amount=QUANTITY,
        trades=True,
        terms=HOURS,
        fees=FEES,
        rules=RULES,
    ),
    StatementType(
        "listing.take",
        1,
        PARTY,
        listing_schemas.ListingTake,
        listings.take,
        TRADER,
        False,
        KEPT,
        amount=QUANTITY,
        trades=True,
        terms=(*HOURS, *codes("holding-sessions")),
        fees=FEES,
        rules=codes("best-levels", "eligible-roles"),
    ),
    StatementType(
        "listing.withdraw",
        1,
        PARTY,
        listing_schemas.ListingWithdrawal,
        listings.withdraw,
        TRADER,
        False,
        KEPT,
    ),
)


def _all(*reactions: Reaction) -> Reaction:
    """Several reactions to one event, in order."""

    def react(context: Context, event: Mapping[str, Any]) -> None:
        for reaction in reactions:
            reaction(context, event)

    return react


def _due(state: State, at: int) -> Iterator[Due]:
    """What is due; a call that is being cleared before the close that would make it void."""
    clearing = list(calls.due(state, at))
    yield from clearing or order_reactions.due(state, at)
    if not clearing:
        yield from sessions.due(state, at)


ROOM = Room(
    "market",
    (*STATEMENTS, *orders.STATEMENTS),
    (INSTRUMENT, VENUE, SESSION, DAY, LISTING, TRADE, DEAL, LOT, ORDER, CALL, SELF_TRADE),
    reactions={
        "parameter-set": check_rule,
        "units-claimed": _all(reactions.units_claimed, order_reactions.units_claimed),
    },
    sealed_reactions={
        "party-suspended": _all(reactions.party_suspended, order_reactions.party_suspended),
        "party-barred": _all(reactions.party_barred, order_reactions.party_barred),
        "instrument-halted": _all(reactions.instrument_halted, order_reactions.instrument_halted),
        "session-closed": _all(order_reactions.session_closed, reactions.session_closed),
    },
    due=_due,
)
