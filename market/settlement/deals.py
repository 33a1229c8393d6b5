"""Delivery versus payment: the same for every trade method."""

from __future__ import annotations

from typing import NamedTuple

from ledger.accounts.models import CASH
from ledger.accounts.verbs import income, move, spread, trading
from ledger.credits.blocks import give_blocks
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from market.rules import delivers_locked
from market.settlement import lots, tape
from market.settlement.models import DEAL
from market.terms import Terms

Portions = list[list[str | int]]
"""``[[batch, quantity], …]`` frozen for delivery, in the order of delivery."""


class Side(NamedTuple):
    """One side of a deal: who, its own secret, what it had offered or ordered, and its fee."""

    party: str
    salt: str
    offer: str
    fee_fen: int


class Sale(NamedTuple):
    """What changes hands; ``pays_from`` is the bucket of the buyer's cash.

    ``told`` is whether the tape tells of it at once.
    """

    instrument: Row
    session: Row
    terms: Terms
    buyer: Side
    seller: Side
    price_fen: int
    quantity: int
    portions: Portions
    pays_from: str = "available"
    told: bool = True

    @property
    def amount_fen(self) -> int:
        """Price times quantity."""
        return self.price_fen * self.quantity


def settle(context: Context, sale: Sale) -> Portions:
    """Cash to the seller, fees to the exchange, frozen units to the buyer, and the trade told.

    Gives the portions that stay frozen.  Raises Refusal ``balance-short`` where the buyer's
    cash does not cover price and fee; the caller's statement is then refused whole.
    """
    deal = f"{context.index}-{context.tally('deal', 1)}"
    _pay(context, sale, deal)
    delivered, rest = _deliver(context, sale, deal)
    for side in (sale.buyer, sale.seller):
        if side.party != context.party:
            context.concern(side.party, side.salt)
    context.insert(DEAL, _row(context, sale, deal, delivered))
    return rest


def _pay(context: Context, sale: Sale, deal: str) -> None:
    """The buyer pays price and fee; the seller's fee comes out of what it gets."""
    buyer, seller = trading(sale.buyer.party), trading(sale.seller.party)
    till, proceeds = income(sale.instrument["operator"]), sale.amount_fen - sale.seller.fee_fen
    give, free = lots.bucket(sale.terms.proceeds_sessions), "available"
    fees = (sale.buyer.fee_fen, sale.seller.fee_fen)
    parts = ((seller, proceeds, give), *((till, fee, free) for fee in fees))
    spread(context, CASH, buyer, [part for part in parts if part[1]], take=sale.pays_from)
    if proceeds and sale.terms.proceeds_sessions:
        held = lots.Held(deal, sale.seller.party, sale.seller.salt, [(CASH, proceeds)])
        lots.hold(context, sale.session, sale.terms.proceeds_sessions, held)


def _deliver(context: Context, sale: Sale, deal: str) -> tuple[list[list[str | int]], Portions]:
    """The serials that the buyer gets, oldest portion and lowest number first, and the rest."""
    source, target = trading(sale.seller.party), trading(sale.buyer.party)
    give = lots.bucket(sale.terms.holding_sessions)
    missing, free = sale.quantity, not delivers_locked(context, sale.instrument)
    delivered: list[list[str | int]] = []
    rest: Portions = []
    bought: list[tuple[str, int]] = []
    for batch, frozen in sale.portions:
        assert isinstance(batch, str) and isinstance(frozen, int)
        part = min(missing, frozen)
        if part:
            move(context, batch, part, source, target, take="frozen", give=give)
            spans = give_blocks(context, batch, part, source, target, free=free)
            delivered += [[batch, first, last] for first, last in spans]
            bought.append((batch, part))
            missing -= part
        if part < frozen:
            rest.append([batch, frozen - part])
    if sale.terms.holding_sessions:
        held = lots.Held(deal, sale.buyer.party, sale.buyer.salt, bought)
        lots.hold(context, sale.session, sale.terms.holding_sessions, held)
    return delivered, rest


def _row(context: Context, sale: Sale, deal: str, delivered: list[list[str | int]]) -> Row:
    return {
        "deal": deal,
        "venue": sale.session["venue"],
        "date": sale.session["date"],
        "method": sale.terms.method,
        "sequence": _told(context, sale) if sale.told else None,
        "instrument": sale.instrument["instrument"],
        "buyer": sale.buyer.party,
        "seller": sale.seller.party,
        "bid": sale.buyer.offer,
        "offer": sale.seller.offer,
        "price_fen": sale.price_fen,
        "quantity": sale.quantity,
        "amount_fen": sale.amount_fen,
        "buyer_fee_fen": sale.buyer.fee_fen,
        "seller_fee_fen": sale.seller.fee_fen,
        "delivered": delivered,
        "at": context.at,
        "index": context.index,
    }


def _told(context: Context, sale: Sale) -> int:
    day, method = sale.session["date"], sale.terms.method
    return tape.tell(context, sale.instrument, day, method, sale.price_fen, sale.quantity)
