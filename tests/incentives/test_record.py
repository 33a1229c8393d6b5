"""The policy on the record: everybody's audit replays it, and any change is found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from incentives.room import ROOM
from ledger.parties.authority import public_key
from ledger.writer.audit import audit
from ledger.writer.rebuild import rebuild
from tests.factories.facts import REGULATOR
from tests.factories.policy import define_discharge, plan_body, publish_rule, report_month
from tests.factories.scene import ORIGIN, Scene, scene
from tests.factories.tamper import tamper


@pytest.fixture(scope="module")
def stated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A rule, a month of facts, a plan and the one that took its place."""
    with scene(tmp_path_factory.mktemp("policy") / "home", None) as stage:
        stage.cast()
        define_discharge(stage)
        publish_rule(stage)
        report_month(stage)
        stage.do("regulator", "quota.publish", plan_body(), *REGULATOR)
        second = plan_body(plan="ZJ-2026-2", supersedes="ZJ-2026")
        stage.do("regulator", "quota.publish", second, *REGULATOR)
        yield stage


@pytest.mark.parametrize("supervisor", [True, False])
def test_the_audit_holds_for_every_reader(stated: Scene, supervisor: bool) -> None:
    ledger = stated.ledger
    with ledger.record.reading() as connection:
        report = audit(
            connection,
            ledger.engine,
            ORIGIN,
            ledger.record.vkey,
            public_key,
            supervisor=supervisor,
        )
    assert report.faults == []
    assert report.sealed == (0 if supervisor else 1)  # the month of facts


def test_a_change_in_any_column_is_found(stated: Scene) -> None:
    ledger = stated.ledger
    missed = []
    for kind in ROOM.kinds:
        for column in kind.table.columns:
            with ledger.record.database.connect() as connection:
                row = connection.execute(select(kind.table)).mappings().first()
                assert row is not None
                tamper(connection, column, row)
                report = audit(connection, ledger.engine, ORIGIN, ledger.record.vkey, public_key)
                if not report.faults:
                    missed.append(f"{kind.name}.{column.name}")
                connection.rollback()
    assert missed == []


def test_rebuild_makes_the_same_rows(stated: Scene) -> None:
    ledger = stated.ledger
    with ledger.record.database.connect() as connection:
        for kind in ledger.engine.kinds.values():
            connection.execute(kind.table.delete())
        rebuild(connection, ledger.engine, ORIGIN)
        report = audit(connection, ledger.engine, ORIGIN, ledger.record.vkey, public_key)
        connection.rollback()
    assert report.faults == []
