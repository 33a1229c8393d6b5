"""Uniform codes on record: each belongs to one party, until that party has left."""

from __future__ import annotations

from ledger.parties.errors import CodeRefused
from ledger.parties.models import PARTY, USCC
from ledger.parties.people_models import PartyState
from ledger.parties.uscc import check_uscc
from ledger.writer.context import Context


def claim_uscc(context: Context, uscc: str, party: str) -> None:
    """Give a code to a party; one that it had before may come back to it.

    Raises Refusal ``uscc-invalid`` or ``uscc-registered``.
    """
    try:
        check_uscc(uscc)
    except CodeRefused as error:
        context.fault("uscc-invalid", field="uscc", rule=error.code)
    held = context.get(USCC, uscc)
    if held is not None and held["party"] != party:
        other = context.need(PARTY, held["party"])
        if other["status"] != PartyState.CLOSED:
            context.fault("uscc-registered", field="uscc", party=held["party"])
    context.put(USCC, {"uscc": uscc, "party": party})
