"""What a party must not have any more when it leaves: units in any state, and cash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.accounts.cash.correcting import nothing_claimed
from ledger.accounts.models import BALANCE, BUCKETS
from ledger.accounts.verbs import registry, trading
from ledger.writer.context import Context
from ledger.writer.errors import Refusal


def nothing_left(context: Context, event: Mapping[str, Any]) -> None:
    """Refuse while an account holds anything, or the bank still takes cash back."""
    nothing_held(context, event)
    nothing_claimed(context, event["party"])


def nothing_held(context: Context, event: Mapping[str, Any]) -> None:
    """Refuse while an account holds anything.

    Raises Refusal ``closing-holdings`` with account, asset and the buckets that are not empty:
    listed units are frozen, proposed ones in transfer, pledged ones pledged.
    """
    for account in (registry(event["party"]), trading(event["party"])):
        for key in context.children(BALANCE, "account", account):
            row = context.need(BALANCE, *key)
            held = {bucket: row[bucket] for bucket in BUCKETS if row[bucket]}
            if held:
                raise Refusal("closing-holdings", account=account, asset=row["asset"], **held)
