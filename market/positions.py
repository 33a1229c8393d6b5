"""How much of an instrument a party has or may still be given: 持仓限额, a rule of each method.

Every method looks at what is pending by all of them, so that the limit cannot be passed by
buying the same in two ways at once.  What is pending is counted when it is stated, and a seller
who accepts it is told nothing of the buyer's position.
"""

from __future__ import annotations

from collections.abc import Callable

from ledger.accounts.models import BALANCE
from ledger.accounts.verbs import trading
from ledger.credits.models import BATCH
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from ledger.writer.versions import PURCHASES_PENDING
from market.blocks.models import PROPOSAL, ProposalState
from market.instruments.handlers import fits
from market.one_way.models import AUCTION, BID, FORWARD, OFFER, PENDING, REVERSE
from market.orders.models import ORDER, OrderState
from market.terms import Terms

HELD = ("available", "frozen", "bought")
"""The buckets of a trading account that count towards a position."""
BUY = "buy"


def check_position(
    context: Context,
    terms: Terms,
    instrument: Row,
    quantity: int,
    *,
    instead_of: int = 0,
    once: Callable[[], int] = int,
) -> None:
    """Raise Refusal ``position-over-limit`` where buying would take the author beyond its limit.

    ``instead_of`` is what pends of the author's and ends with this purchase; ``once`` gives what
    the method alone counted, before all were counted together.
    """
    if terms.position_limit is None:
        return
    if context.engine_version < PURCHASES_PENDING:
        pending = once()
    else:
        pending = pending_of(context, context.party, instrument["instrument"])
    after = position(context, context.party, instrument) + pending - instead_of + quantity
    if after > terms.position_limit:
        limit = terms.position_limit
        context.fault("position-over-limit", field="quantity", limit=limit, position=after)


def position(context: Context, party: str, instrument: Row) -> int:
    """Units on a party's trading account that could be delivered into an instrument."""
    account, total = trading(party), 0
    for key in context.children(BALANCE, "account", account):
        batch = context.get(BATCH, key[1])
        if batch is not None and fits(instrument, batch):
            row = context.need(BALANCE, *key)
            total += sum(row[bucket] for bucket in HELD)
    return total


def ordered(context: Context, party: str, code: str) -> int:
    """What a party's open orders may still buy in an instrument."""
    rows = context.members(ORDER, "party", party, OrderState.OPEN)
    return sum(r["remaining"] for r in rows if (r["instrument"], r["side"]) == (code, BUY))


def proposed(context: Context, party: str, code: str) -> int:
    """What a party has offered to buy in blocks that wait for the other side."""
    rows = context.members(PROPOSAL, "proposer", party, ProposalState.OPEN)
    return sum(r["quantity"] for r in rows if (r["instrument"], r["side"]) == (code, BUY))


def bid_for(context: Context, party: str, code: str) -> int:
    """What a party may be given by one-way auctions: by its own, or by bids that show a quantity.

    Of a sealed bid nothing is known until it is shown, which is when it is counted.
    """

    def of(row: Row, direction: str) -> Row | None:
        auction = context.need(AUCTION, row["auction"])
        return (
            auction if (auction["instrument"], auction["direction"]) == (code, direction) else None
        )

    own = (of(row, REVERSE) for row in context.members(OFFER, "principal", party, PENDING))
    bids = context.members(BID, "bidder", party, PENDING)
    shown = sum(row["quantity"] or 0 for row in bids if of(row, FORWARD))
    return int(shown + sum(auction["quantity"] for auction in own if auction))


def pending_of(context: Context, party: str, code: str) -> int:
    """What a party may still be given of an instrument, by whatever method."""
    return sum(count(context, party, code) for count in (ordered, proposed, bid_for))
