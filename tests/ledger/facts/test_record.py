"""Facts on the record: audits replay them, and what is confidential is not public."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.facts.room import ROOM
from ledger.writer.store import read_entries
from portal.home.record import public_view
from tests.factories.audits import columns_missed, faults_after_rebuild, sealed
from tests.factories.facts import (
    REGULATOR,
    define,
    indicator,
    observation,
    regional,
    regional_observation,
)
from tests.factories.scene import Scene, scene


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


@pytest.mark.parametrize(("supervisor", "confidential"), [(True, 0), (False, 2)])
def test_the_audit_holds_for_every_reader(
    stated: Scene, supervisor: bool, confidential: int
) -> None:
    assert sealed(stated, supervisor=supervisor) == confidential


def test_a_change_in_any_column_is_found(stated: Scene) -> None:
    assert columns_missed(stated, ROOM.kinds) == []


def test_rebuild_makes_the_same_rows(stated: Scene) -> None:
    assert faults_after_rebuild(stated) == []


def test_a_confidential_fact_shows_digests_alone(stated: Scene) -> None:
    with stated.ledger.record.reading() as connection:
        views = [public_view(entry) for entry in read_entries(connection, 0, 1 << 20)]
    told = str(views)
    assert "123457" not in told
    assert "39960000" in told
