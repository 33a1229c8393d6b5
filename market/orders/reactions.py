"""What others' acts mean for orders: sealed where they are public, so that nobody learns whose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.accounts.models import CASH
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State
from market import rules
from market.instruments.models import INSTRUMENT
from market.orders import calls
from market.orders.entering import open_call
from market.orders.freezes import BUY, end_all
from market.orders.live import turn
from market.orders.models import ORDER, OrderState
from market.readers import CALL as BY_CALL
from market.readers import CONTINUOUS

Event = Mapping[str, Any]
EXPIRED_A_STEP = 500
"""Orders that one statement of the scheduler ends."""


def party_suspended(context: Context, event: Event) -> None:
    """A suspended party's orders end."""
    end_all(context, _of_party(context, event["party"]), OrderState.SUSPENDED)


def party_barred(context: Context, event: Event) -> None:
    """The orders of a party that may no longer trade end."""
    end_all(context, _of_party(context, event["party"]), OrderState.BARRED)


def instrument_halted(context: Context, event: Event) -> None:
    """A halted instrument's orders end."""
    end_all(context, _of_instrument(context, event["instrument"]), OrderState.HALTED)


def units_claimed(context: Context, event: Event) -> None:
    """Orders that offer a batch, or cash, on which a claim waits end: the claim is older."""
    asset = event["asset"]
    rows = _of_party(context, event["party"])
    end_all(context, [row for row in rows if _keeps(row, asset)], OrderState.CLAIMED)


def _keeps(row: Row, asset: str) -> bool:
    if row["side"] == BUY:
        return bool(asset == CASH)
    return any(batch == asset for batch, _ in row["portions"])


def session_closed(context: Context, event: Event) -> None:
    """闭市: what was good for the day or ends today is over, and what tomorrow's band leaves out.

    A call that was still gathering is void.
    """
    stated = rules.methods(context, event["venue"])
    for (code,) in context.children(INSTRUMENT, "venue", event["venue"]):
        call = open_call(context, code)
        if call is not None:
            calls.void(context, call)
        rows = _of_instrument(context, code)
        if not rows:
            continue
        over = [row for row in rows if row["until"] is None or row["until"] <= event["date"]]
        end_all(context, over, OrderState.EXPIRED)
        instrument = context.need(INSTRUMENT, code)
        terms = rules.terms(context, instrument, CONTINUOUS if CONTINUOUS in stated else BY_CALL)
        low, high = terms.price_band(instrument["reference_fen"])
        kept = [row for row in rows if row["until"] is not None and row["until"] > event["date"]]
        outside = [row for row in kept if not low <= row["price_fen"] <= high]
        end_all(context, outside, OrderState.OUTSIDE)


def due(state: State, at: int) -> Iterator[Due]:
    """Orders whose last day is over, so many a statement."""
    rows = state.overdue(ORDER, at)[:EXPIRED_A_STEP]
    if rows:
        names = [row["order"] for row in rows]
        yield Due(rows[0]["ends_at"], f"order/{names[0]}", "order.expire", {"orders": names})


def _of_party(context: Context, party: str) -> list[Row]:
    return context.members(ORDER, "party", party, OrderState.OPEN)


def _of_instrument(context: Context, code: str) -> list[Row]:
    return sorted(context.gather(ORDER, "book", code, OrderState.OPEN), key=turn)
