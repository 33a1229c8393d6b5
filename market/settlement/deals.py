"""Delivery versus payment of one taken listing."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.accounts.models import CASH
from ledger.accounts.verbs import move, trading
from ledger.credits.handlers import give_blocks
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from market.listings.models import LISTING, ListingState
from market.settlement import lots, tape
from market.settlement.models import DEAL
from market.terms import Terms


@dataclass(frozen=True)
class Sale:
    """A listing, and how much of it the author takes."""

    instrument: Row
    session: Row
    terms: Terms
    listing: Row
    quantity: int


def income(operator: str) -> str:
    """The exchange operator's account of fees."""
    return f"{operator}/income"


def settle(context: Context, sale: Sale) -> None:
    """Cash to the seller, fees to the exchange, frozen units to the buyer, and the trade told.

    Raises Refusal ``balance-short`` where the buyer's cash does not cover price and fee; the
    caller's statement is then refused whole.
    """
    row = sale.listing
    amount = row["price_fen"] * sale.quantity
    fees = sale.terms.fees(amount)
    _pay(context, sale, amount, fees)
    delivered, rest = _deliver(context, sale)
    remaining = row["remaining"] - sale.quantity
    context.concern(row["seller"], row["salt"])
    context.put(
        LISTING,
        {
            **row,
            "remaining": remaining,
            "portions": rest,
            "state": ListingState.OPEN if remaining else ListingState.FILLED,
            "revision": row["revision"] + 1,
        },
    )
    context.put(
        DEAL,
        {
            "deal": context.id,
            "venue": sale.session["venue"],
            "sequence": tape.record(
                context, sale.instrument, sale.session, row["price_fen"], sale.quantity
            ),
            "listing": row["listing"],
            "instrument": row["instrument"],
            "buyer": context.party,
            "seller": row["seller"],
            "price_fen": row["price_fen"],
            "quantity": sale.quantity,
            "amount_fen": amount,
            "buyer_fee_fen": fees[0],
            "seller_fee_fen": fees[1],
            "delivered": delivered,
            "at": context.at,
            "index": context.index,
        },
    )


def _pay(context: Context, sale: Sale, amount: int, fees: tuple[int, int]) -> None:
    buyer, seller = trading(context.party), trading(sale.listing["seller"])
    move(context, CASH, amount, buyer, seller)
    for payer, fee in ((buyer, fees[0]), (seller, fees[1])):
        if fee:
            move(context, CASH, fee, payer, income(sale.instrument["operator"]))


def _deliver(context: Context, sale: Sale) -> tuple[list[list[str | int]], list[list[str | int]]]:
    """The serials that the buyer gets, oldest portion and lowest number first, and the rest."""
    source, target = trading(sale.listing["seller"]), trading(context.party)
    holding = sale.terms.holding_sessions
    missing = sale.quantity
    delivered: list[list[str | int]] = []
    rest: list[list[str | int]] = []
    bought: list[tuple[str, int]] = []
    for batch, frozen in sale.listing["portions"]:
        part = min(missing, frozen)
        if part:
            give = lots.bucket(holding)
            move(context, batch, part, source, target, take="frozen", give=give)
            spans = give_blocks(context, batch, part, source, target)
            delivered += [[batch, first, last] for first, last in spans]
            bought.append((batch, part))
            missing -= part
        if part < frozen:
            rest.append([batch, frozen - part])
    lots.hold(context, sale.session, holding, bought)
    return delivered, rest
