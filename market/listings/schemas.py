"""Bodies of the statements about listings."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields
from market.instruments.schemas import InstrumentCode


class ListingPlacement(Schema):
    """Offer credits of the trading account at a fixed price until the session closes (挂牌)."""

    instrument = InstrumentCode(required=True)
    price_fen = fields.PriceFen(required=True)
    quantity = fields.Quantity(required=True)


class ListingTake(Schema):
    """Buy all or part of a named listing at its price (摘牌)."""

    listing = fields.Hex(10, required=True)
    quantity = fields.Quantity(required=True)


class ListingWithdrawal(Schema):
    """Withdraw what nobody has taken of an own listing (撤单)."""

    listing = fields.Hex(10, required=True)
