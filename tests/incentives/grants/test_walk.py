"""Every state of a grant, tried with every act: what the table does not allow is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from incentives.grants.models import GRANT_MOVES, OVER, GrantState
from incentives.grants.steps import TERMS
from ledger.writer.writer import Reply
from tests.factories import grants
from tests.factories.facts import FINANCE, REGULATOR
from tests.factories.scene import Scene, scene

S = GrantState
Act = Callable[[Scene, str], Reply]


def _said(party: str, type: str, body: Callable[[str], dict[str, Any]], *signers: str) -> Act:
    return lambda stage, grant: stage.say(party, type, body(grant), *signers)


def _paid(stage: Scene, grant: str) -> Reply:
    return stage.say("finance", "grant.pay", grants.payment(stage, grant), *FINANCE)


def _named(grant: str) -> dict[str, Any]:
    return {"grant": grant}


def _against(grant: str) -> dict[str, Any]:
    return grants.step(grant, positive=False)


def _refusing(grant: str) -> dict[str, Any]:
    return grants.decision(grant, outcome="refused", amount_fen=0)


ACTS: dict[str, tuple[S, frozenset[S], Act]] = {
    "review": (
        S.REVIEWED, frozenset({S.APPLIED}), _said("county", "grant.review", grants.step, "a")
    ),
    "review against": (
        S.REFUSED, frozenset({S.APPLIED}), _said("county", "grant.review", _against, "a")
    ),
    "opine": (
        S.SUPPORTED, frozenset({S.REVIEWED}),
        _said("regulator", "grant.opine", grants.step, REGULATOR[0]),
    ),
    "opine against": (
        S.REFUSED, frozenset({S.REVIEWED}),
        _said("regulator", "grant.opine", _against, REGULATOR[0]),
    ),
    "notice": (
        S.NOTICED, frozenset({S.SUPPORTED}), _said("finance", "grant.notice", _named, FINANCE[0])
    ),
    "decide": (
        S.GRANTED, frozenset({S.HEARD}),
        _said("finance", "grant.decide", grants.decision, *FINANCE),
    ),
    "decide against": (
        S.REFUSED, frozenset({S.HEARD}), _said("finance", "grant.decide", _refusing, *FINANCE)
    ),
    "pay": (
        S.PAID, frozenset({S.GRANTED}), _paid
    ),
    "assess": (
        S.ASSESSED, frozenset({S.PAID}), _said("county", "grant.assess", grants.assessment, "a")
    ),
    "withdraw": (
        S.WITHDRAWN,
        frozenset({S.APPLIED, S.REVIEWED, S.SUPPORTED, S.NOTICED, S.HEARD}),
        _said("owner", "grant.withdraw", _named, "a"),
    ),
}  # fmt: skip
BY_TIME = {S.NOTICED: S.HEARD}
BY_RECOVERY = {S.GRANTED: S.REVOKED, S.PAID: S.REVOKED, S.ASSESSED: S.REVOKED}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("walk") / "home", None) as stage:
        grants.desk(stage, last="2099-12-31")
        more = {"line": grants.LINE, "by_fen": 10**12, "document": "d"}
        stage.do("finance", "budget.adjust", more, *FINANCE)
        yield stage


def at(stage: Scene, state: S) -> str:
    """A new grant in a state that acts of its own lead to."""
    grant = grants.apply(stage, grants.another(stage))
    way = {
        S.APPLIED: (),
        S.REVIEWED: ("review",),
        S.SUPPORTED: ("review", "opine"),
        S.NOTICED: ("review", "opine", "notice"),
        S.REFUSED: ("review against",),
        S.WITHDRAWN: ("withdraw",),
    }
    if state in way:
        for name in way[state]:
            assert ACTS[name][2](stage, grant).status == "accepted"
        return grant
    grants.to_heard(stage, grant)
    further = {
        S.HEARD: (),
        S.GRANTED: ("decide",),
        S.PAID: ("decide", "pay"),
        S.ASSESSED: ("decide", "pay", "assess"),
        S.REVOKED: ("decide",),
    }
    for name in further[state]:
        assert ACTS[name][2](stage, grant).status == "accepted"
    if state is S.REVOKED:
        grants.revoke_unpaid(stage, grant)
    return grant


def test_the_table_of_moves_is_what_the_acts_do() -> None:
    made: dict[S, set[S]] = {state: set() for state in S}
    for after, allowed, _ in ACTS.values():
        for state in allowed:
            made[state].add(after)
    for moves in (BY_TIME, BY_RECOVERY):
        for state, after in moves.items():
            made[state].add(after)
    assert {state: frozenset(afters) for state, afters in made.items()} == GRANT_MOVES
    assert {state for state, afters in GRANT_MOVES.items() if not afters} == OVER


@pytest.mark.parametrize("state", list(S))
def test_every_act_in_every_state(office: Scene, state: S) -> None:
    wrong = []
    for name, (after, allowed, act) in ACTS.items():
        if state not in allowed:
            grant = at(office, state)
            reply = act(office, grant)
            code = reply.answer.get("code")
            if (reply.status, code) != ("refused", "grant-state"):
                wrong.append((name, reply.status, code))
            assert grants.grant_row(office, grant)["state"] == state
            continue
        grant = at(office, state)
        reply = act(office, grant)
        found = grants.grant_row(office, grant)["state"]
        if (reply.status, found) != ("accepted", after):
            wrong.append((name, reply.answer.get("code"), found))
    assert wrong == []


@pytest.mark.parametrize("state", sorted(TERMS))
def test_a_term_that_runs_out_is_told_once(office: Scene, state: S) -> None:
    grant = at(office, state)
    row = grants.grant_row(office, grant)
    assert row["clock"] == "running"
    early = {"grant": grant}
    assert office.refused("finance", "grant.fall-due", early, FINANCE[0]) == "role-not-allowed"
    days = -(-(row["due_at"] - office.clock.time) // grants.DAY_MS)
    grants.wait(office, days - 1)
    assert grants.grant_row(office, grant)["clock"] == "running"
    grants.wait(office, 1)
    after = grants.grant_row(office, grant)
    if state is S.NOTICED:
        assert (after["state"], after["clock"]) == (S.HEARD, "running")
    else:
        assert (after["state"], after["clock"]) == (state, "late")
