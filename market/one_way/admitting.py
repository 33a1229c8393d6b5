"""Who may bid in an auction, when, and for what: each rule with a code of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.statements.canonical import INTEGER_MAX
from ledger.writer.context import Context, people
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market import rules
from market.checks import may_trade
from market.instruments.models import INSTRUMENT, InstrumentState
from market.one_way.announcing import capped
from market.one_way.models import (
    AUCTION,
    BID,
    ENTRY,
    OFFER,
    OPEN,
    PENDING,
    REVERSE,
    AuctionState,
    BidState,
)
from market.readers import ONE_WAY
from market.stops.standing import check_halted
from market.terms import Fault, Terms

Body = Mapping[str, Any]


def admitted(context: Context, row: Row) -> tuple[Row, Terms]:
    """The auction's instrument and today's terms.

    Raises Refusal ``instrument-state`` or ``trader-not-eligible``.
    """
    instrument = context.need(INSTRUMENT, row["instrument"])
    if instrument["state"] != InstrumentState.LISTED:
        code = instrument["instrument"]
        context.fault("instrument-state", instrument=code, state=instrument["state"])
    terms = rules.terms(context, instrument, ONE_WAY)
    may_trade(context, terms)
    return instrument, terms


def bidding(context: Context, body: Body, form: str) -> tuple[Row, Row, Terms]:
    """The auction that the author may bid in now, its instrument and terms.

    Raises Refusal ``auction-format``, ``auction-not-open``, ``venue-halted``, ``self-trade``,
    ``bidder-not-admitted`` and those of ``admitted``.  What was committed before a halt may be
    revealed in spite of it, so that nobody loses a deposit to it.
    """
    row = context.need(AUCTION, body["auction"])
    if row["format"] != form:
        raise Refusal("auction-format", field="auction", format=row["format"])
    if row["state"] != AuctionState.OFFERED:
        raise Refusal("auction-not-open", field="auction", state=row["state"])
    if not row["opens_at"] <= context.at < row["closes_at"]:
        context.fault("auction-not-open", field="auction", state=row["state"])
    instrument, terms = admitted(context, row)
    check_halted(context, row["venue"])
    shared = people(context.signers) & set(context.need(OFFER, row["auction"])["persons"])
    if row["principal"] == context.party or shared:
        context.fault("self-trade", field="auction")
    if row["bidders"] is not None and context.party not in row["bidders"]:
        raise Refusal("bidder-not-admitted", field="auction", auction=row["auction"])
    return row, instrument, terms


def bid_faults(row: Row, body: Body) -> Iterator[Fault]:
    """Whether price and quantity of a bid are as announced.

    A sealed bid beyond the reserve can be shown and is not counted; an open one is refused.
    """
    price, quantity, tick = body["price_fen"], body["quantity"], row["tick_fen"]
    if price % tick:
        yield Fault("price-off-tick", {"field": "price_fen", "tick_fen": tick})
    low, high = row["low_fen"], row["high_fen"]
    if not low <= price <= high:
        limits = {"low_fen": low, "high_fen": high}
        yield Fault("auction-price-limits", {"field": "price_fen", **limits})
    if row["format"] == OPEN and _beyond(row, price):
        reserve = row["reserve_fen"]
        yield Fault("price-beyond-reserve", {"field": "price_fen", "reserve_fen": reserve})
    if quantity % row["lot"]:
        yield Fault("quantity-off-lot", {"field": "quantity", "lot": row["lot"]})
    if quantity < row["bid_minimum"]:
        yield Fault("quantity-too-small", {"field": "quantity", "from": row["bid_minimum"]})
    largest = row["bid_maximum"] or row["quantity"]
    if quantity > largest:
        yield Fault("bid-too-large", {"field": "quantity", "largest": largest})
    least = body.get("least", 0)
    if least > quantity or least % row["lot"]:
        yield Fault("bid-least", {"field": "least", "lot": row["lot"]})
    if price * quantity > INTEGER_MAX:
        yield Fault("value-too-large", {"field": "quantity"})


def entered(context: Context, row: Row) -> int:
    """How many bids have come so far, those that were replaced included."""
    return len(context.children(ENTRY, "auction", row["auction"]))


def check_room(context: Context, row: Row) -> None:
    """Raise Refusal ``auction-full`` where the announced number of bids is reached."""
    if entered(context, row) >= row["bids_max"]:
        context.fault("auction-full", field="auction", bids_max=row["bids_max"])


def check_cap(context: Context, row: Row, quantity: int) -> None:
    """Raise Refusal ``bidder-over-cap`` where its author would ask for too much in all."""
    asked = sum(bid["quantity"] or 0 for bid in own_bids(context, row))
    if asked + quantity > capped(row):
        cap = capped(row)
        context.fault("bidder-over-cap", field="quantity", cap=cap, asked=asked + quantity)


def check_better(context: Context, row: Row, mine: list[Row], price: int, quantity: int) -> None:
    """Raise Refusal ``bid-not-better`` for an open bid that could win nothing, or takes back.

    Once others' bids cover the quantity, a bid must be a step better than the worst that would
    win; and always a step better than the author's own, for no less.
    """
    sign = -1 if row["direction"] == REVERSE else 1
    bars = [bid["price_fen"] for bid in mine]
    if (margin := _margin(context, row, sign)) is not None:
        bars.append(margin)
    if bars:
        needed = max(sign * bar for bar in bars) + row["step_fen"]
        if sign * price < needed:
            context.fault("bid-not-better", field="price_fen", needed_fen=sign * needed)
    if any(quantity < bid["quantity"] for bid in mine):
        context.fault("bid-smaller", field="quantity", quantity=mine[0]["quantity"])


def own_bids(context: Context, row: Row) -> list[Row]:
    """The author's standing bids in an auction."""
    bids = context.members(BID, "own", row["auction"], context.party)
    return [bid for bid in bids if bid["stands"] == PENDING]


def _margin(context: Context, row: Row, sign: int) -> int | None:
    """The worst price at which others' open bids, taken from the best, cover the quantity."""
    bids = context.members(BID, "auction", row["auction"])
    standing = [b for b in bids if b["state"] == BidState.OPEN and b["bidder"] != context.party]
    covered = 0
    for bid in sorted(standing, key=lambda bid: -sign * bid["price_fen"]):
        covered += bid["quantity"]
        if covered >= row["quantity"]:
            price: int = bid["price_fen"]
            return price
    return None


def _beyond(row: Row, price: int) -> bool:
    reserve = row["reserve_fen"]
    if reserve is None:
        return False
    return bool(price > reserve if row["direction"] == REVERSE else price < reserve)
