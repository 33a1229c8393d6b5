"""Facts on the record: audits replay them, and what is confidential is not public."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ledger.facts.room import ROOM
from ledger.parties.authority import public_key
from ledger.writer.audit import audit
from ledger.writer.rebuild import rebuild
from ledger.writer.store import read_entries
from portal.record import public_view
from tests.factories.facts import (
    REGULATOR,
    define,
    indicator,
    observation,
    regional,
    regional_observation,
)
from tests.factories.scene import ORIGIN, Scene, scene
from tests.factories.tamper import tamper


@pytest.fixture(scope="module")
def stated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A public and a confidential fact, each corrected once."""
    home: Path = tmp_path_factory.mktemp("facts") / "home"
    with scene(home, None) as stage:
        stage.cast()
        define(stage, indicator(), regional())
        for party, type, body, signers in (
            ("owner", "fact.report", observation(value=123_457), ("a",)),
            ("regulator", "fact.publish", regional_observation(), REGULATOR),
        ):
            stage.do(party, type, body, *signers)
            name = stage.rows(ROOM.kinds[2 if type == "fact.report" else 1].table)[0]["fact"]
            fixed = {**body, "value": 123_458, "corrects": name}
            stage.do(party, type, fixed, *signers)
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
    assert report.sealed == (0 if supervisor else 2)


def test_a_change_in_any_column_is_found_and_rebuild_mends_it(stated: Scene) -> None:
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
                rebuild(connection, ledger.engine, ORIGIN)
                report = audit(connection, ledger.engine, ORIGIN, ledger.record.vkey, public_key)
                assert report.faults == []
                connection.rollback()
    assert missed == []


def test_a_confidential_fact_shows_digests_alone(stated: Scene) -> None:
    with stated.ledger.record.reading() as connection:
        views = [public_view(entry) for entry in read_entries(connection, 0, 1 << 20)]
    told = str(views)
    assert "123457" not in told
    assert "39960000" in told
