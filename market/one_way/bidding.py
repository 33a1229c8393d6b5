"""What principal and bidders state: offers, commitments, reveals, open bids; all confidential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.writer.context import Context, people
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market.checks import judge
from market.one_way.admitting import (
    admitted,
    bid_faults,
    bidding,
    check_better,
    check_cap,
    check_room,
    entered,
    own_bids,
)
from market.one_way.costs import as_announced, ceiling, price_and_fee
from market.one_way.freezing import freeze_cash, freeze_units, release, units
from market.one_way.models import (
    AUCTION,
    BID,
    ENTRY,
    FORWARD,
    OFFER,
    OPEN,
    PENDING,
    REVERSE,
    SEALED,
    AuctionState,
    BidState,
)
from market.one_way.sealing import bid_commitment, bid_name
from market.positions import check_position
from market.settlement.deals import Portions

Body = Mapping[str, Any]


def offer(context: Context, body: Body) -> None:
    """The principal agrees before the auction opens: units, or price and fees, are frozen."""
    row = context.need(AUCTION, body["auction"])
    if row["principal"] != context.party:
        raise Refusal("auction-of-other", field="auction", auction=row["auction"])
    if row["state"] != AuctionState.ANNOUNCED or context.at >= row["opens_at"]:
        raise Refusal("auction-not-announced", field="auction", state=row["state"])
    instrument, terms = admitted(context, row)
    portions: Portions = []
    frozen = 0
    if row["direction"] == FORWARD:
        portions = freeze_units(context, instrument, row, row["quantity"])
    else:
        check_position(context, terms, instrument, row["quantity"])
        frozen = ceiling(row, as_announced(row, terms))
        freeze_cash(context, frozen)
    context.put(
        OFFER,
        {
            "auction": row["auction"],
            "principal": context.party,
            "portions": portions,
            "frozen_fen": frozen,
            "stands": PENDING,
            "persons": sorted(people(context.signers)),
            "salt": context.salt,
            "index": context.index,
        },
    )
    due = row["reveal_until"] if row["format"] == SEALED else row["closes_at"]
    context.put(AUCTION, {**row, "state": AuctionState.OFFERED, "due_at": due})


def commit(context: Context, body: Body) -> None:
    """Commit to a bid; the deposit is frozen and tells neither price nor quantity."""
    row, instrument, _ = bidding(context, body, SEALED)
    check_room(context, row)
    if context.get(ENTRY, row["auction"], body["commitment"]) is not None:
        raise Refusal("commitment-exists", field="commitment")
    wanted, other = "deposit_fen", "deposit_quantity"
    if row["direction"] == REVERSE:
        wanted, other = other, wanted
    if wanted not in body or other in body:
        raise Refusal("deposit-other", field=wanted, direction=row["direction"])
    portions: Portions = []
    frozen = 0
    if row["direction"] == FORWARD:
        frozen = body["deposit_fen"]
        if frozen < row["forfeit_fen"]:
            context.fault("deposit-short", field="deposit_fen", needed=row["forfeit_fen"])
        freeze_cash(context, frozen)
    else:
        portions = freeze_units(context, instrument, row, body["deposit_quantity"])
    _enter(context, row, _bid(context, row, body["commitment"], BidState.SEALED, portions, frozen))


def reveal(context: Context, body: Body) -> None:
    """Show the bid behind a commitment; nobody sees it before the clearing."""
    row = context.need(AUCTION, body["auction"])
    if row["format"] != SEALED:
        raise Refusal("auction-format", field="auction", format=row["format"])
    if row["state"] != AuctionState.OFFERED:
        raise Refusal("auction-not-open", field="auction", state=row["state"])
    if not row["closes_at"] <= context.at < row["reveal_until"]:
        raise Refusal("auction-not-revealing", field="auction", state=row["state"])
    price, quantity, least = body["price_fen"], body["quantity"], body.get("least", 0)
    entry = bid_commitment(row["auction"], price, quantity, body["secret"], least)
    bid = context.get(BID, row["auction"], entry)
    if bid is None or bid["bidder"] != context.party:
        raise Refusal("bid-commitment-differs", field="secret", auction=row["auction"])
    if bid["state"] != BidState.SEALED:
        raise Refusal("bid-state", field="auction", state=bid["state"])
    instrument, terms = admitted(context, row)
    judge(context, bid_faults(row, body))
    check_cap(context, row, quantity)
    if row["direction"] == FORWARD:
        mine = own_bids(context, row)
        check_position(
            context,
            terms,
            instrument,
            quantity,
            once=lambda: sum(b["quantity"] or 0 for b in mine),
        )
        needed = price_and_fee(as_announced(row, terms), price, quantity)
        if needed > bid["frozen_fen"]:
            context.fault("deposit-short", field="price_fen", needed=needed)
    elif quantity > units(bid):
        context.fault("deposit-short", field="quantity", needed=quantity)
    shown = {"price_fen": price, "quantity": quantity, "least": least, "secret": body["secret"]}
    context.put(BID, {**bid, **shown, "state": BidState.REVEALED})


def bid(context: Context, body: Body) -> None:
    """Bid openly; an own earlier bid is replaced, and must have been worse."""
    row, instrument, terms = bidding(context, body, OPEN)
    assert context.salt is not None  # the circle's schema demands it
    price, quantity = body["price_fen"], body["quantity"]
    judge(context, bid_faults(row, body))
    mine = [other for other in own_bids(context, row) if other["state"] == BidState.OPEN]
    check_better(context, row, mine, price, quantity)
    for earlier in mine:
        release(context, earlier, BidState.REPLACED)
        entry = context.need(ENTRY, row["auction"], earlier["entry"])
        context.put(ENTRY, {**entry, "state": BidState.REPLACED})
    if not mine:
        check_room(context, row)
    check_cap(context, row, quantity)
    portions: Portions = []
    frozen = 0
    if row["direction"] == FORWARD:
        check_position(context, terms, instrument, quantity)
        frozen = price_and_fee(as_announced(row, terms), price, quantity)
        freeze_cash(context, frozen)
    else:
        portions = freeze_units(context, instrument, row, quantity)
    made = _bid(context, row, bid_name(context.salt), BidState.OPEN, portions, frozen)
    if context.get(ENTRY, row["auction"], made["entry"]) is not None:
        raise Refusal("salt-spent", field="salt")
    _enter(context, row, made, price_fen=price, quantity=quantity, least=body.get("least", 0))


def _bid(
    context: Context, row: Row, entry: str, state: BidState, portions: Portions, frozen: int
) -> Row:
    return {
        "auction": row["auction"],
        "entry": entry,
        "bidder": context.party,
        "place": entered(context, row) + 1,
        "state": state,
        "stands": PENDING,
        **dict.fromkeys(("price_fen", "quantity", "least", "secret", "awarded", "pays_fen")),
        "portions": portions,
        "frozen_fen": frozen,
        "persons": sorted(people(context.signers)),
        "salt": context.salt,
        "at": context.at,
        "index": context.index,
    }


def _enter(context: Context, row: Row, bid: Row, **shown: int) -> None:
    """Write a bid and its public entry, and let a late open bid move the close."""
    context.put(BID, {**bid, **shown})
    blank = ("price_fen", "quantity", "least", "secret", "awarded", "pays_fen")
    copied = ("auction", "entry", "place", "state", "at", "index")
    entry = {**dict.fromkeys(blank), **{name: bid[name] for name in copied}, **shown}
    context.put(ENTRY, entry)
    if row["extension_ms"] is not None and context.at >= row["closes_at"] - row["extension_ms"]:
        closes = max(row["closes_at"], min(context.at + row["extension_ms"], row["latest_at"]))
        context.put(AUCTION, {**row, "closes_at": closes, "due_at": closes})
