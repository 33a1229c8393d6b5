"""A ledger with every kind of row, and audits of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from ledger.parties.authority import public_key
from ledger.writer.audit import Report, audit
from ledger.writer.kinds import Kind
from ledger.writer.rebuild import rebuild
from ledger.writer.room import Room
from ledger.writer.tables import tally
from tests.factories.cash import deposit
from tests.factories.scene import ORIGIN, Scene
from tests.factories.tamper import tamper


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
    deposit(stage, "buyer", 5)
    stage.refused("buyer", "credit.retire", {**retirement, "quantity": 94}, "a", "b")


def audited(stage: Scene, connection: Connection, **way: Any) -> Report:
    """Audit a scene's record."""
    engine, vkey = stage.ledger.engine, stage.ledger.record.vkey
    return audit(connection, engine, ORIGIN, vkey, public_key, **way)


def sealed(stage: Scene, *, supervisor: bool) -> int:
    """Entries that a reader cannot read, of a record whose audit must hold for it."""
    with stage.ledger.record.reading() as connection:
        report = audited(stage, connection, supervisor=supervisor)
    assert report.faults == []
    return report.sealed


def columns_missed(stage: Scene, room: Room, kinds: Sequence[Kind] | None = None) -> list[str]:
    """Columns of a room's tables whose change the audit does not notice; each table has rows.

    A change that the table itself refuses needs no audit.  ``kinds`` are some of the room's.
    """
    missed = []
    for kind in room.kinds if kinds is None else kinds:
        last = [key.desc() for key in kind.table.primary_key.columns]
        for column in kind.table.columns:
            with stage.ledger.record.database.connect() as connection:
                row = connection.execute(select(kind.table).order_by(*last)).mappings().first()
                assert row is not None, kind.name
                try:
                    tamper(connection, column, row)
                except IntegrityError:
                    continue
                if not audited(stage, connection).faults:
                    missed.append(f"{kind.name}.{column.name}")
                connection.rollback()
    return missed


def faults_after_rebuild(stage: Scene) -> list[Any]:
    """What the audit finds once every projection has been emptied and made anew."""
    with stage.ledger.record.database.connect() as connection:
        for kind in stage.ledger.engine.kinds.values():
            connection.execute(kind.table.delete())
        connection.execute(tally.delete())
        rebuild(connection, stage.ledger.engine, ORIGIN)
        found: list[Any] = audited(stage, connection).faults
        connection.rollback()
    return found
