"""The audit proves a sound record and names whatever was changed in a stored one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from ledger.projects.models import PROJECT, REPORT
from ledger.statements.attachments import Attachment
from ledger.writer.kinds import Kind
from ledger.writer.projections import differences
from ledger.writer.rebuild import rebuild
from ledger.writer.tables import metadata
from tests.factories.audits import a_busy_day, audited, columns_missed
from tests.factories.scene import ORIGIN, Scene, scene
from tests.factories.tamper import tamper

UNHELD = {
    ("log_head", "epoch"): "says which writer holds the log; nothing that is served",
    ("attachment", "name"): "the table is empty: no type of this release takes attachments",
}


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """A ledger with every kind of row: issued, transferred, moved and retired credits, cash."""
    with scene(home, vacant_database_url) as opened:
        a_busy_day(opened)
        yield opened


def test_a_sound_record_has_no_faults(stage: Scene) -> None:
    with stage.ledger.record.reading() as connection:
        report = audited(stage, connection)
        head = stage.ledger.record.head(connection)
    assert report.faults == []
    assert (report.entries, report.root) == (head.size, head.root)
    assert (report.replayed, report.sealed) == (head.size, 0)


def test_the_public_audits_what_is_public_and_counts_the_rest(stage: Scene) -> None:
    with stage.ledger.record.reading() as connection:
        report = audited(stage, connection, supervisor=False)
    assert report.faults == []
    assert report.sealed == 8
    assert report.replayed + report.sealed == report.entries


def test_a_change_in_any_column_of_the_logs_own_tables_is_found(stage: Scene) -> None:
    made = {kind.table for kind in stage.ledger.engine.kinds.values()}
    missed, tried = [], 0
    for table in set(metadata.sorted_tables) - made:
        for column in table.columns:
            if (table.name, column.name) in UNHELD:
                continue
            with stage.ledger.record.database.connect() as connection:
                last = [key.desc() for key in table.primary_key.columns]
                row = connection.execute(select(table).order_by(*last)).mappings().first()
                if row is None:
                    continue
                tried += 1
                tamper(connection, column, row)
                if not audited(stage, connection).faults:
                    missed.append(f"{table.name}.{column.name}")
                connection.rollback()
    assert missed == []
    assert tried > 20


def test_a_change_in_any_column_that_entries_make_is_found_and_its_table_named(
    stage: Scene,
) -> None:
    kinds = stage.ledger.engine.kinds.values()
    filled = [kind for kind in kinds if stage.rows(kind.table)]
    assert sum(len(kind.table.columns) for kind in filled) > 80
    assert columns_missed(stage, filled) == []


def test_the_search_for_columns_that_nobody_watches_catches_one(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An audit that forgets one table is told by each of its columns, and by no others."""

    def blind(connection: Connection, kind: Kind, *rest: Any) -> Iterator[dict[str, Any]]:
        return iter(()) if kind is REPORT else differences(connection, kind, *rest)

    monkeypatch.setattr("ledger.writer.audit.stored.differences", blind)
    missed = columns_missed(stage, [PROJECT, REPORT])
    assert set(missed) == {f"report.{column.name}" for column in REPORT.table.columns}


def test_a_row_that_no_entry_explains_and_a_lost_row_are_found(stage: Scene) -> None:
    for kind in stage.ledger.engine.kinds.values():
        with stage.ledger.record.database.connect() as connection:
            row = connection.execute(select(kind.table)).mappings().first()
            if row is None:
                continue
            query = kind.table.delete()
            for key in kind.table.primary_key.columns:
                query = query.where(key == row[key.name])
            connection.execute(query)
            faults = audited(stage, connection).faults
            connection.rollback()
        assert [fault.params["table"] for fault in faults] == [kind.table.name]


def test_rebuild_makes_the_same_rows_from_the_entries(stage: Scene) -> None:
    with stage.ledger.record.database.begin() as connection:
        for kind in stage.ledger.engine.kinds.values():
            connection.execute(kind.table.delete())
        rebuild(connection, stage.ledger.engine, ORIGIN)
        assert audited(stage, connection).faults == []


def test_an_attachment_is_bound_by_salt_and_content() -> None:
    kept = Attachment("id-card", "text/plain", "0" * 32, b"x")
    other = Attachment("id-card", "text/plain", "1" * 32, b"x")
    assert kept.digest != other.digest
    assert kept.digest != Attachment("id-card", "text/plain", "0" * 32, b"y").digest
