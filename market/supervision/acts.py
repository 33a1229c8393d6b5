"""Acts at once: a listing or order ended by order, a venue halted and resumed, a party warned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.standing import need_open
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from market.instruments.models import INSTRUMENT
from market.listings.models import LISTING, ListingState
from market.listings.standing import cancel
from market.orders.freezes import end_all
from market.orders.models import ORDER, OrderState
from market.stops.models import HALT, HaltState
from market.stops.standing import halted
from market.supervision.authority import need_operator, operator_of, supervises
from market.supervision.models import WARNING

Body = Mapping[str, Any]


def cancel_listing(context: Context, body: Body) -> None:
    """强制撤单 of one listing; raises Refusal ``operator-other`` or ``listing-closed``."""
    row = context.need(LISTING, body["listing"])
    instrument = context.need(INSTRUMENT, row["instrument"])
    need_operator(context, instrument["operator"], instrument["venue"])
    if row["state"] != ListingState.OPEN:
        raise Refusal("listing-closed", field="listing", state=row["state"])
    cancel(context, row, ListingState.BY_ORDER)


def cancel_order(context: Context, body: Body) -> None:
    """强制撤单 of one order of the book; raises Refusal ``operator-other`` or ``order-closed``."""
    row = context.need(ORDER, body["order"])
    instrument = context.need(INSTRUMENT, row["instrument"])
    need_operator(context, instrument["operator"], instrument["venue"])
    if row["state"] != OrderState.OPEN:
        raise Refusal("order-closed", field="order", state=row["state"])
    end_all(context, [row], OrderState.BY_ORDER)


def halt(context: Context, body: Body) -> None:
    """Stop all trading of a venue until it is resumed; raises Refusal ``venue-halted``.

    Listings stay and may be withdrawn; the session may close.
    """
    _operated(context, body["venue"])
    if halted(context, body["venue"]):
        raise Refusal("venue-halted", venue=body["venue"])
    _put(context, body, HaltState.HALTED)


def resume(context: Context, body: Body) -> None:
    """Let a venue trade again; who stopped it, or the regulator.

    Raises Refusal ``venue-not-halted`` or ``halt-of-another``.
    """
    _operated(context, body["venue"])
    row = context.get(HALT, body["venue"])
    if row is None or row["state"] != HaltState.HALTED:
        raise Refusal("venue-not-halted", venue=body["venue"])
    if not supervises(context, row["author"]):
        raise Refusal("halt-of-another", venue=body["venue"], author=row["author"])
    _put(context, body, HaltState.RESUMED)


def warn(context: Context, body: Body) -> None:
    """风险提示: told to the party alone."""
    need_open(context, body["party"])
    row = {name: body[name] for name in ("party", "text", "document")}
    told = {"warning": context.id, "author": context.party, "at": context.at}
    context.create(WARNING, {**row, **told, "index": context.index})


def _operated(context: Context, code: str) -> None:
    need_operator(context, operator_of(context, code), code)


def _put(context: Context, body: Body, state: HaltState) -> None:
    row = {name: body[name] for name in ("venue", "reason", "document")}
    stated = {"author": context.party, "state": state, "at": context.at, "index": context.index}
    context.put(HALT, {**row, **stated})
