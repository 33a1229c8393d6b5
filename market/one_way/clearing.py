"""Clearing a due auction: a frozen set of bids, the pure rule, everybody settled in one outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ledger.accounts.models import CASH
from ledger.accounts.verbs import income, move, trading
from ledger.parties.parameters import business_date
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State
from market import rules
from market.auctions.one_way import Award, Bid, Cleared, Rules, clear, seed_of
from market.instruments.models import INSTRUMENT, VENUE
from market.one_way.costs import as_announced
from market.one_way.freezing import end_offer, release
from market.one_way.models import (
    AUCTION,
    BID,
    ENTRY,
    FORWARD,
    OFFER,
    OVER,
    PENDING,
    REVERSE,
    AuctionState,
    BidState,
)
from market.readers import ONE_WAY
from market.sessions.models import SESSION
from market.settlement import tape
from market.settlement.deals import Sale, Side, settle
from market.terms import Terms

Body = Mapping[str, Any]
COUNTED = (BidState.REVEALED, BidState.OPEN)


def due(state: State, at: int) -> Iterator[Due]:
    """Auctions whose last instant is over: of the offer, of revealing, or of open bidding."""
    for row in state.overdue(AUCTION, at):
        item = f"{row['auction']}/{row['state']}"
        yield Due(row["due_at"], item, "auction.clear", {"auction": row["auction"]})


def clear_due(context: Context, body: Body) -> None:
    """Clear and settle; or let an auction lapse that its principal never offered for."""
    row = context.need(AUCTION, body["auction"])
    if row["stands"] != PENDING or row["due_at"] > context.at:
        raise Refusal("not-due", auction=row["auction"])
    over = {"stands": OVER, "due_at": None, "ended_at": context.at}
    if row["state"] == AuctionState.ANNOUNCED:
        context.put(AUCTION, {**row, **over, "state": AuctionState.LAPSED})
        return
    bids = bids_of(context, row["auction"])
    counted = [bid for bid in bids if bid["state"] in COUNTED]
    hidden = row["reserve_sha256"] is not None and row["reserve_secret"] is None
    result, seed = cleared(row, [] if hidden else counted)
    _settle(context, row, result, {bid["entry"]: bid for bid in counted})
    awards = {award.name: award for award in result.awards}
    for bid in bids:
        _tell(context, row, context.need(BID, bid["auction"], bid["entry"]), awards)
    sold = result.price is not None
    context.put(
        AUCTION,
        {
            **context.need(AUCTION, row["auction"]),
            **over,
            "state": AuctionState.CLEARED if sold else AuctionState.UNSOLD,
            "reason": None if sold else _reason(hidden, counted),
            "bids": len(bids),
            "bidders_counted": len({bid["bidder"] for bid in counted}),
            "price_fen": result.price,
            "volume": result.volume,
            "turnover_fen": sum(award.quantity * award.price for award in result.awards),
            "asked": result.asked,
            "given": result.given,
            "seed": seed,
        },
    )


def cleared(row: Row, bids: Iterable[Row]) -> tuple[Cleared, str]:
    """The result and the seed of an auction's bids or entries; anyone finds the same."""
    shown = list(bids)
    seed = seed_of(row["auction"], [bid["secret"] for bid in shown if bid["secret"] is not None])
    said = Rules(
        quantity=row["quantity"],
        lot=row["lot"],
        pricing=row["pricing"],
        tie=row["tie"],
        reserve=row["reserve_fen"],
        undersubscribed=row["undersubscribed"],
        reverse=row["direction"] == REVERSE,
        seed=seed,
    )
    asked = (
        Bid(bid["entry"], bid["price_fen"], bid["quantity"], bid["place"], bid["least"])
        for bid in shown
    )
    return clear(asked, said), seed


def bids_of(context: Context, auction: str) -> list[Row]:
    """All bids of an auction, in the order of time."""
    return sorted(context.members(BID, "auction", auction), key=lambda bid: bid["place"])


