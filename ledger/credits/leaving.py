"""What a party must not have any more when it leaves: transfers that wait for its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.credits.models import BATCH, TRANSFER
from ledger.writer.context import Context
from ledger.writer.errors import Refusal


def nothing_offered(context: Context, event: Mapping[str, Any]) -> None:
    """Refuse while something is offered to it; raises Refusal ``closing-transfer``.

    What it offered itself is still in its account, in transfer.
    """
    waiting = context.children(TRANSFER, "receiver", event["party"], "proposed")
    if waiting:
        raise Refusal("closing-transfer", transfer=waiting[0][0], open=len(waiting))


def nothing_alive(context: Context, event: Mapping[str, Any]) -> None:
    """Refuse that a project leaves for the national register while units of it are alive.

    They would be claimed twice: raises Refusal ``units-alive`` with batch and quantity.
    """
    for key in context.children(BATCH, "project", event["project"]):
        row = context.need(BATCH, *key)
        alive = row["issued"] - row["retired"] - row["cancelled"]
        if alive:
            raise Refusal("units-alive", batch=row["batch"], alive=alive)
