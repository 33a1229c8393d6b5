"""Claims on what a party holds: freezes and pledges in the order in which they arose.

A claim takes what is available and keeps it in its own bucket.  What it could not take it waits
for: whatever becomes available later goes to the claims that wait, the oldest first (轮候), before
its holder can use it.  So a freeze over pledged units takes hold when the pledge is released, and
units that arrive in a frozen account are frozen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, String, Table

from ledger.accounts.models import BALANCE, CONTRA, OMNIBUS, owner
from ledger.writer.context import Context
from ledger.writer.kinds import Kind, Row
from ledger.writer.tables import metadata

SIDES = ("registry", "trading")
STANDING, ENDED = "standing", "ended"

claim_table = Table(
    "claim",
    metadata,
    Column("claim", String(80), primary_key=True),
    Column("party", String(63), nullable=False),
    Column("creditor", String(63)),
    Column("asset", String(80), nullable=False),
    Column("bucket", String(16), nullable=False),
    Column("quantity", BigInteger, nullable=False),
    *(Column(side, BigInteger, nullable=False) for side in SIDES),
    Column("sides", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("index", BigInteger, nullable=False),
    CheckConstraint("registry >= 0 AND trading >= 0", name="taken_natural"),
    CheckConstraint("registry + trading <= quantity", name="taken_within"),
)
Index("ix_claim_party_asset_state", claim_table.c.party, claim_table.c.asset, claim_table.c.state)


def _parties(row: Row) -> tuple[str, ...]:
    if row["creditor"] is None or row["creditor"] == row["party"]:
        return (row["party"],)
    return (row["party"], row["creditor"])


CLAIM = Kind(
    "claim", claim_table, parties=_parties, groups={"standing": ("party", "asset", "state")}
)
"""``quantity`` is what the claim still stands for, ``registry`` and ``trading`` what it holds."""


def standing(context: Context, party: str, asset: str) -> Sequence[Row]:
    """The claims on a party's holding of an asset, the oldest first.

    There are none on most, of which every posting asks: sorted again after one has changed.
    """
    memo = context.memo(CLAIM)
    found: Sequence[Row] | None = memo.get((party, asset))
    if found is None:
        rows = context.members(CLAIM, "standing", party, asset, STANDING)
        found = tuple(sorted(rows, key=lambda row: (row["index"], row["claim"])))
        memo[party, asset] = found
    return found


def taken(row: Row) -> int:
    """What a claim holds."""
    return int(row["registry"] + row["trading"])


def waiting(row: Row) -> int:
    """What a claim stands for and does not hold yet."""
    return int(row["quantity"] - taken(row))


def rank(before: int, waits: bool) -> int:
    """The rank of a claim before which so many stand, whether it is a freeze or a pledge.

    One that waits for nothing is the first on what it holds (首封, 第一顺位); one that waits comes
    after every claim that stands before it (轮候), for each of them may leave it something.
    """
    return before + 1 if waits else 1


def place(
    context: Context,
    party: str,
    asset: str,
    bucket: str,
    quantity: int,
    *,
    sides: str = "both",
    creditor: str | None = None,
    name: str | None = None,
) -> Row:
    """Begin a claim, named by the statement's own id unless told otherwise.

    It takes what is available and waits for the rest.
    """
    claim = context.id if name is None else name
    row = {
        "claim": claim,
        "party": party,
        "creditor": creditor,
        "asset": asset,
        "bucket": bucket,
        "quantity": quantity,
        "registry": 0,
        "trading": 0,
        "sides": sides,
        "state": STANDING,
        "index": context.index,
    }
    context.create(CLAIM, row)
    for side in SIDES:
        fill(context, f"{party}/{side}", asset)
    return context.need(CLAIM, claim)


def fill(context: Context, account: str, asset: str) -> None:
    """Give what is available on an account to the claims that wait, the oldest first."""
    if context.public or account.startswith(CONTRA) or account == OMNIBUS:
        return
    party, side = owner(account), account.rpartition("/")[2]
    for row in standing(context, party, asset):
        missing = waiting(row)
        if not missing or row["sides"] not in ("both", side):
            continue
        held = context.get(BALANCE, account, asset)
        part = min(missing, held["available"] if held else 0)
        if part > 0:
            context.add(BALANCE, account, asset, **{"available": -part, row["bucket"]: part})
            context.put(CLAIM, {**row, side: row[side] + part})


def release(context: Context, row: Row, quantity: int) -> None:
    """Let a claim stand for less: first what it waits for, then what it holds.

    What it held goes to the claims behind it, and what they leave to its holder.
    """
    held = max(0, quantity - waiting(row))
    parts = _split(row, held)
    _shrink(context, row, quantity, parts)
    for side, part in parts.items():
        account = f"{row['party']}/{side}"
        if part:
            context.add(BALANCE, account, row["asset"], **{row["bucket"]: -part, "available": part})
            fill(context, account, row["asset"])


def resize(context: Context, row: Row, quantity: int) -> Row:
    """Let a claim stand for another quantity in its old place among the others."""
    if quantity < row["quantity"]:
        release(context, row, row["quantity"] - quantity)
    else:
        context.put(CLAIM, {**row, "quantity": quantity})
        for side in SIDES:
            fill(context, f"{row['party']}/{side}", row["asset"])
    return context.need(CLAIM, row["claim"])


def take_out(context: Context, row: Row, quantity: int) -> dict[str, int]:
    """Take units that a claim holds out of it, by side; the caller posts them elsewhere."""
    parts = _split(row, quantity)
    _shrink(context, row, quantity, parts)
    return parts


def _shrink(context: Context, row: Row, quantity: int, parts: dict[str, int]) -> None:
    left = row["quantity"] - quantity
    changed: dict[str, Any] = {side: row[side] - part for side, part in parts.items()}
    state = STANDING if left else ENDED
    context.put(CLAIM, {**row, **changed, "quantity": left, "state": state})


def _split(row: Row, quantity: int) -> dict[str, int]:
    """So many of what a claim holds, from the trading account first: what trades is freed first."""
    trading = min(quantity, row["trading"])
    return {"registry": quantity - trading, "trading": trading}
