"""Every pair of standings is walked; a party leaves only with nothing left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.parties.models import key_table, party_table
from ledger.parties.people_models import PARTY_MOVES, PartyState
from ledger.writer.versions import STANDING_OF_OTHERS
from tests.factories.cash import pay, request_payout
from tests.factories.market import Floor
from tests.factories.people import REGULATORS, admission, history, key_of
from tests.factories.scene import OFFICERS, ProjectDesign, Scene, scene

ACTS = {
    PartyState.SUSPENDED: ("regulator", "party.suspend", REGULATORS),
    PartyState.ACTIVE: ("regulator", "party.reinstate", REGULATORS),
    PartyState.CLOSED: ("registrar", "party.close", OFFICERS),
}
RETIRE = {"quantity": 1, "purpose": "public-good", "beneficiary": "公众"}


def act(stage: Scene, party: str, after: PartyState) -> str:
    """The answer to putting a party into a state."""
    author, type, signers = ACTS[after]
    reply = stage.say(author, type, {"party": party, "document": "d"}, *signers)
    return str(reply.answer.get("code", reply.status))


def close(stage: Scene, party: str) -> str:
    return act(stage, party, PartyState.CLOSED)


def state(stage: Scene, party: str) -> str:
    return str(next(r["status"] for r in stage.rows(party_table) if r["party"] == party))


@pytest.mark.parametrize("before", list(PartyState))
@pytest.mark.parametrize("after", list(PartyState))
def test_every_pair_of_standings(stage: Scene, before: PartyState, after: PartyState) -> None:
    stage.admit("moon", "enterprise", 1)
    if before is not PartyState.ACTIVE:
        assert act(stage, "moon", before) == "accepted"
    answer = act(stage, "moon", after)
    if after in PARTY_MOVES[before]:
        assert (answer, state(stage, "moon")) == ("accepted", after)
    else:
        assert (answer, state(stage, "moon")) == ("party-standing", before)


def test_a_closed_party_says_nothing_more_and_gets_nothing_more(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    assert close(stage, "moon") == "accepted"
    keys = [row for row in stage.rows(key_table) if row["party"] == "moon"]
    assert keys and all(row["until"] is not None for row in keys)
    reply = stage.say("moon", "project.submit", ProjectDesign(), "a")
    assert (reply.status, reply.answer["code"]) == ("unauthenticated", "key-revoked")
    cash = {"party": "moon", "amount_fen": 1, "reference": "r"}
    assert stage.refused("bank", "cash.deposit", cash, "bank-1", "bank-2") == "party-closed"
    renamed = {"party": "moon", "name": "x", "document": "d"}
    assert stage.refused("registrar", "party.change", renamed, *OFFICERS) == "party-closed"
    fresh = stage.entry("moon", "z")
    body = {"party": "moon", "replaces": key_of(stage, "moon/a"), "key": fresh, "document": "d"}
    assert stage.refused("registrar", "key.replace", body, *OFFICERS) == "party-closed"
    again = admission(stage, "moon")
    assert stage.refused("registrar", "party.admit", again, *OFFICERS) == "party-exists"
    assert history(stage, "moon")[-1]["type"] == "party.close"


def test_who_left_may_be_admitted_anew_under_the_same_code(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    code = next(row["uscc"] for row in stage.rows(party_table) if row["party"] == "moon")
    body = admission(stage, "new-moon", uscc=code)
    assert stage.refused("registrar", "party.admit", body, *OFFICERS) == "uscc-registered"
    assert close(stage, "moon") == "accepted"
    stage.do("registrar", "party.admit", body, *OFFICERS)


@pytest.mark.parametrize(
    "party", ["registrar", "regulator", "finance", "exchange", "bank", "operator"]
)
def test_an_authority_is_not_closed(stage: Scene, party: str) -> None:
    assert close(stage, party) == "party-not-closable"


def test_a_verifier_is_closed_and_validates_nothing_more(stage: Scene) -> None:
    stage.admit("vvb", "verifier", 3)
    assert close(stage, "vvb") == "accepted"
    assert state(stage, "vvb") == "closed"


def test_two_officers_close_and_nobody_else(stage: Scene) -> None:
    stage.admit("moon", "enterprise", 1)
    body = {"party": "moon", "document": "d"}
    assert stage.refused("registrar", "party.close", body, OFFICERS[0]) == "four-eyes"
    assert stage.refused("moon", "party.close", body, "a", "b") == "role-not-allowed"
    assert stage.refused("regulator", "party.close", body, *REGULATORS) == "role-not-allowed"


def params(stage: Scene, party: str) -> dict[str, Any]:
    """Why a closure is refused."""
    reply = stage.say("registrar", "party.close", {"party": party, "document": "d"}, *OFFICERS)
    assert reply.status == "refused"
    return {"code": reply.answer["code"], **reply.answer["params"]}


def pay_out(stage: Scene, party: str) -> None:
    """Pay out the cash for which a closure is refused."""
    cash = params(stage, party)
    assert (cash["asset"], cash["account"]) == ("CNY", f"{party}/trading")
    payout = request_payout(stage, party, cash["available"])
    assert params(stage, party)["in_transfer"] == cash["available"]
    pay(stage, payout)


def test_a_party_leaves_only_when_it_holds_nothing(stage: Scene) -> None:
    floor = Floor(stage)
    batch = floor.prepare(900, 10_000_000)
    held = {"code": "closing-holdings", "asset": batch, "account": "owner/trading"}
    assert params(stage, "owner") == {**held, "available": 900}
    listing = floor.place(7_075, 900)
    assert params(stage, "owner") == {**held, "frozen": 900}
    floor.take(listing, 100)  # at 70.75, so that cash of 7,075.00 yuan lies there
    floor.withdraw(listing)
    pay_out(stage, "buyer")
    assert params(stage, "buyer")["bought"] == 100  # not to be sold again yet
    body = {"batch": batch, "quantity": 800, "to": "registry"}
    stage.do("owner", "credit.move", body, "a")
    offer = {"batch": batch, "quantity": 300, "receiver": "third"}
    transfer = stage.do("owner", "credit.transfer", offer, "a", "b")
    waiting = params(stage, "owner")
    assert (waiting["account"], waiting["in_transfer"]) == ("owner/registry", 300)
    stage.do("owner", "credit.withdraw", {"transfer": transfer}, "a")
    stage.do("owner", "credit.retire", {"batch": batch, **RETIRE, "quantity": 800}, "a", "b")
    pay_out(stage, "owner")
    project = params(stage, "owner")
    assert project == {"code": "closing-project", "project": "P1", "state": "registered"}
    decision = {"project": "P1", "document": "d"}
    stage.do("registrar", "project.deregister", decision, *OFFICERS)
    assert close(stage, "owner") == "accepted"


def test_a_party_leaves_only_when_nothing_waits_for_its_answer(stage: Scene) -> None:
    batch = stage.issue(900)
    offer = {"batch": batch, "quantity": 1, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", offer, "a", "b")
    refused = params(stage, "buyer")
    assert refused == {"code": "closing-transfer", "transfer": transfer, "open": 1}
    stage.do("buyer", "credit.decline", {"transfer": transfer}, "a")
    assert close(stage, "buyer") == "accepted"
    assert stage.refused("owner", "credit.transfer", offer, "a", "b") == "receiver-cannot-hold"


def test_what_was_refused_leaves_the_party_as_it_was(stage: Scene) -> None:
    stage.issue(900)
    assert close(stage, "owner") == "closing-holdings"
    assert state(stage, "owner") == "active"
    assert [row["until"] for row in stage.rows(key_table) if row["party"] == "owner"] == [None] * 2


def test_an_authority_does_not_suspend_itself(stage: Scene) -> None:
    """Only the regulator reinstates, so that nobody could undo it."""
    body = {"party": "regulator", "document": "d"}
    assert stage.refused("regulator", "party.suspend", body, *REGULATORS) == "standing-own"
    assert state(stage, "regulator") == PartyState.ACTIVE


def test_before_its_version_nobody_was_kept_from_that(home: Path, vacant_database_url: str) -> None:
    with scene(home, vacant_database_url, STANDING_OF_OTHERS - 1) as stage:
        body = {"party": "regulator", "document": "d"}
        stage.do("regulator", "party.suspend", body, *REGULATORS)
        assert state(stage, "regulator") == PartyState.SUSPENDED
