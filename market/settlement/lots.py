"""Lots: units bought too recently to be sold again (T+1, or a longer minimum holding)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.accounts.verbs import move, trading
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from market.settlement.models import LOT


def bucket(holding_sessions: int) -> str:
    """Where delivered units go: sellable at once only where the rule asks for no holding."""
    return "bought" if holding_sessions else "available"


def hold(
    context: Context, session: Row, holding_sessions: int, portions: Iterable[tuple[str, int]]
) -> None:
    """Remember what the author bought until so many sessions have closed, this one included."""
    if not holding_sessions:
        return
    for batch, quantity in portions:
        context.put(
            LOT,
            {
                "deal": context.id,
                "batch": batch,
                "party": context.party,
                "quantity": quantity,
                "venue": session["venue"],
                "release": session["number"] + holding_sessions - 1,
                "salt": context.salt,
            },
        )


def release(context: Context, venue: str, number: int) -> None:
    """The lots that the close of session ``number`` frees become available."""
    for key in context.children(LOT, "release", venue, number):
        row = context.need(LOT, *key)
        account = trading(row["party"])
        move(context, row["batch"], row["quantity"], account, account, take="bought")
        context.concern(row["party"], row["salt"])
        context.delete(LOT, *key)
