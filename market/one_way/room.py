"""The one-way auctions' room: what may be stated about them, and what they keep."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from ledger.statements.types import Circle, StatementType
from ledger.writer.room import Room
from market.one_way import announcing, bidding, clearing, reactions, schemas
from market.one_way.models import AUCTION, BID, ENTRY, OFFER
from market.readers import ONE_WAY
from market.shown import FEES_OF, codes

KEPT = "trade-20-years"
PUBLIC, PARTY = Circle.PUBLIC, Circle.PARTY
OPERATOR, TRADER, CLOCK = ("exchange",), ("enterprise",), ("scheduler",)
FEES = codes(*FEES_OF, method=ONE_WAY)
ELIGIBLE = codes("eligible-roles", method=ONE_WAY)
QUANTITY = itemgetter("quantity")


def _deposit(body: Mapping[str, Any]) -> int:
    """What four eyes may go by of a commitment: the deposit, fen or units."""
    return int(body.get("deposit_fen", body.get("deposit_quantity", 0)))


STATEMENTS = (
    StatementType(
        "auction.announce",
        1,
        PUBLIC,
        schemas.AuctionAnnouncement,
        announcing.announce,
        OPERATOR,
        True,
        KEPT,
        terms=codes("hours", method=ONE_WAY),
        rules=codes("tick-fen", "lot", "eligible-roles", method=ONE_WAY),
    ),
    StatementType(
        "auction.unseal",
        1,
        PUBLIC,
        schemas.AuctionUnsealing,
        announcing.unseal,
        OPERATOR,
        True,
        KEPT,
    ),
    StatementType(
        "auction.cancel",
        1,
        PUBLIC,
        schemas.AuctionCancellation,
        announcing.cancel,
        OPERATOR,
        True,
        KEPT,
    ),
    StatementType(
        "auction.offer",
        1,
        PARTY,
        schemas.AuctionOffer,
        bidding.offer,
        TRADER,
        False,
        KEPT,
        trades=True,
        fees=FEES,
        rules=ELIGIBLE,
    ),
    StatementType(
        "auction.commit",
        1,
        PARTY,
        schemas.AuctionCommitment,
        bidding.commit,
        TRADER,
        False,
        KEPT,
        amount=_deposit,
        trades=True,
        rules=ELIGIBLE,
    ),
    StatementType(
        "auction.reveal",
        1,
        PARTY,
        schemas.AuctionReveal,
        bidding.reveal,
        TRADER,
        False,
        KEPT,
        amount=QUANTITY,
        trades=True,
        terms=codes("holding-sessions", method=ONE_WAY),
        fees=FEES,
    ),
    StatementType(
        "auction.bid",
        1,
        PARTY,
        schemas.AuctionBid,
        bidding.bid,
        TRADER,
        False,
        KEPT,
        amount=QUANTITY,
        trades=True,
        terms=codes("holding-sessions", method=ONE_WAY),
        fees=FEES,
        rules=ELIGIBLE,
    ),
    StatementType(
        "auction.clear",
        1,
        PARTY,
        schemas.AuctionClearing,
        clearing.clear_due,
        CLOCK,
        False,
        KEPT,
    ),
)

ROOM = Room(
    "one-way",
    STATEMENTS,
    (AUCTION, ENTRY, OFFER, BID),
    reactions={
        "party-suspended": reactions.principal_suspended,
        "party-barred": reactions.principal_suspended,
        "instrument-halted": reactions.instrument_halted,
        "units-claimed": reactions.units_claimed,
    },
    sealed_reactions={
        "auction-ended": reactions.auction_ended,
        "party-suspended": reactions.bidder_suspended,
        "party-barred": reactions.bidder_suspended,
    },
    due=clearing.due,
)
