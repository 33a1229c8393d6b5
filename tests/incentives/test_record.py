"""The policy on the record: everybody's audit replays it, and any change is found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from incentives.grants.models import notice_table
from incentives.room import ROOM
from tests.factories import grants
from tests.factories.audits import audited, columns_missed, faults_after_rebuild, sealed
from tests.factories.facts import FINANCE, REGULATOR
from tests.factories.policy import define_discharge, plan_body, publish_rule, report_month
from tests.factories.scene import Scene, scene


@pytest.fixture(scope="module")
def stated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A rule, a month of facts, a plan and the one that took its place."""
    with scene(tmp_path_factory.mktemp("policy") / "home", None) as stage:
        grants.desk(stage)
        define_discharge(stage)
        publish_rule(stage)
        report_month(stage)
        stage.do("regulator", "quota.publish", plan_body(), *REGULATOR)
        second = plan_body(plan="ZJ-2026-2", supersedes="ZJ-2026")
        stage.do("regulator", "quota.publish", second, *REGULATOR)
        a_grant_that_came_back(stage)
        yield stage


def a_grant_that_came_back(stage: Scene) -> None:
    """Objected to, paid on credits that fell, and repaid in part."""
    credits = [grants.cited("ZJ_FS-R1-2024")]
    grant = grants.apply(stage, grants.recorded(stage), credits=credits)
    grants.to_noticed(stage, grant)
    (notice,) = stage.rows(notice_table)
    objection = {"notice": notice["notice"], "reason": "r"}
    named = stage.do("buyer", "grant.object", objection, "a")
    answer = {"objection": named, "upheld": False, "answer": "a"}
    stage.do("finance", "grant.answer", answer, FINANCE[0])
    grants.wait_until(stage, grants.grant_row(stage, grant)["due_at"])
    stage.do("finance", "grant.decide", grants.decision(grant), *FINANCE)
    stage.do("finance", "grant.pay", grants.payment(stage, grant), *FINANCE)
    stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "r"}, "a", "b")
    grants.tick(stage)
    (case,) = grants.cases(stage)
    grants.to_waived(stage, case["case"], grants.FEN)
    stage.do("finance", "recovery.decide", grants.ruling(case["case"], grants.FEN), *grants.OTHERS)
    stage.do("finance", "recovery.repay", grants.repayment(stage, case["case"], 1), FINANCE[0])


# Behind the leaf: two months of facts; an answer; of a grant application, review, opinion, notice,
# objection and its answer, the notice's end, decision and payment; the freeze that the withdrawal
# began; the answer's review; of a recovery notice, its term, decision and repayment; two
# commitments of balances.
@pytest.mark.parametrize(("supervisor", "behind"), [(True, 0), (False, 20)])
def test_the_audit_holds_for_every_reader(stated: Scene, supervisor: bool, behind: int) -> None:
    assert sealed(stated, supervisor=supervisor) == behind


@pytest.mark.parametrize("party", ["owner", "finance", "county", "buyer", "vvb1"])
def test_the_audit_holds_for_each_party(stated: Scene, party: str) -> None:
    with stated.ledger.record.reading() as connection:
        assert audited(stated, connection, party=party).faults == []


def test_a_change_in_any_column_is_found(stated: Scene) -> None:
    assert columns_missed(stated, ROOM.kinds) == []


def test_rebuild_makes_the_same_rows(stated: Scene) -> None:
    assert faults_after_rebuild(stated) == []
