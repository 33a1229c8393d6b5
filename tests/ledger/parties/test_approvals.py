"""A verifier's opinion needs an approval that takes it in, on the day, at the index."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.parties.approvals import covers
from ledger.parties.people_models import approval_table
from tests.factories.admission import APPROVAL, approval
from tests.factories.people import REGULATORS, TODAY, TOMORROW, admission, history, rule
from tests.factories.scene import (
    HOUR_MS,
    OFFICERS,
    MonitoringReport,
    ProjectDesign,
    Scene,
    validation,
    verification,
)

TO_MIDNIGHT_MS = 16 * HOUR_MS
OPINION = validation()


@pytest.mark.parametrize(
    ("domains", "methodologies", "methodology", "inside"),
    [
        (["14"], [], "CCER-14-001-V01", True),
        (["14"], [], "ccer-14-001", True),
        (["01"], [], "CCER-14-001-V01", False),
        (["14"], [], "ZJ-14-001", False),  # a provincial one belongs to no national domain
        (["14"], [], "CCER-14-0011", False),
        ([], ["CCER-14-001"], "CCER-14-001-V02", True),
        ([], ["CCER-14-001-V01"], "CCER-14-001-V02", False),
        ([], ["CCER-14-00"], "CCER-14-001", False),
        ([], ["zj-ac-1"], "ZJ-AC-1", True),
        (["01"], ["ZJ-AC-1"], "ZJ-AC-2", False),
    ],
)
def test_a_scope_is_domains_and_listed_methodologies(
    domains: list[str], methodologies: list[str], methodology: str, inside: bool
) -> None:
    assert covers(domains, methodologies, methodology) is inside


def prepared(stage: Scene, **stated: Any) -> None:
    """An owner's project and a verifier with one approval."""
    stage.admit("owner", "enterprise", 1)
    body = admission(stage, "vvb", "verifier", approval=approval(**stated))
    stage.do("registrar", "party.admit", body, *OFFICERS)
    stage.do("owner", "project.submit", ProjectDesign(), "a")


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"valid_to": "2025-12-31"}, "approval-expired"),
        ({"valid_from": TOMORROW}, "approval-not-yet"),
        ({"domains": ["01"]}, "approval-out-of-scope"),
        ({"domains": [], "methodologies": ["CCER-14-002"]}, "approval-out-of-scope"),
    ],
)
def test_an_opinion_outside_the_approval_is_refused(
    stage: Scene, stated: dict[str, Any], code: str
) -> None:
    prepared(stage, **stated)
    assert stage.refused("vvb", "project.validate", OPINION, "a", "b") == code


def test_an_approval_holds_on_its_first_and_on_its_last_day(stage: Scene) -> None:
    prepared(stage, valid_from=TODAY, valid_to=TODAY)
    stage.clock.time += TO_MIDNIGHT_MS - 1
    stage.do("vvb", "project.validate", OPINION, "a", "b")


def test_an_approval_has_expired_when_the_day_after_begins_in_shanghai(stage: Scene) -> None:
    prepared(stage, valid_from=TODAY, valid_to=TODAY)
    stage.clock.time += TO_MIDNIGHT_MS
    reply = stage.say("vvb", "project.validate", OPINION, "a", "b")
    assert reply.answer["code"] == "approval-expired"
    assert reply.answer["params"] == {"approval": APPROVAL, "valid_to": TODAY}


def test_a_body_without_an_approval_gives_no_opinion(stage: Scene) -> None:
    stage.admit("owner", "enterprise", 1)
    body = admission(stage, "vvb", "verifier")
    del body["approval"]
    stage.do("registrar", "party.admit", body, *OFFICERS)
    stage.do("owner", "project.submit", ProjectDesign(), "a")
    assert stage.refused("vvb", "project.validate", OPINION, "a", "b") == "approval-missing"
    record = {"party": "vvb", "approval": approval()}
    stage.do("registrar", "approval.record", record, *OFFICERS)
    stage.do("vvb", "project.validate", OPINION, "a", "b")


