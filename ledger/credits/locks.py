"""Locks on named serials: a dispute about them, or their use being taken (争议、占用锁定).

A lock is public, names serials and not whoever holds them, and so follows them wherever they go.
Locked serials are handed over last and only where that is still possible: never on the exchange,
in a transfer of the holder's own will, or in a retirement.  A balance counts units and not serials,
so what an account may give is its free serials less what it has promised already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ledger.accounts.models import BALANCE, BUCKETS, owner
from ledger.accounts.verbs import held
from ledger.credits.models import BATCH, BLOCK, SERIAL_LOCK, LockState
from ledger.credits.serials import Span, count, split
from ledger.mirrors.names import refuse_mirrored
from ledger.parties.models import PARTY
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

Body = Mapping[str, Any]
PROMISED = ("frozen", "in_transfer", "pledged")
"""The buckets whose units somebody else counts on: a buyer or a court, a receiver, a creditor.

What was bought today is nobody's but the holder's own. It waits for a day to pass and not for
serials, of which no row says that they are the ones that were bought.
"""


def lock(context: Context, body: Body) -> None:
    """Lock serials of a batch, by a document of the registrar or the regulator."""
    batch = context.get(BATCH, body["batch"])
    if batch is None:
        refuse_mirrored(context, body["batch"])
        batch = context.need(BATCH, body["batch"])
    first, last = body["first"], body["last"]
    if not first <= last <= batch["issued"]:
        raise Refusal("serials-outside-batch", field="last", issued=batch["issued"])
    names = ("batch", "first", "last", "ground", "reason", "document")
    stated = {name: body[name] for name in names}
    ends = {"state": LockState.STANDING, "lifted_by": None, "index": context.index}
    context.create(SERIAL_LOCK, {"lock": context.id, "by": context.party, **stated, **ends})
    context.emit("serials-locked", batch=body["batch"], first=first, last=last)


def unlock(context: Context, body: Body) -> None:
    """Lift a lock; the regulator may lift any, the registrar its own."""
    row = context.need(SERIAL_LOCK, body["lock"])
    if row["state"] != LockState.STANDING:
        raise Refusal("lock-ended", field="lock", lock=row["lock"])
    if row["by"] != context.party and "regulator" not in _roles(context):
        raise Refusal("lock-of-other", field="lock", by=row["by"])
    ended = {"state": LockState.LIFTED, "lifted_by": body["document"]}
    context.put(SERIAL_LOCK, {**row, **ended})


def _roles(context: Context) -> list[str]:
    roles: list[str] = context.need(PARTY, context.party)["roles"]
    return roles


def locked_spans(context: Context, batch: str) -> list[Span]:
    """The serials of a batch on which a lock stands, in sorted spans that do not touch."""
    memo = context.memo(SERIAL_LOCK)
    found: list[Span] | None = memo.get(batch)
    if found is None:
        rows = context.members(SERIAL_LOCK, "batch", batch, LockState.STANDING)
        found = memo[batch] = union((row["first"], row["last"]) for row in rows)
    return found


def union(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans that hold what any of the given ones holds."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def locked_on(context: Context, account: str, batch: str) -> int:
    """How many locked units of a batch an account holds."""
    locks = locked_spans(context, batch)
    if not locks:
        return 0
    rows = context.members(BLOCK, "held", account, batch)
    return count(split([(row["first"], row["last"]) for row in rows], locks)[1])


def transferable(context: Context, account: str, batch: str) -> int:
    """可转数量: what is available and, with what is promised already, not locked."""
    balance = context.get(BALANCE, account, batch)
    if balance is None:
        return 0
    return free_of(balance, locked_on(context, account, batch))


def free_of(balance: Row, locked: int) -> int:
    """Of a balance with so many locked units, how many may still be given."""
    return max(0, min(int(balance["available"]), _uncommitted(balance, locked)))


def promised(context: Context, account: str, batch: str) -> int:
    """How many units of a batch an account must keep free serials for."""
    balance = context.get(BALANCE, account, batch)
    return 0 if balance is None else sum(balance[bucket] for bucket in PROMISED)


def _uncommitted(balance: Row, locked: int) -> int:
    """Free serials beyond what is promised; below zero where a lock took what was promised."""
    free = sum(balance[bucket] for bucket in BUCKETS) - locked
    return int(free - sum(balance[bucket] for bucket in PROMISED))


def check_transferable(context: Context, account: str, batch: str, quantity: int) -> None:
    """Raise Refusal ``serials-locked`` where locks leave an account too few; see also balances."""
    have = held(context, account, batch)
    if have < quantity or not locked_spans(context, batch):
        return  # too few in any case: the verb itself says so
    free = transferable(context, account, batch)
    if free < quantity:
        locked = locked_on(context, account, batch)
        raise Refusal(
            "serials-locked", field="quantity", batch=batch, locked=locked, transferable=free
        )


def serials_locked(context: Context, event: Mapping[str, Any]) -> None:
    """Whose promises on the exchange the serials stood behind: the rooms above end them."""
    batch = event["batch"]
    accounts = {
        row["account"]
        for row in context.gather(BLOCK, "batch", batch)
        if row["first"] <= event["last"] and event["first"] <= row["last"]
    }
    for account in sorted(account for account in accounts if account.endswith("/trading")):
        balance = context.need(BALANCE, account, batch)
        if _uncommitted(balance, locked_on(context, account, batch)) < 0:
            context.emit("units-claimed", party=owner(account), asset=batch)
