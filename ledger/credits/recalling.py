"""The end of a recall window: by the sender's recall, or by time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.credits.handlers import finish, give_back
from ledger.credits.models import CLEARING, TRANSFER
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row
from ledger.writer.room import Due
from ledger.writer.state import State

Body = Mapping[str, Any]


def recall(context: Context, body: Body) -> None:
    """撤回: the sender takes accepted units back before they are final."""
    row = context.need(TRANSFER, body["transfer"])
    if row["sender"] != context.party:
        raise Refusal("transfer-unknown", key=body["transfer"])
    if _running(context, row)["final_at"] <= context.at:
        raise Refusal("transfer-closed", transfer=row["transfer"], state="accepted")
    give_back(context, row, "recalled")


def settle(context: Context, body: Body) -> None:
    """The window is over: the units are the receiver's."""
    row = context.need(TRANSFER, body["transfer"])
    window = _running(context, row)
    if window["final_at"] > context.at:
        raise Refusal("not-due", transfer=row["transfer"])
    context.concern(row["sender"], row["salt"])
    context.put(CLEARING, {**window, "state": "over"})
    finish(context, row)


def due(state: State, at: int) -> Iterator[Due]:
    """The windows that are over."""
    for row in state.overdue(CLEARING, at):
        body = {"transfer": row["transfer"]}
        yield Due(row["final_at"], row["transfer"], "credit.settle", body)


def _running(context: Context, row: Row) -> Row:
    if row["state"] != "clearing":
        raise Refusal("transfer-closed", transfer=row["transfer"], state=row["state"])
    return context.need(CLEARING, row["transfer"])
