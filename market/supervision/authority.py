"""Whose word counts: the regulator's about everything, an exchange's about what is its own."""

from __future__ import annotations

from ledger.parties.models import PARTY
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from market.instruments.models import INSTRUMENT, VENUE

REGULATOR, EXCHANGE = "regulator", "exchange"


def supervises(context: Context, party: str) -> bool:
    """Whether the author may decide about what ``party`` has stated or operates."""
    return context.party == party or REGULATOR in context.need(PARTY, context.party)["roles"]


def operator_of(context: Context, venue: str) -> str:
    """Whose a venue is: its first instrument's operator's.  Raises Refusal ``venue-unknown``."""
    context.need(VENUE, venue)
    (first, *_), *_ = context.children(INSTRUMENT, "venue", venue)
    return str(context.need(INSTRUMENT, first)["operator"])


def need_operator(context: Context, operator: str, venue: str) -> None:
    """Raise Refusal ``operator-other`` for an exchange that does not operate a venue."""
    if not supervises(context, operator):
        raise Refusal("operator-other", venue=venue, operator=operator)
