"""A ledger with every kind of row, and audits of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import Column, Connection, select
from sqlalchemy.exc import IntegrityError

from ledger.parties.authority import public_key
from ledger.writer.audit import Report, audit
from ledger.writer.kinds import Kind
from ledger.writer.rebuild import rebuild
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


def columns_missed(stage: Scene, kinds: Sequence[Kind]) -> list[str]:
    """Columns of these kinds' tables whose change the audit does not notice; each table has rows.

    An audit looks at one changed column of every table, and must name each table.  A change that
    the table itself refuses needs no audit.
    """
    missed = []
    for columns in zip_longest(*(kind.table.columns for kind in kinds)):
        with stage.ledger.record.database.connect() as connection:
            changed = [column for column in columns if column is not None]
            told = [column for column in changed if _tampered(connection, column)]
            named = {fault.params.get("table") for fault in audited(stage, connection).faults}
            missed += [str(column) for column in told if column.table.name not in named]
            connection.rollback()
    return missed


def _tampered(connection: Connection, column: Column[Any]) -> bool:
    """Whether the last row of the column's table took a change there."""
    table = column.table
    last = [key.desc() for key in table.primary_key.columns]
    row = connection.execute(select(table).order_by(*last)).mappings().first()
    assert row is not None, table.name
    try:
        tamper(connection, column, row)
    except IntegrityError:
        return False
    return True


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
