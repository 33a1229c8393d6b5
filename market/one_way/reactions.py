"""What others' acts mean for auctions.

What a public act does to an auction is public; what it means for those behind it follows sealed.
A bid that is stopped looks from outside like one that nobody revealed, so that suspending a party
does not tell in which auction it bid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.accounts.models import CASH
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from market.one_way.announcing import stop
from market.one_way.clearing import bids_of
from market.one_way.freezing import end_offer, release
from market.one_way.models import AUCTION, BID, ENTRY, OFFER, PENDING, AuctionState, BidState

Event = Mapping[str, Any]


def principal_suspended(context: Context, event: Event) -> None:
    """A suspended or barred party's own auctions stop."""
    for key in context.children(AUCTION, "principal", event["party"], PENDING):
        stop(context, context.need(AUCTION, *key), AuctionState.STOPPED)


def instrument_halted(context: Context, event: Event) -> None:
    """Auctions of a halted instrument stop."""
    for key in context.children(AUCTION, "instrument", event["instrument"], PENDING):
        stop(context, context.need(AUCTION, *key), AuctionState.STOPPED)


def auction_ended(context: Context, event: Event) -> None:
    """Everything that is frozen for an auction without a result is given back."""
    offer = context.get(OFFER, event["auction"])
    if offer is not None and offer["stands"] == PENDING:
        end_offer(context, offer, offer["portions"], offer["frozen_fen"])
    for bid in bids_of(context, event["auction"]):
        if bid["stands"] == PENDING:
            release(context, bid, BidState.RETURNED)
        entry = context.need(ENTRY, bid["auction"], bid["entry"])
        if entry["state"] != BidState.REPLACED:
            context.put(ENTRY, {**entry, "state": BidState.RETURNED})


def bidder_suspended(context: Context, event: Event) -> None:
    """A suspended or barred party's bids are out; everybody learns that at the clearing."""
    for bid in _bids(context, event["party"]):
        release(context, bid, BidState.STOPPED)


def units_claimed(context: Context, event: Event) -> None:
    """What offers a batch, or cash, on which a claim waits ends: the claim is older."""
    for key in context.children(OFFER, "principal", event["party"], PENDING):
        offer = context.need(OFFER, *key)
        if _offers(offer, event["asset"]):
            stop(context, context.need(AUCTION, offer["auction"]), AuctionState.STOPPED)
    for bid in _bids(context, event["party"]):
        if _offers(bid, event["asset"]):
            release(context, bid, BidState.STOPPED)


def _bids(context: Context, party: str) -> Iterator[Row]:
    for key in context.children(BID, "bidder", party, PENDING):
        yield context.need(BID, *key)


def _offers(row: Row, asset: str) -> bool:
    if asset == CASH:
        return bool(row["frozen_fen"])
    return any(offered == asset for offered, _ in row["portions"])
