"""What others' public acts mean for blocks: sealed, so that nobody learns whose they were.

At the close of its day the tape tells of a block.  A proposal stays open over the close only as
far as the method's rule ``days-open`` let its author name a later day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.accounts.models import CASH
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from market.blocks.handlers import end, instrument_of, put
from market.blocks.models import PROPOSAL, ProposalState
from market.instruments.models import INSTRUMENT
from market.readers import BLOCK
from market.settlement import tape
from market.settlement.models import DEAL

Event = Mapping[str, Any]


def party_suspended(context: Context, event: Event) -> None:
    """A suspended or barred party's proposals end, and those that wait for its answer."""
    for side in ("proposer", "counterparty"):
        for row in _rows(context, side, event["party"], ProposalState.OPEN):
            end(context, row, ProposalState.STOPPED)


def instrument_halted(context: Context, event: Event) -> None:
    """Proposals in a halted instrument end."""
    for row in _rows(context, "book", event["instrument"], ProposalState.OPEN):
        end(context, row, ProposalState.STOPPED)


def units_claimed(context: Context, event: Event) -> None:
    """Proposals that offer a batch, or cash, on which a claim waits end: the claim is older."""
    for row in _rows(context, "proposer", event["party"], ProposalState.OPEN):
        if _keeps(row, event["asset"]):
            end(context, row, ProposalState.STOPPED)


def _keeps(row: Row, asset: str) -> bool:
    if asset == CASH:
        return bool(row["frozen_fen"])
    return any(batch == asset for batch, _ in row["portions"])


def session_closed(context: Context, event: Event) -> None:
    """The day's blocks are told, each with price and volume, and the day's proposals end."""
    for (code,) in context.children(INSTRUMENT, "venue", event["venue"]):
        for row in _rows(context, "book", code, ProposalState.OPEN):
            if row["until"] <= event["date"]:
                end(context, row, ProposalState.LAPSED)
        agreed = _rows(context, "book", code, ProposalState.AGREED)
        for row in sorted(agreed, key=lambda row: context.need(DEAL, row["deal"])["index"]):
            _tell(context, row)


def _tell(context: Context, row: Row) -> None:
    instrument = instrument_of(context, row)
    sequence = tape.tell(context, instrument, row["date"], BLOCK, row["price_fen"], row["quantity"])
    deal = context.need(DEAL, row["deal"])
    context.put(DEAL, {**deal, "sequence": sequence})
    put(context, {**row, "state": ProposalState.TOLD})


def _rows(context: Context, group: str, value: str, state: ProposalState) -> Iterator[Row]:
    for key in context.children(PROPOSAL, group, value, state):
        yield context.need(PROPOSAL, *key)
