"""A ledger with every kind of row, and audits of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from ledger.parties.authority import public_key
from ledger.writer.audit import Report, audit
from tests.factories.scene import ORIGIN, Scene


def a_busy_day(stage: Scene) -> None:
    """Issued, transferred, moved and retired credits, cash, and a refusal."""
    batch = stage.issue(900)
    body = {"batch": batch, "quantity": 100, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", body, "a", "b")
    stage.do("buyer", "credit.accept", {"transfer": transfer}, "a")
    stage.do("owner", "credit.transfer", body, "a", "b")
    retirement = {
        "batch": batch,
        "quantity": 7,
        "purpose": "public-good",
        "beneficiary": "公众",
    }
    stage.do("buyer", "credit.retire", retirement, "a", "b")
    deposit = {"party": "buyer", "amount_fen": 5, "reference": "r"}
    stage.do("bank", "cash.deposit", deposit, "bank-1", "bank-2")
    stage.refused("buyer", "credit.retire", {**retirement, "quantity": 94}, "a", "b")


def audited(stage: Scene, connection: Connection, **way: Any) -> Report:
    """Audit a scene's record."""
    engine, vkey = stage.ledger.engine, stage.ledger.record.vkey
    return audit(connection, engine, ORIGIN, vkey, public_key, **way)
