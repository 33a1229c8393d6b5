"""What an auction freezes of its principal and its bidders, and how that is given back."""

from __future__ import annotations

from typing import Any

from ledger.accounts.models import CASH
from ledger.accounts.verbs import move, trading
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from market.one_way.models import BID, BID_MOVES, OFFER, OVER, BidState
from market.settlement.deals import Portions
from market.settlement.freezes import free_of_batch, freeze


def freeze_cash(context: Context, amount_fen: int) -> None:
    """Freeze cash of the author; raises Refusal ``balance-short``."""
    account = trading(context.party)
    move(context, CASH, amount_fen, account, account, give="frozen")


def freeze_units(context: Context, instrument: Row, row: Row, quantity: int) -> Portions:
    """Freeze units of the author, of the named batches in their order where some are named.

    Raises Refusal ``balance-short``.
    """
    if row["batches"] is None:
        return freeze(context, instrument, quantity)
    portions: Portions = []
    missing = quantity
    for batch in row["batches"]:
        part = min(missing, free_of_batch(context, instrument, trading(context.party), batch))
        if part:
            portions += freeze(context, {**instrument, "batch": batch}, part)
            missing -= part
    if missing:
        code, have = instrument["instrument"], quantity - missing
        raise Refusal("balance-short", asset=code, have=have, need=quantity)
    return portions


def units(row: Row) -> int:
    """Units that an offer or a bid has frozen."""
    return sum(int(quantity) for _, quantity in row["portions"])


def unfreeze(context: Context, party: str, portions: Portions, frozen_fen: int) -> None:
    """Frozen units and cash are available to their party again."""
    account = trading(party)
    for batch, quantity in portions:
        move(context, str(batch), int(quantity), account, account, take="frozen")
    if frozen_fen:
        move(context, CASH, frozen_fen, account, account, take="frozen")


def release(context: Context, bid: Row, state: BidState, **more: Any) -> None:
    """End a bid and give back what it still has frozen."""
    assert state in BID_MOVES[bid["state"]]
    unfreeze(context, bid["bidder"], bid["portions"], bid["frozen_fen"])
    context.concern(bid["bidder"], bid["salt"])
    ended = {"portions": [], "frozen_fen": 0, "stands": OVER, "state": state}
    context.put(BID, {**bid, **ended, **more})


def end_offer(context: Context, offer: Row, portions: Portions, frozen_fen: int) -> None:
    """End an offer and give back what is left of it."""
    unfreeze(context, offer["principal"], portions, frozen_fen)
    context.concern(offer["principal"], offer["salt"])
    context.put(OFFER, {**offer, "portions": [], "frozen_fen": 0, "stands": OVER})
