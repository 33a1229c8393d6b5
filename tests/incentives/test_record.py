"""The policy on the record: everybody's audit replays it, and any change is found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from incentives.room import ROOM
from tests.factories.audits import columns_missed, faults_after_rebuild, sealed
from tests.factories.facts import REGULATOR
from tests.factories.policy import define_discharge, plan_body, publish_rule, report_month
from tests.factories.scene import Scene, scene


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


@pytest.mark.parametrize(("supervisor", "months_of_facts"), [(True, 0), (False, 1)])
def test_the_audit_holds_for_every_reader(
    stated: Scene, supervisor: bool, months_of_facts: int
) -> None:
    assert sealed(stated, supervisor=supervisor) == months_of_facts


def test_a_change_in_any_column_is_found(stated: Scene) -> None:
    assert columns_missed(stated, ROOM) == []


def test_rebuild_makes_the_same_rows(stated: Scene) -> None:
    assert faults_after_rebuild(stated) == []
