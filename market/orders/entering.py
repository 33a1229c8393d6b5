"""What an order must satisfy before anything is frozen for it: every rule, in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.parameters import business_date, midnight
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market import rules
from market.calendar import minute_of_day
from market.checks import judge, may_trade, tradable
from market.instruments.models import INSTRUMENT
from market.orders.freezes import BUY
from market.orders.live import Live
from market.orders.models import CALL, CallState
from market.orders.trading import Ground
from market.positions import check_position, ordered
from market.readers import CALL as BY_CALL
from market.readers import CONTINUOUS
from market.terms import order_faults

Body = Mapping[str, Any]
TO_LIMIT = "market-to-limit"


def ground_of(context: Context, code: str) -> Ground:
    """Where an order would trade at this hour, which the author may.

    Raises Refusal as ``tradable`` and ``may_trade`` do, and ``call-not-cleared``.
    """
    venue = context.need(INSTRUMENT, code)["venue"]
    method = method_now(context, venue)
    instrument, session = tradable(context, code, method)
    if method == CONTINUOUS and open_call(context, code) is not None:
        context.fault("call-not-cleared", instrument=code)
    ground = Ground(instrument, session, rules.terms(context, instrument, method))
    may_trade(context, ground.terms)
    return ground


def method_now(context: Context, venue: str) -> str:
    """The call auction within its hours or where there is no book; else the continuous book."""
    stated = rules.methods(context, venue)
    if BY_CALL not in stated:
        return CONTINUOUS
    now = minute_of_day(context.at)
    periods = rules.hours(context, venue, BY_CALL)
    within = any(start <= now < end for start, end in periods)
    return BY_CALL if within or CONTINUOUS not in stated else CONTINUOUS


def open_call(context: Context, code: str) -> Row | None:
    """The call auction that takes orders in an instrument, or is being cleared."""
    keys = context.children(CALL, "state", code, CallState.OPEN)
    return context.need(CALL, *keys[0]) if keys else None


def check_kind(context: Context, ground: Ground, body: Body) -> None:
    """Raise Refusal for a kind that the rules do not allow, or a price that is missing or idle."""
    kind = body["kind"]
    allowed = ground.terms.order_kinds
    if ground.terms.method == BY_CALL:
        allowed &= {"limit"}  # the others speak of a book that trades at once
    if kind not in allowed:
        context.fault("order-kind-not-allowed", field="kind", allowed=sorted(allowed))
    if "price_fen" not in body and kind != TO_LIMIT:
        raise Refusal("price-missing", field="price_fen")
    if "price_fen" in body and kind == TO_LIMIT:
        context.fault("price-superfluous", field="price_fen")


def check_until(context: Context, ground: Ground, body: Body) -> Row:
    """The columns of an order's validity; raises Refusal for a day that is past or too far."""
    until = body.get("until")
    if until is None:
        return {"until": None, "ends_at": None}
    today = business_date(context.at)
    last = business_date(midnight(today, ground.terms.days_open - 1))
    if until < today:
        context.fault("order-expired", field="until", today=today)
    if until > last:
        context.fault("validity-too-long", field="until", last=last)
    return {"until": until, "ends_at": midnight(until, after=1)}


def check_terms(
    context: Context, ground: Ground, side: str, price_fen: int, quantity: int, own: int = 0
) -> None:
    """Raise Refusal for price, size and position; ``own`` is what an order on record may buy."""
    judge(
        context,
        order_faults(ground.terms, ground.instrument["reference_fen"], price_fen, quantity),
    )
    if side == BUY:
        code = ground.instrument["instrument"]
        check_position(
            context,
            ground.terms,
            ground.instrument,
            quantity,
            instead_of=own,
            once=lambda: ordered(context, context.party, code),
        )


def price_of(context: Context, body: Body, live: Live | None) -> int:
    """The limit of an order; the best price of the other side where it states none.

    Raises Refusal ``no-price`` where nobody stands there.
    """
    if body["kind"] != TO_LIMIT:
        return int(body["price_fen"])
    best = live.book.best(body["side"] != BUY) if live is not None else None
    if best is None:
        raise Refusal("no-price", field="kind")
    return best


def check_passive(context: Context, body: Body, live: Live) -> None:
    """Raise Refusal ``would-take`` for a post-only order that would trade at once."""
    if body["kind"] != "post-only":
        return
    buys = body["side"] == BUY
    best = live.book.best(not buys)
    if best is not None and (best <= body["price_fen"] if buys else best >= body["price_fen"]):
        context.fault("would-take", field="price_fen", best_fen=best)
