"""Opinions taken back before anything is issued: what a project and a report may still do."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.projects.models import ProjectState, project_table, report_table
from ledger.projects.steps_models import application_table
from ledger.projects.withdrawal_models import withdrawal_table
from tests.factories.scene import (
    OFFICERS,
    MonitoringReport,
    ProjectDesign,
    Scene,
    validation,
    verification,
)

OPINION = validation()
DECISION = {"project": "P1", "document": "d"}
WITHDRAWAL = {"project": "P1", "reason": "土地权属证明失实"}
REGISTERED = ("submit", "validate", "register")
WAYS = {
    ProjectState.SUBMITTED: ("submit",),
    ProjectState.VALIDATED: ("submit", "validate"),
    ProjectState.REJECTED: ("submit", "validate", "refuse"),
    ProjectState.REGISTERED: REGISTERED,
    ProjectState.SUSPENDED: (*REGISTERED, "withdraw"),
    ProjectState.DEREGISTERED: (*REGISTERED, "deregister"),
    ProjectState.MOVED: (*REGISTERED, "move"),
    ProjectState.RETRACTED: ("submit", "retract"),
}
RETRACTION = {"subject": "project", "name": "P1", "reason": "重新编制设计文件"}
ACTS: dict[str, tuple[str, str, dict[str, Any], tuple[str, ...]]] = {
    "submit": ("owner", "project.submit", ProjectDesign(), ("a",)),
    "validate": ("vvb1", "project.validate", OPINION, ("a", "b")),
    "deny": ("vvb1", "project.validate", {**OPINION, "opinion": "negative"}, ("a", "b")),
    "register": ("registrar", "project.register", DECISION, OFFICERS),
    "refuse": ("registrar", "project.refuse", {**DECISION, "reasons": "r"}, OFFICERS),
    "retract": ("owner", "submission.withdraw", RETRACTION, ("a", "b")),
    "withdraw": ("vvb1", "validation.withdraw", WITHDRAWAL, ("a", "b")),
    "deregister": ("registrar", "project.deregister", DECISION, OFFICERS),
    "move": ("registrar", "project.move", {**DECISION, "ccer_project": "C1"}, OFFICERS),
}
STATES = {
    # What each act makes of a project in each state; None where it is refused.
    ProjectState.SUBMITTED: {
        "validate": "validated",
        "deny": "rejected",
        "refuse": "rejected",
        "retract": "retracted",
    },
    ProjectState.VALIDATED: {
        "register": "registered",
        "refuse": "rejected",
        "withdraw": "submitted",
        "retract": "retracted",
    },
    ProjectState.REJECTED: {},
    ProjectState.REGISTERED: {
        "withdraw": "suspended",
        "deregister": "deregistered",
        "move": "moved",
    },
    ProjectState.SUSPENDED: {
        "validate": "registered",
        "deny": "suspended",
        "deregister": "deregistered",
    },
    ProjectState.DEREGISTERED: {"withdraw": "deregistered"},
    ProjectState.MOVED: {"withdraw": "moved"},
    ProjectState.RETRACTED: {},
}


def act(stage: Scene, *names: str) -> None:
    for name in names:
        party, type, body, signers = ACTS[name]
        stage.do(party, type, body, *signers)


def project(stage: Scene) -> dict[str, Any]:
    (row,) = stage.rows(project_table)
    return row


def report(stage: Scene) -> dict[str, Any]:
    (row,) = stage.rows(report_table)
    return row


def withdrawals(stage: Scene) -> list[dict[str, Any]]:
    """In the order of their entries: ids of one millisecond are in none."""
    return sorted(stage.rows(withdrawal_table), key=lambda row: int(row["index"]))


def less(*vintages: tuple[int, int]) -> dict[str, Any]:
    """The body of report.withdraw-part."""
    years = [{"year": year, "quantity": quantity} for year, quantity in vintages]
    return {"report": "R1", "vintages": years, "reason": "一台设备停用"}


def verified(stage: Scene) -> None:
    """A registered project whose report is verified with 300 in 2023 and 600 in 2024."""
    stage.cast()
    act(stage, *REGISTERED)
    stage.do("owner", "report.submit", MonitoringReport(), "a")
    years = [{"year": 2023, "quantity": 300}, {"year": 2024, "quantity": 600}]
    stage.do("vvb2", "report.verify", {**verification(900), "vintages": years}, "a", "b")


def reductions(quantity: int) -> dict[str, Any]:
    return {"report": "R1", "quantity": quantity, "document": "d"}


@pytest.mark.parametrize("state", ProjectState)
def test_each_act_in_each_state(stage: Scene, state: ProjectState) -> None:
    """A refused act leaves no trace, so that all refused ones are tried on one project."""
    stage.cast()
    act(stage, *WAYS[state])
    assert project(stage)["state"] == state
    for name, (party, type, body, signers) in ACTS.items():
        if name != "submit" and name not in STATES[state]:
            assert stage.refused(party, type, body, *signers) == "project-state", name


@pytest.mark.parametrize(
    ("state", "name", "after"),
    [(state, name, after) for state, acts in STATES.items() for name, after in acts.items()],
)
def test_where_an_allowed_act_leads(
    stage: Scene, state: ProjectState, name: str, after: str
) -> None:
    stage.cast()
    act(stage, *WAYS[state], name)
    assert project(stage)["state"] == after


@pytest.mark.parametrize("state", ["validated", "registered", "deregistered", "moved"])
def test_only_the_body_that_validated_takes_it_back_and_once(stage: Scene, state: str) -> None:
    stage.cast()
    act(stage, *WAYS[ProjectState(state)])
    other = stage.refused("vvb2", "validation.withdraw", WITHDRAWAL, "a", "b")
    assert other == "verifier-differs"
    act(stage, "withdraw")
    assert project(stage)["validator"] is None
    again = stage.refused("vvb1", "validation.withdraw", WITHDRAWAL, "a", "b")
    assert again in ("verifier-differs", "project-state")
    (row,) = stage.rows(withdrawal_table)
    assert (row["subject"], row["name"], row["verifier"]) == ("project", "P1", "vvb1")
    assert (row["reason"], row["vintages"]) == (WITHDRAWAL["reason"], None)


def test_another_body_may_validate_what_went_back_and_the_application_too(stage: Scene) -> None:
    stage.cast()
    act(stage, "submit", "validate")
    applied = {"subject": "project", "name": "P1", "undertaking": "no-ccer"}
    name = stage.do("owner", "application.submit", applied, "a", "b")
    stage.do("registrar", "application.accept", {"application": name}, "registrar-1")
    act(stage, "withdraw")
    (row,) = stage.rows(application_table)
    assert (row["state"], row["reasons"]) == ("returned", WITHDRAWAL["reason"])
    assert stage.refused("registrar", "project.register", DECISION, *OFFICERS) == "project-state"
    stage.do("vvb2", "project.validate", OPINION, "a", "b")
    act(stage, "register")
    assert (project(stage)["state"], project(stage)["validator"]) == ("registered", "vvb2")
    stage.do("owner", "report.submit", MonitoringReport(), "a")
    for body in ("vvb1", "vvb2"):  # both have validated it
        code = stage.refused(body, "report.verify", verification(900), "a", "b")
        assert code == "validator-verifies"


def test_nothing_goes_on_while_a_project_is_suspended(stage: Scene) -> None:
    verified(stage)
    applied = {"subject": "report", "name": "R1"}
    stage.do("owner", "application.submit", applied, "a", "b")
    second = MonitoringReport(report="R2", start="2025-01-01", end="2025-12-31")
    stage.do("owner", "report.submit", second, "a")
    act(stage, "withdraw")
    assert [row["state"] for row in stage.rows(application_table)] == ["returned"]
    third = MonitoringReport(report="R3", start="2022-01-01", end="2022-12-31")
    opinion = verification(9, year=2025, report="R2")
    notice = {"subject": "report", "name": "R2"}
    for party, type, body, *signers in (
        ("owner", "report.submit", third, "a"),
        ("owner", "notice.open", notice, "a"),
        ("owner", "application.submit", applied, "a", "b"),
        ("vvb2", "report.verify", opinion, "a", "b"),
        ("registrar", "reduction.register", reductions(900), *OFFICERS),
    ):
        assert stage.refused(party, type, body, *signers) == "project-not-registered", type
    code = stage.refused("vvb2", "project.validate", OPINION, "a", "b")
    assert code == "verifier-validates"
    act(stage, "validate")
    stage.do("registrar", "reduction.register", reductions(900), *OFFICERS)
    act(stage, "withdraw")
    issuance = {"report": "R1", "quantity": 900}
    code = stage.refused("registrar", "credit.issue", issuance, *OFFICERS)
    assert code == "project-not-registered"


def test_an_opinion_is_not_overruled_by_another_body(stage: Scene) -> None:
    verified(stage)
    stage.admit("vvb3", "verifier", 7)
    negative = {**verification(900), "opinion": "negative"}
    assert stage.refused("vvb3", "report.verify", negative, "a", "b") == "report-state"


def test_what_is_not_issued_shrinks_year_by_year(stage: Scene) -> None:
    verified(stage)
    stage.do("vvb2", "report.withdraw-part", less((2024, 100)), "a", "b")
    code = stage.refused("registrar", "reduction.register", reductions(900), *OFFICERS)
    assert code == "quantity-not-verified"
    stage.do("registrar", "reduction.register", reductions(800), *OFFICERS)
    stage.do("vvb2", "report.withdraw-part", less((2023, 300), (2024, 50)), "a", "b")
    assert report(stage)["vintages"] == [{"year": 2024, "quantity": 450}]
    issuance = {"report": "R1", "quantity": 800}
    code = stage.refused("registrar", "credit.issue", issuance, *OFFICERS)
    assert code == "quantity-not-verified"
    stage.do("registrar", "credit.issue", {**issuance, "quantity": 450}, *OFFICERS)
    found = [row["vintages"] for row in withdrawals(stage)]
    assert found == [less((2024, 100))["vintages"], less((2023, 300), (2024, 50))["vintages"]]


def test_a_part_that_leaves_nothing_is_the_whole(stage: Scene) -> None:
    verified(stage)
    stage.do("vvb2", "report.withdraw-part", less((2023, 300), (2024, 600)), "a", "b")
    assert report(stage)["state"] == "submitted"
    again = stage.refused("vvb2", "report.withdraw-part", less((2024, 1)), "a", "b")
    assert again == "verifier-differs"  # nobody's opinion stands


@pytest.mark.parametrize(
    ("party", "vintages", "code"),
    [
        ("vvb1", [(2024, 1)], "verifier-differs"),
        ("vvb2", [(2024, 601)], "withdrawn-above-verified"),
        ("vvb2", [(2023, 300), (2024, 601)], "withdrawn-above-verified"),
        ("vvb2", [(2022, 1)], "vintage-not-verified"),
        ("vvb2", [(2024, 1), (2023, 1)], "vintages-unordered"),
        ("vvb2", [(2024, 1), (2024, 1)], "vintages-unordered"),
    ],
)
def test_a_part_keeps_to_what_still_stands(
    stage: Scene, party: str, vintages: list[tuple[int, int]], code: str
) -> None:
    verified(stage)
    body = less(*vintages)
    assert stage.refused(party, "report.withdraw-part", body, "a", "b") == code
    assert stage.rows(withdrawal_table) == []


def test_parts_of_a_year_add_up(stage: Scene) -> None:
    verified(stage)
    stage.do("vvb2", "report.withdraw-part", less((2023, 200)), "a", "b")
    over = stage.refused("vvb2", "report.withdraw-part", less((2023, 101)), "a", "b")
    assert over == "withdrawn-above-verified"
    stage.do("vvb2", "report.withdraw-part", less((2023, 100)), "a", "b")
    gone = stage.refused("vvb2", "report.withdraw-part", less((2023, 1)), "a", "b")
    assert gone == "vintage-not-verified"
    stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "r"}, "a", "b")
    rows = withdrawals(stage)
    assert rows[-1]["vintages"] == [{"year": 2024, "quantity": 600}]
    assert sum(v["quantity"] for row in rows for v in row["vintages"]) == 900
