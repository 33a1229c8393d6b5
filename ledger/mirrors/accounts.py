"""Accounts of another registry: opening balances and transactions between them.

Every unit that a leg moves was somewhere before; where a registry issues or ends units, a contra
account holds the other side, so that each unit type sums to zero over all accounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from ledger.mirrors.days import check_past
from ledger.mirrors.handlers import know
from ledger.mirrors.models import CONTRA, HOLDING, TRANSACTION, asset_of
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

Body = Mapping[str, Any]
Effect = Literal["issue", "move", "end"]
OPENED, ISSUED = f"{CONTRA}opened", f"{CONTRA}issued"
EFFECTS: Mapping[str, Effect] = {
    "issue": "issue",
    "surrender": "end",
    "cancellation": "end",
    "cancel-replace": "end",
    "phase-end-retirement": "end",
}
"""What an operation does to units; every other one moves them as its legs say."""


def effect_of(operation: str) -> Effect:
    """Whether an operation issues, moves or ends units."""
    return EFFECTS.get(operation, "move")


def open_balances(context: Context, body: Body) -> None:
    """State what accounts held before a partial extract begins."""
    know(context, body["registry"])
    if body["part"] > body["parts"]:
        raise Refusal("mirror-part-beyond", field="part", parts=body["parts"])
    for unit, account, quantity in body["lines"]:
        _post(context, asset_of(body["registry"], unit), quantity, OPENED, account)


def transact(context: Context, body: Body) -> None:
    """All legs of a transaction, in their order, or none."""
    registry, name = body["registry"], body["transaction"]
    know(context, registry)
    check_past(context, "at", body["at"])
    known = context.get(TRANSACTION, registry, name)
    if known is not None:
        raise Refusal("mirror-transaction-exists", transaction=name, index=known["index"])
    effect = effect_of(body["operation"])
    total = 0
    for id, sender, receiver, unit, quantity, *_ in body["legs"]:
        asset = asset_of(registry, unit)
        source, target = sender, receiver
        if effect == "issue":
            if sender != receiver:
                raise Refusal("mirror-issue-between-accounts", leg=id, account=receiver)
            source = ISSUED
        elif effect == "end":
            target = f"{CONTRA}{body['operation']}"
        if effect != "issue":
            row = context.get(HOLDING, asset, sender)
            have = row["quantity"] if row else 0
            if have < quantity:
                raise Refusal("mirror-balance-short", leg=id, account=sender, unit=unit, have=have)
        _post(context, asset, quantity, source, target)
        total += quantity
    row = {name: body[name] for name in ("registry", "transaction", "type", "operation")}
    row |= {"stated_at": body["at"], "legs": len(body["legs"]), "quantity": total}
    context.put(TRANSACTION, {**row, "index": context.index})


def _post(context: Context, asset: str, quantity: int, source: str, target: str) -> None:
    context.add(HOLDING, asset, source, quantity=-quantity)
    context.add(HOLDING, asset, target, quantity=quantity)
