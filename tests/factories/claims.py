"""Bodies of freezes and pledges, for tests; the test clock's day is 1 January 2026."""

from __future__ import annotations

from typing import Any

from ledger.accounts.claims import claim_table
from ledger.accounts.models import BUCKETS, balance_table
from ledger.credits.models import block_table, fate_table
from ledger.credits.queries import identity
from ledger.restraints.models import order_table
from tests.factories.market import BANK
from tests.factories.scene import OFFICERS, Scene

BATCH = "ZJ_FS-R1-2024"
COURT = {"authority": "某市中级人民法院", "document": "（2026）执1号"}


def freeze_body(quantity: int, **more: Any) -> dict[str, Any]:
    """The body of freeze.order."""
    asset = {"party": "owner", "asset": BATCH, "quantity": quantity}
    return {**asset, **COURT, "until": "2026-12-31", **more}


def numbered(stage: Scene) -> str:
    """The number of the next document of an authority: none acts twice on the same."""
    return f"（2026）执{len(stage.rows(order_table)) + 1}号"


def freeze(stage: Scene, quantity: int, **more: Any) -> str:
    """A freeze by a document of its own."""
    more = {"document": numbered(stage), **more}
    return stage.do("registrar", "freeze.order", freeze_body(quantity, **more), *OFFICERS)


def pledge_body(quantity: int, **more: Any) -> dict[str, Any]:
    """The body of pledge.propose: security for 50,000.00 yuan until the end of June."""
    return {
        "bank": "bank",
        "batch": BATCH,
        "quantity": quantity,
        "contract": "借字2026-1",
        "secured_fen": 5_000_000,
        "until": "2026-06-30",
        "rank": 1,
        "on_default": "disposal",
        **more,
    }


def agree(stage: Scene, quantity: int, **more: Any) -> str:
    """A pledge that the bank has agreed to."""
    pledge = stage.do("owner", "pledge.propose", pledge_body(quantity, **more), "a", "b")
    stage.do("bank", "pledge.accept", {"pledge": pledge}, *BANK)
    return pledge


def pledge(stage: Scene, quantity: int, number: str = "质登1", **more: Any) -> str:
    """A registered pledge."""
    name = agree(stage, quantity, **more)
    stage.do("registrar", "pledge.register", {"pledge": name, "number": number}, *OFFICERS)
    return name


def holding(stage: Scene, account: str, asset: str = BATCH) -> dict[str, int]:
    """What an account holds of an asset, by bucket, without zeros."""
    for row in stage.rows(balance_table):
        if (row["account"], row["asset"]) == (account, asset):
            return {name: row[name] for name in BUCKETS if row[name]}
    return {}


def claimed(stage: Scene, name: str) -> tuple[int, int]:
    """What a claim holds and what it waits for."""
    (row,) = [row for row in stage.rows(claim_table) if row["claim"] == name]
    taken = row["registry"] + row["trading"]
    return taken, row["quantity"] - taken


def sound(stage: Scene, batch: str = BATCH) -> None:
    """The identity holds, and serials are disjoint, complete and where the balances are."""
    with stage.ledger.record.reading() as connection:
        figures = identity(connection, batch)
    assert figures["difference"] == 0, figures
    blocks = [row for row in stage.rows(block_table) if row["batch"] == batch]
    spans = sorted(
        (row["first"], row["last"])
        for row in [*blocks, *(row for row in stage.rows(fate_table) if row["batch"] == batch)]
    )
    assert [first for first, _ in spans] == [1, *(last + 1 for _, last in spans[:-1])]
    assert spans[-1][1] == figures["issued"]
    for account in {row["account"] for row in blocks}:
        serials = sum(r["last"] - r["first"] + 1 for r in blocks if r["account"] == account)
        assert serials == sum(holding(stage, account, batch).values())
