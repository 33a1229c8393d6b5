"""What happens to people is replayed by everybody: the public, too, decides all of it again."""

from __future__ import annotations

import pytest

from ledger.parties.people_models import KINDS
from ledger.parties.people_room import STATEMENTS
from ledger.statements.types import Circle
from ledger.writer.rebuild import rebuild
from tests.factories.admission import APPROVAL, agreement, approval
from tests.factories.audits import audited
from tests.factories.people import (
    REGULATORS,
    TODAY,
    admission,
    admit_pair,
    history,
    key_of,
    seat,
)
from tests.factories.scene import OFFICERS, ORIGIN, Scene


def a_year_of_changes(stage: Scene) -> None:
    """Every kind of statement about people, once."""
    admit_pair(stage, "moon")
    vvb = admission(stage, "vvb", "verifier")
    stage.do("registrar", "party.admit", vvb, *OFFICERS)
    paper = {"document": "d"}
    newer = {"party": "moon", "agreement": agreement(document="agreement 2")}
    stage.do("registrar", "agreement.record", newer, *OFFICERS)
    renewed = {"party": "vvb", "approval": approval(document="approval 2")}
    stage.do("registrar", "approval.record", renewed, *OFFICERS)
    ended = {"party": "vvb", "approval": APPROVAL, **paper}
    stage.do("regulator", "approval.end", ended, *REGULATORS)
    stage.do("moon", "key.register", {"key": seat(stage, "moon", "c", "maker")}, "a", "b")
    stage.do("moon", "operator.assign", {"operator": "c", "role": "checker"}, "a", "b")
    lost = key_of(stage, "moon/a")
    stage.do("registrar", "key.block", {"key": lost, "reason": "lost", **paper}, *OFFICERS)
    del stage.keys["moon/a"]
    fresh = {"party": "moon", "replaces": lost, "key": stage.entry("moon", "a"), **paper}
    stage.do("registrar", "key.replace", fresh, *OFFICERS)
    stage.do("registrar", "party.change", {"party": "moon", "name": "月", **paper}, *OFFICERS)
    speaks = {"party": "moon", "person": "p-1", "since": TODAY, **paper}
    stage.do("registrar", "party.authorise", speaks, *OFFICERS)
    stage.do("regulator", "staff.declare", {"persons": ["p-2"]}, *REGULATORS)
    stage.do("regulator", "staff.release", {"persons": ["p-2"]}, *REGULATORS)
    stage.do("registrar", "party.close", {"party": "moon", **paper}, *OFFICERS)


@pytest.mark.parametrize("supervisor", [True, False])
def test_a_year_of_changes_is_audited_without_fault(stage: Scene, supervisor: bool) -> None:
    a_year_of_changes(stage)
    with stage.ledger.record.reading() as connection:
        report = audited(stage, connection, supervisor=supervisor)
    assert report.faults == []
    assert report.sealed == (0 if supervisor else 1)  # the closure


def test_rebuilding_gives_the_same_rows(stage: Scene) -> None:
    a_year_of_changes(stage)
    before = {kind.name: stage.rows(kind.table) for kind in KINDS}
    assert all(before.values())
    with stage.ledger.record.database.begin() as connection:
        rebuild(connection, stage.ledger.engine, ORIGIN)
    assert {kind.name: stage.rows(kind.table) for kind in KINDS} == before


def test_the_year_has_every_type_and_the_history_tells_it(stage: Scene) -> None:
    a_year_of_changes(stage)
    told = [act["type"] for party in ("moon", "vvb") for act in history(stage, party)]
    silent = {"staff.declare", "staff.release"}  # they concern persons, not a party
    assert {declared.name for declared in STATEMENTS} - silent <= set(told)


def test_only_the_closure_reads_what_is_private() -> None:
    private = {declared.name for declared in STATEMENTS if declared.circle is not Circle.PUBLIC}
    assert private == {"party.close"}


def test_a_batch_tells_each_of_its_acts_apart(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    named = [
        {"type": "party.change", "body": {"party": "moon", "name": name, "document": name}}
        for name in ("一", "二")
    ]
    stage.do("registrar", "batch.public", {"operations": named}, *OFFICERS)
    first, second = history(stage, "moon")[1:]
    assert first["index"] == second["index"]
    assert (first["document"], second["document"]) == ("一", "二")
    assert first["detail"]["after"] == second["detail"]["before"]
