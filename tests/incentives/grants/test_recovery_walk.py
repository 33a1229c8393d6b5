"""Every state of a recovery, tried with every act: what the table does not allow is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from incentives.grants.recovery_models import CASE_MOVES, ENDED, CaseState
from ledger.writer.writer import Reply
from tests.factories import grants
from tests.factories.facts import FINANCE
from tests.factories.grants import FEN, LINE, OTHERS, desk
from tests.factories.scene import Scene, scene

S = CaseState
HALF = FEN // 2
Act = Callable[[Scene, str], Reply]


Body = Callable[[Scene, str], dict[str, Any]]


def _said(party: str, type: str, body: Body, *signers: str) -> Act:
    return lambda stage, case: stage.say(party, type, body(stage, case), *signers)


ACTS: dict[str, tuple[S, frozenset[S], Act]] = {
    "notice": (
        S.NOTICED, frozenset({S.OPENED}),
        _said("finance", "recovery.notice", lambda _, case: grants.demand(case, HALF), FINANCE[0]),
    ),
    "ask": (
        S.HEARING, frozenset({S.NOTICED}),
        _said("owner", "recovery.request-hearing", lambda _, case: {"case": case}, "a"),
    ),
    "hear": (
        S.HEARD, frozenset({S.HEARING}),
        _said(
            "finance", "recovery.hear",
            grants.hearing, OTHERS[0],
        ),
    ),
    "decide": (
        S.DECIDED, frozenset({S.HEARD, S.WAIVED}),
        _said("finance", "recovery.decide", lambda _, case: grants.ruling(case, HALF), *OTHERS),
    ),
    "drop": (
        S.DROPPED, frozenset({S.HEARD, S.WAIVED}),
        _said(
            "finance", "recovery.decide",
            lambda _, case: grants.ruling(case, outcome="dropped"), *OTHERS,
        ),
    ),
    "repay": (
        S.SETTLED, frozenset({S.DECIDED}),
        _said(
            "finance", "recovery.repay",
            lambda stage, case: grants.repayment(stage, case, HALF), FINANCE[0],
        ),
    ),
}  # fmt: skip
WAY: dict[S, tuple[str, ...]] = {
    S.OPENED: (),
    S.NOTICED: ("notice",),
    S.HEARING: ("notice", "ask"),
    S.HEARD: ("notice", "ask", "hear"),
    S.WAIVED: ("notice", "time"),
    S.DECIDED: ("notice", "time", "decide"),
    S.SETTLED: ("notice", "time", "decide", "repay"),
    S.DROPPED: ("notice", "time", "drop"),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("recovery") / "home", None) as stage:
        desk(stage, last="2099-12-31")
        more = {"line": LINE, "by_fen": 10**12, "document": "d"}
        stage.do("finance", "budget.adjust", more, *FINANCE)
        yield stage


def at(stage: Scene, state: S) -> str:
    """A new case in a state, about a grant that was paid."""
    grant = grants.apply(stage, grants.another(stage))
    grants.to_paid(stage, grant)
    case = grants.open_case(stage, grant)
    for name in WAY[state]:
        if name == "time":
            grants.wait_until(stage, grants.case_row(stage, case)["due_at"])
        else:
            assert ACTS[name][2](stage, case).status == "accepted"
    assert grants.case_row(stage, case)["state"] == state
    return case


def test_the_table_of_moves_is_what_the_acts_do() -> None:
    made: dict[S, set[S]] = {state: set() for state in S}
    for after, allowed, _ in ACTS.values():
        for state in allowed:
            made[state].add(after)
    made[S.NOTICED].add(S.WAIVED)
    assert {state: frozenset(afters) for state, afters in made.items()} == CASE_MOVES
    assert {state for state, afters in CASE_MOVES.items() if not afters} == ENDED


@pytest.mark.parametrize("state", list(S))
def test_every_act_in_every_state(office: Scene, state: S) -> None:
    wrong = []
    refusing = at(office, state)
    for name, (after, allowed, act) in ACTS.items():
        case = at(office, state) if state in allowed else refusing
        reply = act(office, case)
        found = grants.case_row(office, case)["state"]
        code = reply.answer.get("code")
        expected = (
            ("accepted", None, after) if state in allowed else ("refused", "recovery-state", state)
        )
        if (reply.status, code, found) != expected:
            wrong.append((name, reply.status, code, found))
    assert wrong == []


@pytest.mark.parametrize("state", [S.OPENED, S.HEARING, S.HEARD, S.WAIVED, S.DECIDED])
def test_a_step_that_is_late_is_told_once(office: Scene, state: S) -> None:
    case = at(office, state)
    row = grants.case_row(office, case)
    assert row["clock"] == "running"
    grants.wait_until(office, row["due_at"] - 1)
    assert grants.case_row(office, case)["clock"] == "running"
    grants.wait_until(office, row["due_at"])
    row = grants.case_row(office, case)
    assert (row["state"], row["clock"]) == (state, "late")