def test_the_next_term_is_another_document(stage: Scene) -> None:
    prepared(stage, valid_to="2025-12-31")
    again = {"party": "vvb", "approval": approval()}
    refused = stage.refused("regulator", "approval.record", again, *REGULATORS)
    assert refused == "approval-recorded"
    renewed = {"party": "vvb", "approval": approval(document="approval 2")}
    stage.do("regulator", "approval.record", renewed, *REGULATORS)
    stage.do("vvb", "project.validate", OPINION, "a", "b")


def test_an_ended_approval_stops_the_next_opinion_and_leaves_the_last(stage: Scene) -> None:
    prepared(stage)
    stage.do("vvb", "project.validate", OPINION, "a", "b")
    stage.do("owner", "project.submit", ProjectDesign(project="P2", site="s2"), "a")
    end = {"party": "vvb", "approval": APPROVAL, "document": "d"}
    stage.do("regulator", "approval.end", end, *REGULATORS)
    second = {**OPINION, "project": "P2"}
    assert stage.refused("vvb", "project.validate", second, "a", "b") == "approval-ended"
    assert stage.refused("regulator", "approval.end", end, *REGULATORS) == "approval-ended"
    (row,) = stage.rows(approval_table)
    assert row["ended_by"] == "d" and row["ended"] is not None
    assert [act["type"] for act in history(stage, "vvb")] == ["party.admit", "approval.end"]
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)


def test_a_verification_is_held_against_the_projects_methodology(stage: Scene) -> None:
    prepared(stage)
    stage.do("vvb", "project.validate", OPINION, "a", "b")
    stage.do("registrar", "project.register", {"project": "P1", "document": "d"}, *OFFICERS)
    stage.do("owner", "report.submit", MonitoringReport(claimed=10), "a")
    other = admission(stage, "wind", "verifier", approval=approval(domains=["01"]))
    stage.do("registrar", "party.admit", other, *OFFICERS)
    body = verification(10)
    assert stage.refused("wind", "report.verify", body, "a", "b") == "approval-out-of-scope"


def test_where_no_approval_is_needed_none_is_asked_for(stage: Scene) -> None:
    prepared(stage, domains=["01"])
    rule(stage, "verifier-approval", "not-needed")
    stage.do("vvb", "project.validate", OPINION, "a", "b")


@pytest.mark.parametrize(
    ("party", "stated", "code"),
    [
        ("owner", {}, "not-a-verifier"),
        ("vvb", {"domains": []}, "approval-empty"),
        ("vvb", {"valid_from": "2026-02-01", "valid_to": "2026-01-31"}, "period-reversed"),
        ("none", {}, "party-unknown"),
    ],
)
def test_an_approval_that_means_nothing_is_refused(
    stage: Scene, party: str, stated: dict[str, Any], code: str
) -> None:
    prepared(stage)
    body = {"party": party, "approval": approval(document="n", **stated)}
    assert stage.refused("registrar", "approval.record", body, *OFFICERS) == code


def test_nobody_ends_an_approval_that_is_not_there(stage: Scene) -> None:
    prepared(stage)
    end = {"party": "vvb", "approval": "none", "document": "d"}
    refused = stage.refused("regulator", "approval.end", end, *REGULATORS)
    assert refused == "verifier-approval-unknown"


@pytest.mark.parametrize("type", ["approval.record", "approval.end"])
def test_a_verifier_does_not_approve_itself(stage: Scene, type: str) -> None:
    prepared(stage)
    body: dict[str, Any] = {"party": "vvb", "approval": approval(document="own")}
    if type == "approval.end":
        body = {"party": "vvb", "approval": APPROVAL, "document": "d"}
    assert stage.refused("vvb", type, body, "a", "b") == "role-not-allowed"
    assert stage.refused("registrar", type, body, OFFICERS[0]) == "four-eyes"
