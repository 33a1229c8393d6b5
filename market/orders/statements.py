"""The types of statements about orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from marshmallow import Schema

from ledger.statements.types import Circle, StatementType
from ledger.writer.context import Context
from market.orders import calls, handlers, schemas
from market.readers import CONTINUOUS
from market.shown import FEES_OF, codes

Decide = Callable[[Context, Mapping[str, Any]], None]
TRADER, SCHEDULER = ("enterprise",), ("scheduler",)
GATED = "market.gated-methods"
RULES = (
    GATED,
    *codes("tick-fen", "lot", "size-below", "band-percent", "eligible-roles", method=CONTINUOUS),
    *codes("order-kinds", method=CONTINUOUS),
)
FEES = codes(*FEES_OF, method=CONTINUOUS)
HOURS = codes("hours", method=CONTINUOUS)


def _type(
    name: str,
    schema: type[Schema],
    decide: Decide,
    signers: tuple[str, ...] = TRADER,
    *,
    amount: bool = False,
    trades: bool = True,
    rules: tuple[str, ...] = (GATED,),
) -> StatementType:
    quantity = itemgetter("quantity") if amount else None
    return StatementType(
        name,
        1,
        Circle.PARTY,
        schema,
        decide,
        signers,
        False,
        "trade-20-years",
        amount=quantity,
        trades=trades,
        rules=rules,
        terms=HOURS if amount else (),
        fees=FEES if amount else (),
    )


STATEMENTS = (
    _type("order.place", schemas.OrderPlacement, handlers.place, amount=True, rules=RULES),
    _type("order.cancel", schemas.OrderCancellation, handlers.cancel, trades=False),
    _type("order.cancel-all", schemas.OrdersCancellation, handlers.cancel_all, trades=False),
    _type("order.reduce", schemas.OrderReduction, handlers.reduce, trades=False),
    _type("order.replace", schemas.OrderReplacement, handlers.replace, amount=True, rules=RULES),
    _type("order.expire", schemas.OrderExpiry, handlers.expire, SCHEDULER, trades=False),
    _type("call.clear", schemas.CallClearing, calls.clear_step, SCHEDULER, trades=False),
    _type("self-trade.set", schemas.SelfTradeRule, handlers.choose),
)
