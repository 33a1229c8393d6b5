"""The verbs for units and cash that rooms above use; each keeps every asset's sum at zero."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.accounts.claims import fill
from ledger.accounts.models import BALANCE
from ledger.writer.context import Context
from ledger.writer.errors import Refusal


def registry(party: str) -> str:
    """The party's 登记账户."""
    return f"{party}/registry"


def trading(party: str) -> str:
    """The party's 交易账户."""
    return f"{party}/trading"


def income(operator: str) -> str:
    """An exchange operator's account of fees."""
    return f"{operator}/income"


def held(context: Context, account: str, asset: str, bucket: str = "available") -> int:
    """Units of an asset in one bucket of an account."""
    row = context.get(BALANCE, account, asset)
    return 0 if row is None else int(row[bucket])


def check_held(
    context: Context, account: str, asset: str, quantity: int, bucket: str = "available"
) -> None:
    """Raise Refusal ``balance-short`` where an account's bucket holds too few."""
    have = held(context, account, asset, bucket)
    if have < quantity:
        raise Refusal("balance-short", asset=asset, have=have, need=quantity)


def move(
    context: Context,
    asset: str,
    quantity: int,
    source: str,
    target: str,
    *,
    take: str = "available",
    give: str = "available",
) -> None:
    """Move units between accounts or buckets.

    Raises Refusal ``balance-short`` where ``source`` holds too few in bucket ``take``.
    """
    check_held(context, source, asset, quantity, take)
    post(context, asset, quantity, source, target, take=take, give=give)


def spread(
    context: Context,
    asset: str,
    source: str,
    parts: Sequence[tuple[str, int, str]],
    *,
    take: str = "available",
) -> None:
    """Move units from one account to several, each ``(target, quantity, bucket)``.

    An account is posted to once, however many parts it has.  Raises Refusal ``balance-short`` for
    the first part for which ``source`` holds too few in ``take``, as one move after another would.
    """
    have, need = held(context, source, asset, take), 0
    sums: dict[tuple[str, str], int] = {}
    for target, quantity, give in parts:
        if have - need < quantity:
            raise Refusal("balance-short", asset=asset, have=have - need, need=quantity)
        need += quantity
        sums[target, give] = sums.get((target, give), 0) + quantity
    if not need:
        return
    context.add(BALANCE, source, asset, **{take: -need})
    for (target, give), quantity in sums.items():
        context.add(BALANCE, target, asset, **{give: quantity})
        if give == "available":
            fill(context, target, asset)


def post(
    context: Context,
    asset: str,
    quantity: int,
    source: str,
    target: str,
    *,
    take: str = "available",
    give: str = "available",
) -> None:
    """Post without a check, for contra accounts and for public handlers.

    What becomes available is first that of the claims which wait for it.
    """
    context.add(BALANCE, source, asset, **{take: -quantity})
    context.add(BALANCE, target, asset, **{give: quantity})
    if give == "available":
        fill(context, target, asset)