def _reason(hidden: bool, counted: list[Row]) -> str:
    if hidden:
        return "reserve-not-shown"
    return "not-covered" if counted else "no-bids"


def _settle(context: Context, row: Row, result: Cleared, bids: dict[str, Row]) -> None:
    """Deliver to every winner and give the principal back what is left."""
    offer = context.need(OFFER, row["auction"])
    instrument = context.need(INSTRUMENT, row["instrument"])
    terms = as_announced(row, rules.terms(context, instrument, ONE_WAY))
    session = _session(context, row["venue"])
    portions, cash = offer["portions"], offer["frozen_fen"]
    for award in result.awards:
        bid = bids[award.name]
        sale = _sale(instrument, session, terms, (row, offer, portions), (bid, award))
        rest = settle(context, sale)
        paid = sale.amount_fen + sale.buyer.fee_fen
        if row["direction"] == FORWARD:
            portions = rest
            bid = {**bid, "frozen_fen": bid["frozen_fen"] - paid}
        else:
            cash -= paid
            bid = {**bid, "portions": rest}
        got = {"awarded": award.quantity, "pays_fen": award.price}
        release(context, bid, BidState.WON, **got)
    end_offer(context, offer, portions, cash)
    for price in sorted({award.price for award in result.awards}, reverse=True):
        volume = sum(award.quantity for award in result.awards if award.price == price)
        tape.tell(context, instrument, session["date"], ONE_WAY, price, volume)


def _sale(
    instrument: Row,
    session: Row,
    terms: Terms,
    given: tuple[Row, Row, Any],
    taken: tuple[Row, Award],
) -> Sale:
    row, offer, portions = given
    bid, award = taken
    buyer_fee, seller_fee = terms.fees(award.price * award.quantity)
    forward = row["direction"] == FORWARD
    principal = (offer["principal"], offer["salt"], row["auction"])
    bidder = (bid["bidder"], bid["salt"], bid["entry"])
    buyer, seller = (bidder, principal) if forward else (principal, bidder)
    return Sale(
        instrument,
        session,
        terms,
        buyer=Side(*buyer, fee_fen=buyer_fee),
        seller=Side(*seller, fee_fen=seller_fee),
        price_fen=award.price,
        quantity=award.quantity,
        portions=portions if forward else bid["portions"],
        pays_from="frozen",
        told=False,
    )


def _session(context: Context, venue: str) -> Row:
    """Today's session, or where none is open the next one: what is bought waits for its close."""
    row = context.need(VENUE, venue)
    if row["session"] is not None:
        return context.need(SESSION, venue, row["session"])
    return {"venue": venue, "date": business_date(context.at), "number": row["sessions"] + 1}


def _tell(context: Context, row: Row, bid: Row, awards: dict[str, Award]) -> None:
    """End a bid that won nothing, and show what of it everybody may see from now on."""
    entry = context.need(ENTRY, bid["auction"], bid["entry"])
    if bid["state"] == BidState.WON or bid["state"] in COUNTED:
        award = awards.get(bid["entry"])
        if award is None:
            release(context, bid, BidState.LOST, awarded=0)
        shown = {name: bid[name] for name in ("price_fen", "quantity", "least", "secret")}
        got = (award.quantity, award.price) if award else (0, None)
        told = {"awarded": got[0], "pays_fen": got[1]}
        state = BidState.WON if award else BidState.LOST
        context.put(ENTRY, {**entry, **shown, **told, "state": state})
        return
    if bid["state"] == BidState.SEALED:
        _void(context, row, bid)
    if entry["state"] != BidState.REPLACED:
        context.put(ENTRY, {**entry, "state": BidState.VOID})


def _void(context: Context, row: Row, bid: Row) -> None:
    """Nobody showed what was committed to: the deposit goes back, less what the terms forfeit."""
    lost = min(bid["frozen_fen"], row["forfeit_fen"])
    if lost:
        till = income(row["operator"])
        move(context, CASH, lost, trading(bid["bidder"]), till, take="frozen")
    release(context, {**bid, "frozen_fen": bid["frozen_fen"] - lost}, BidState.VOID)
