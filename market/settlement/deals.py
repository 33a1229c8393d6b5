"""Delivery versus payment: the same for every trade method."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.accounts.models import CASH
from ledger.accounts.verbs import income, move, trading
from ledger.credits.blocks import give_blocks
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from market.settlement import lots, tape
from market.settlement.models import DEAL
from market.terms import Terms

Portions = list[list[str | int]]
"""``[[batch, quantity], …]`` frozen for delivery, in the order of delivery."""


@dataclass(frozen=True)
class Sale:
    """What the author buys; ``offer`` names what the seller had offered, ``salt`` its secret."""

    instrument: Row
    session: Row
    terms: Terms
    seller: str
    salt: str
    offer: str
    price_fen: int
    quantity: int
    portions: Portions


def settle(context: Context, sale: Sale) -> Portions:
    """Cash to the seller, fees to the exchange, frozen units to the buyer, and the trade told.

    Gives the portions that stay frozen.  Raises Refusal ``balance-short`` where the buyer's
    cash does not cover price and fee; the caller's statement is then refused whole.
    """
    amount = sale.price_fen * sale.quantity
    buyer_fee, seller_fee = sale.terms.fees(amount)
    buyer, seller = trading(context.party), trading(sale.seller)
    move(context, CASH, amount, buyer, seller)
    for payer, fee in ((buyer, buyer_fee), (seller, seller_fee)):
        if fee:
            move(context, CASH, fee, payer, income(sale.instrument["operator"]))
    delivered, rest = _deliver(context, sale)
    sequence = tape.record(context, sale.instrument, sale.session, sale.price_fen, sale.quantity)
    context.concern(sale.seller, sale.salt)
    context.put(
        DEAL,
        {
            "deal": context.id,
            "venue": sale.session["venue"],
            "sequence": sequence,
            "offer": sale.offer,
            "instrument": sale.instrument["instrument"],
            "buyer": context.party,
            "seller": sale.seller,
            "price_fen": sale.price_fen,
            "quantity": sale.quantity,
            "amount_fen": amount,
            "buyer_fee_fen": buyer_fee,
            "seller_fee_fen": seller_fee,
            "delivered": delivered,
            "at": context.at,
            "index": context.index,
        },
    )
    return rest


def _deliver(context: Context, sale: Sale) -> tuple[list[list[str | int]], Portions]:
    """The serials that the buyer gets, oldest portion and lowest number first, and the rest."""
    source, target = trading(sale.seller), trading(context.party)
    give = lots.bucket(sale.terms.holding_sessions)
    missing = sale.quantity
    delivered: list[list[str | int]] = []
    rest: Portions = []
    bought: list[tuple[str, int]] = []
    for batch, frozen in sale.portions:
        assert isinstance(batch, str) and isinstance(frozen, int)
        part = min(missing, frozen)
        if part:
            move(context, batch, part, source, target, take="frozen", give=give)
            spans = give_blocks(context, batch, part, source, target)
            delivered += [[batch, first, last] for first, last in spans]
            bought.append((batch, part))
            missing -= part
        if part < frozen:
            rest.append([batch, frozen - part])
    lots.hold(context, sale.session, sale.terms.holding_sessions, bought)
    return delivered, rest
