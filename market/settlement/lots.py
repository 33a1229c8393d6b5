"""Lots: what was bought or earned too recently to be used again (T+1, or a longer holding)."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.accounts.verbs import move, trading
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from market.settlement.models import LOT


@dataclass(frozen=True)
class Held:
    """What a party got in a deal: ``[(asset, quantity), …]``, cash or batches."""

    deal: str
    party: str
    salt: str
    portions: list[tuple[str, int]]


def bucket(sessions: int) -> str:
    """Where a side's gain goes: usable at once only where the rule asks for no waiting."""
    return "bought" if sessions else "available"


def hold(context: Context, session: Row, sessions: int, held: Held) -> None:
    """Remember a gain until so many sessions have closed, at least one, this one included."""
    for asset, quantity in held.portions:
        context.insert(
            LOT,
            {
                "deal": held.deal,
                "asset": asset,
                "party": held.party,
                "quantity": quantity,
                "venue": session["venue"],
                "release": session["number"] + sessions - 1,
                "salt": held.salt,
            },
        )


def release(context: Context, venue: str, number: int) -> None:
    """The lots that the close of session ``number`` frees become available."""
    for key in context.children(LOT, "release", venue, number):
        row = context.need(LOT, *key)
        account = trading(row["party"])
        move(context, row["asset"], row["quantity"], account, account, take="bought")
        context.concern(row["party"], row["salt"])
        context.delete(LOT, *key)
