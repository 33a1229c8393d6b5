"""Whether a party or a venue may trade now: every trade method asks."""

from __future__ import annotations

from ledger.writer.context import Context
from market.stops.models import BAR, HALT, RUNS, BarState, HaltState


def barred(context: Context, party: str) -> bool:
    """Whether a bar stands against a party."""
    keys = context.children(BAR, "party", party, RUNS)
    return any(context.need(BAR, *key)["state"] == BarState.STANDING for key in keys)


def check_barred(context: Context) -> None:
    """Raise Refusal ``party-barred`` where the author may not trade.

    Moving out, withdrawing and retiring ask nothing here: what a party holds stays its own.
    """
    if barred(context, context.party):
        context.fault("party-barred", party=context.party)


def halted(context: Context, venue: str) -> bool:
    """Whether a venue's trading is stopped."""
    row = context.get(HALT, venue)
    return row is not None and row["state"] == HaltState.HALTED


def check_halted(context: Context, venue: str) -> None:
    """Raise Refusal ``venue-halted`` where a venue's trading is stopped."""
    if halted(context, venue):
        context.fault("venue-halted", venue=venue)
