"""Bodies of the statements about orders."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields
from market.instruments.schemas import InstrumentCode
from market.readers import KINDS, SELF_TRADE

SIDES = ("buy", "sell")


class OrderPlacement(Schema):
    """Buy or sell through the book or the call auction; what it may cost is frozen at once.

    Without ``until`` an order ends with the day's session.  A market-to-limit order bears no
    price: it takes the best price of the other side and rests there.
    """

    instrument = InstrumentCode(required=True)
    side = fields.Enum(SIDES, required=True)
    kind = fields.Enum(KINDS, required=True)
    price_fen = fields.PriceFen()
    quantity = fields.Quantity(required=True)
    until = fields.Date()


class OrderCancellation(Schema):
    """End an own order; what is frozen for the rest returns."""

    order = fields.Hex(16, required=True)


class OrdersCancellation(Schema):
    """End all own orders, in one instrument or in every one."""

    instrument = InstrumentCode()


class OrderReduction(Schema):
    """Take a quantity off an own order, which keeps its turn; all that is left ends it."""

    order = fields.Hex(16, required=True)
    quantity = fields.Quantity(required=True)


class OrderReplacement(Schema):
    """Change price and remaining quantity of an own order, which loses its turn."""

    order = fields.Hex(16, required=True)
    price_fen = fields.PriceFen(required=True)
    quantity = fields.Quantity(required=True)


class SelfTradeRule(Schema):
    """Choose which order goes where one's own would meet: the newest, the oldest or both."""

    rule = fields.Enum(SELF_TRADE, required=True)


class OrderExpiry(Schema):
    """The scheduler ends orders whose last day is over."""

    orders = fields.ListOf(fields.Hex(16), max_items=500, min_items=1, required=True)


class CallClearing(Schema):
    """The scheduler clears a call auction whose time is over; a large one in several steps."""

    instrument = InstrumentCode(required=True)
    ends_at = fields.Natural(required=True)
    step = fields.Natural(required=True)
