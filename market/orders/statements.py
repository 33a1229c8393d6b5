"""The types of statements about orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from marshmallow import Schema

from ledger.statements.types import Circle, StatementType
from ledger.writer.context import Context
from market.orders import calls, handlers, schemas

Decide = Callable[[Context, Mapping[str, Any]], None]
TRADER, SCHEDULER = ("enterprise",), ("scheduler",)
RULES = ("market.gated-methods",)


def _type(
    name: str,
    schema: type[Schema],
    decide: Decide,
    signers: tuple[str, ...] = TRADER,
    *,
    amount: bool = False,
    trades: bool = True,
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
        rules=RULES,
    )


STATEMENTS = (
    _type("order.place", schemas.OrderPlacement, handlers.place, amount=True),
    _type("order.cancel", schemas.OrderCancellation, handlers.cancel, trades=False),
    _type("order.cancel-all", schemas.OrdersCancellation, handlers.cancel_all, trades=False),
    _type("order.reduce", schemas.OrderReduction, handlers.reduce, trades=False),
    _type("order.replace", schemas.OrderReplacement, handlers.replace, amount=True),
    _type("order.expire", schemas.OrderExpiry, handlers.expire, SCHEDULER, trades=False),
    _type("call.clear", schemas.CallClearing, calls.clear_step, SCHEDULER, trades=False),
    _type("self-trade.set", schemas.SelfTradeRule, handlers.choose),
)
