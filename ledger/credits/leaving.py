"""What a party must not have any more when it leaves: transfers that wait for its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.credits.models import TRANSFER
from ledger.writer.context import Context
from ledger.writer.errors import Refusal


def nothing_offered(context: Context, event: Mapping[str, Any]) -> None:
    """Refuse while something is offered to it; raises Refusal ``closing-transfer``.

    What it offered itself is still in its account, in transfer.
    """
    waiting = context.children(TRANSFER, "receiver", event["party"], "proposed")
    if waiting:
        raise Refusal("closing-transfer", transfer=waiting[0][0], open=len(waiting))
