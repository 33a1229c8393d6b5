"""Placing, cancelling, reducing and replacing orders; confidential to their owners."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.versions import INSTRUMENT_NAMED
from market import rules
from market.checks import judge
from market.instruments.models import INSTRUMENT
from market.orders import calls, entering
from market.orders.freezes import BUY, Returns, end_all, frozen_anew
from market.orders.live import Live, books, rows_of
from market.orders.models import ORDER, SELF_TRADE, OrderState
from market.orders.trading import KIND, RULE, Ground, enter
from market.readers import CALL as BY_CALL
from market.terms import lot_faults

Body = Mapping[str, Any]


def order_name(party: str, id: str, salt: str) -> str:
    """The name of an order, by which its owner speaks of it and a deal of its two sides.

    It follows from what the author alone knows and has used once, so that no name is given twice.
    """
    text = f"qingzhang/order/v1\n{party}\n{id}\n{salt}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def place(context: Context, body: Body) -> None:
    """报单: freeze what the order may cost, let it trade, and rest where its kind allows."""
    ground = entering.ground_of(context, body["instrument"])
    entering.check_kind(context, ground, body)
    validity = entering.check_until(context, ground, body)
    live = _book(context, ground)
    price = entering.price_of(context, body, live)
    entering.check_terms(context, ground, body["side"], price, body["quantity"])
    if live is not None:
        entering.check_passive(context, body, live)
    row = frozen_anew(
        context, ground.instrument, _row(context, ground, body, price, validity), Returns(context)
    )
    _trade(context, ground, live, row, body["kind"])


def _book(context: Context, ground: Ground) -> Live | None:
    """The book with the day's band, or None where a call gathers orders or a rule is broken."""
    if ground.terms.method == BY_CALL or context.faults:
        return None
    live = books(context).of(context, ground.instrument["instrument"])
    low, high = ground.terms.price_band(ground.instrument["reference_fen"])
    outside = live.confine(range(low, high + 1, ground.terms.tick_fen))
    if outside:
        end_all(context, rows_of(context, outside), OrderState.OUTSIDE)
    return live


def _trade(context: Context, ground: Ground, live: Live | None, row: Row, kind: str) -> None:
    """Let an order with what it needs frozen trade; a rehearsal that found a fault ends here."""
    if context.faults:
        return
    chosen = context.get(SELF_TRADE, context.party)
    rule = RULE[chosen["rule"] if chosen else ground.terms.self_trade]
    if live is None:
        calls.enter(context, ground, row, rule)
    else:
        enter(context, ground, live, row, KIND[kind], rule)


def _row(context: Context, ground: Ground, body: Body, price_fen: int, validity: Row) -> Row:
    assert context.salt is not None  # the circle's schema demands it
    buys = body["side"] == BUY
    return {
        "order": order_name(context.party, context.id, context.salt),
        "party": context.party,
        **{name: body[name] for name in ("instrument", "side", "kind", "quantity")},
        "price_fen": price_fen,
        "remaining": body["quantity"],
        "turnover_fen": 0,
        "fee_fen": 0,
        "frozen_fen": 0,
        "portions": None if buys else [],
        "tariff": ground.terms.tariff(buys).text,
        "state": OrderState.OPEN.value,
        **validity,
        "call_at": None,
        **_turn(context),
        "revision": 0,
        "salt": context.salt,
        "at": context.at,
        "index": context.index,
    }


def _turn(context: Context) -> Row:
    """The latest turn of all: an entry's place in the log, then an operation's in its batch."""
    return {"placed": context.index, "nth": context.tally("order-turn", 1)}


def cancel(context: Context, body: Body) -> None:
    """撤单: at any hour, so that nothing stays frozen."""
    end_all(context, [_own(context, body["order"])], OrderState.CANCELLED)


def cancel_all(context: Context, body: Body) -> None:
    """End every open order of the author, in one instrument or in all; none is well too.

    Raises Refusal ``instrument-unknown``.
    """
    code = body.get("instrument")
    if code is not None and context.engine_version >= INSTRUMENT_NAMED:
        context.need(INSTRUMENT, code)
    rows = context.members(ORDER, "party", context.party, OrderState.OPEN)
    chosen = [row for row in rows if code in (None, row["instrument"])]
    end_all(context, chosen, OrderState.CANCELLED)


def reduce(context: Context, body: Body) -> None:
    """Want less; the turn stays. Whoever takes off all that is left ends the order."""
    row = _own(context, body["order"])
    quantity = min(body["quantity"], row["remaining"])
    less = {"quantity": row["quantity"] - quantity, "remaining": row["remaining"] - quantity}
    if not less["remaining"]:
        end_all(context, [row], OrderState.CANCELLED)
        return
    instrument = context.need(INSTRUMENT, row["instrument"])
    method = entering.method_now(context, instrument["venue"])
    judge(context, lot_faults(rules.terms(context, instrument, method), quantity))
    returns = Returns(context)
    shrunk = frozen_anew(context, instrument, {**row, **less}, returns)
    context.put(ORDER, {**shrunk, "revision": row["revision"] + 1})
    returns.post()


def replace(context: Context, body: Body) -> None:
    """Another price and remaining quantity at the end of the queue.

    It may trade at once, unless its kind is passive.
    """
    row = _own(context, body["order"])
    ground = entering.ground_of(context, row["instrument"])
    price, quantity = body["price_fen"], body["quantity"]
    live = _book(context, ground)
    row = _own(context, body["order"])  # the day's band may just have ended it
    entering.check_terms(context, ground, row["side"], price, quantity, row["remaining"])
    kind = "post-only" if row["kind"] == "post-only" else "limit"
    if live is not None:
        wanted = {"kind": kind, "side": row["side"], "price_fen": price}
        entering.check_passive(context, wanted, live)
    filled = row["quantity"] - row["remaining"]
    changed = {
        "price_fen": price,
        "quantity": filled + quantity,
        "remaining": quantity,
        "call_at": None,
        **_turn(context),
    }
    returns = Returns(context)
    row = frozen_anew(context, ground.instrument, {**row, **changed}, returns)
    returns.post()
    _trade(context, ground, live, row, kind)


def choose(context: Context, body: Body) -> None:
    """What the author's later orders do where they would meet its own."""
    row = {"party": context.party, "rule": body["rule"], "index": context.index}
    context.put(SELF_TRADE, row)


def expire(context: Context, body: Body) -> None:
    """The scheduler ends orders whose last day is over, before anything else is decided."""
    rows = rows_of(context, body["orders"])
    for row in rows:
        if row["state"] != OrderState.OPEN or row["ends_at"] is None or row["ends_at"] > context.at:
            raise Refusal("not-due", field="orders", order=row["order"])
    end_all(context, rows, OrderState.EXPIRED)


def _own(context: Context, name: str) -> Row:
    row = context.need(ORDER, name)
    if row["party"] != context.party:
        raise Refusal("order-of-another", field="order")
    if row["state"] != OrderState.OPEN:
        raise Refusal("order-closed", field="order", state=row["state"])
    return row
