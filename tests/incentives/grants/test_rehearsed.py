"""A rehearsal of grants tells every rule that is broken, by people who may sign; days in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.parties.queries import people_of
from ledger.writer.rehearsal import Rehearsed, rehearse
from ledger.writer.versions import STEPS_DATED
from tests.factories import grants
from tests.factories.facts import FINANCE
from tests.factories.grants import FEN, OTHERS, desk, recorded
from tests.factories.scene import ORIGIN, Scene, scene

LONG_AGO = "1990-01-01"


@pytest.fixture
def office(home: Path) -> Iterator[Scene]:
    with scene(home, None) as stage:
        desk(stage)
        yield stage


def rehearsed(stage: Scene, party: str, type: str, body: dict[str, Any]) -> Rehearsed:
    ledger = stage.ledger
    with ledger.record.reading() as connection:
        people = people_of(connection, party)
        now = stage.clock.now()
        return rehearse(ledger.engine, connection, ORIGIN, type, party, body, people, now)


def codes(stage: Scene, party: str, type: str, body: dict[str, Any]) -> list[str]:
    return [fault.code for fault in rehearsed(stage, party, type, body).faults]


def heard(stage: Scene) -> str:
    """A case that only the two other officers may decide; gives its name."""
    grant = grants.apply(stage, recorded(stage))
    grants.to_paid(stage, grant)
    case = grants.open_case(stage, grant)
    stage.do("finance", "recovery.notice", grants.demand(case, FEN // 2), FINANCE[0])
    stage.do("owner", "recovery.request-hearing", {"case": case}, "a")
    stage.do("finance", "recovery.hear", grants.hearing(stage, case), OTHERS[0])
    return case


def test_who_granted_is_not_asked_to_decide_the_recovery(office: Scene) -> None:
    case = heard(office)
    right = grants.ruling(case, FEN // 2)
    assert office.refused("finance", "recovery.decide", right, *FINANCE) == "signed-before"
    made = rehearsed(office, "finance", "recovery.decide", right)
    assert (made.answer["result"], made.people) == ("accepted", 2)
    wrong = {**grants.ruling(case, FEN // 2 + 1), "fine_fen": 5}
    assert codes(office, "finance", "recovery.decide", wrong) == [
        "repay-above-demand",
        "fine-without-fraud",
    ]


def test_where_nobody_else_can_sign_the_rehearsal_says_so(office: Scene) -> None:
    case = heard(office)
    with office.ledger.record.reading() as connection:
        both = tuple(p for p in people_of(connection, "finance") if p.operator in FINANCE)
        args = (ORIGIN, "recovery.decide", "finance", grants.ruling(case, FEN // 2), both)
        made = rehearse(office.ledger.engine, connection, *args, office.clock.now())
    assert [fault.code for fault in made.faults] == ["signed-before"]


def test_an_application_is_told_all_that_is_wrong_with_it(office: Scene) -> None:
    answer = recorded(office)
    grants.apply(office, answer)
    again = {"answer": answer, "line": "nope", "reviewer": "buyer", "amount_fen": FEN + 1}
    assert codes(office, "owner", "grant.apply", {**again, "papers": []}) == [
        "days-used",
        "amount-above-answer",
        "budget-line-unknown",
        "reviewer-unfit",
        "evidence-missing",
    ]


def test_no_money_goes_before_it_was_decided_nor_comes_back_before_it_was_given(
    office: Scene,
) -> None:
    grant = grants.apply(office, recorded(office))
    grants.to_heard(office, grant)
    office.do("finance", "grant.decide", grants.decision(grant), *FINANCE)
    granted = grants.grant_row(office, grant)["steps"][-1]["on"]
    paid = grants.payment(office, grant)
    assert paid["paid_on"] == granted
    early = {**paid, "paid_on": LONG_AGO}
    reply = office.say("finance", "grant.pay", early, *FINANCE)
    told = {"field": "paid_on", "step": "granted", "first": granted}
    assert (reply.answer["code"], reply.answer["params"]) == ("before-step", told)
    office.do("finance", "grant.pay", paid, *FINANCE)
    case = grants.open_case(office, grant)
    office.do("finance", "recovery.notice", grants.demand(case, FEN), FINANCE[0])
    office.do("owner", "recovery.request-hearing", {"case": case}, "a")
    held = {**grants.hearing(office, case), "held_on": LONG_AGO}
    assert office.refused("finance", "recovery.hear", held, OTHERS[0]) == "before-step"
    office.do("finance", "recovery.hear", grants.hearing(office, case), OTHERS[0])
    office.do("finance", "recovery.decide", grants.ruling(case, FEN), *OTHERS)
    back = grants.repayment(office, case, 1)
    early = {**back, "received_on": LONG_AGO}
    assert office.refused("finance", "recovery.repay", early, FINANCE[0]) == "before-step"
    office.do("finance", "recovery.repay", back, FINANCE[0])


def test_an_older_log_keeps_no_days_and_refuses_none(home: Path) -> None:
    with scene(home, None, STEPS_DATED - 1) as stage:
        desk(stage)
        grant = grants.apply(stage, recorded(stage))
        grants.to_heard(stage, grant)
        stage.do("finance", "grant.decide", grants.decision(grant), *FINANCE)
        assert all("on" not in step for step in grants.grant_row(stage, grant)["steps"])
        early = {**grants.payment(stage, grant), "paid_on": LONG_AGO}
        stage.do("finance", "grant.pay", early, *FINANCE)
