"""Pledges: from the proposal to release, or to a sale whose surplus is the pledgor's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.pledges.models import PLEDGE_MOVES, PledgeState, disposal_table, pledge_table
from ledger.writer.versions import PLEDGES_END
from tests.factories.audits import sealed
from tests.factories.cash import deposit
from tests.factories.claims import (
    BATCH,
    agree,
    claimed,
    freeze,
    holding,
    pledge,
    pledge_body,
    sound,
)
from tests.factories.market import BANK
from tests.factories.scene import HOUR_MS, OFFICERS, Scene, scene

DAY_MS = 24 * HOUR_MS


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """The owner holds 900 units; the buyer has 80,000.00 yuan."""
    with scene(home, vacant_database_url) as opened:
        opened.issue(900)
        deposit(opened, "buyer", 8_000_000)
        yield opened
        sound(opened)


def row(stage: Scene, name: str) -> dict[str, Any]:
    return next(found for found in stage.rows(pledge_table) if found["pledge"] == name)


def bank_refused(stage: Scene, type: str, **body: Any) -> str:
    return stage.refused("bank", type, body, *BANK)


def test_units_are_pledged_by_the_registration_and_not_before(stage: Scene) -> None:
    name = agree(stage, 400)
    assert holding(stage, "owner/registry") == {"available": 900}
    body = {"pledge": name, "number": "质登1"}
    stage.do("registrar", "pledge.register", body, *OFFICERS)
    assert holding(stage, "owner/registry") == {"available": 500, "pledged": 400}
    assert (row(stage, name)["state"], row(stage, name)["number"]) == ("registered", "质登1")


def test_pledged_units_cannot_be_used(stage: Scene) -> None:
    pledge(stage, 400)
    for type, body in (
        ("credit.move", {"batch": BATCH, "quantity": 501, "to": "trading"}),
        ("credit.transfer", {"batch": BATCH, "quantity": 501, "receiver": "buyer"}),
        (
            "credit.retire",
            {"batch": BATCH, "quantity": 501, "purpose": "public-good", "beneficiary": "公众"},
        ),
    ):
        assert stage.refused("owner", type, body, "a", "b") == "balance-short"


def test_a_clause_that_hands_the_units_to_the_bank_is_void(stage: Scene) -> None:
    body = pledge_body(400, on_default="forfeiture")
    assert stage.refused("owner", "pledge.propose", body, "a", "b") == "pledge-forfeiture-void"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"bank": "buyer"}, "pledgee-not-a-bank"),
        ({"bank": "nobody"}, "party-unknown"),
        ({"until": "2026-01-01"}, "pledge-term-past"),
        ({"quantity": 901}, "balance-short"),
        ({"batch": "ZJ_FS-R9-2024"}, "batch-unknown"),
    ],
)
def test_what_cannot_be_pledged_is_refused(stage: Scene, change: dict[str, Any], code: str) -> None:
    body = {**pledge_body(400), **change}
    assert stage.refused("owner", "pledge.propose", body, "a", "b") == code


def test_the_bank_lets_go_in_part_and_then_wholly(stage: Scene) -> None:
    name = pledge(stage, 400)
    stage.do("bank", "pledge.release", {"pledge": name, "quantity": 150}, *BANK)
    assert holding(stage, "owner/registry") == {"available": 650, "pledged": 250}
    assert bank_refused(stage, "pledge.release", pledge=name, quantity=251) == "pledge-short"
    stage.do("bank", "pledge.release", {"pledge": name}, *BANK)
    assert holding(stage, "owner/registry") == {"available": 900}
    assert row(stage, name)["state"] == "released"


def test_a_second_rank_waits_for_the_first_and_then_holds(stage: Scene) -> None:
    first = pledge(stage, 800)
    second = pledge(stage, 500, "质登2", rank=2, contract="借字2026-2")
    assert claimed(stage, second) == (100, 400)
    stage.do("bank", "pledge.release", {"pledge": first, "quantity": 300}, *BANK)
    assert claimed(stage, second) == (400, 100)
    assert holding(stage, "owner/registry") == {"pledged": 900}


def test_a_number_registers_one_pledge(stage: Scene) -> None:
    pledge(stage, 800)
    same = agree(stage, 50)
    taken = {"pledge": same, "number": "质登1"}
    assert stage.refused("registrar", "pledge.register", taken, *OFFICERS) == "pledge-number-taken"


def test_a_rank_counts_every_freeze_and_pledge_that_stands_before(stage: Scene) -> None:
    """800 pledged and 900 frozen: 50 come first on what is free, 500 third."""
    pledge(stage, 800)
    assert proposed(stage, 100, 2) == {"field": "rank", "rank": 1}  # it waits for nothing
    agree(stage, 50)
    freeze(stage, 900)
    for rank in (1, 2, 4):
        assert proposed(stage, 500, rank) == {"field": "rank", "rank": 3}
    third = pledge(stage, 500, "质登3", rank=3)
    assert (row(stage, third)["rank"], claimed(stage, third)) == (3, (0, 500))


def test_a_pledge_over_more_than_all_claims_hold_is_refused(stage: Scene) -> None:
    """It would stand registered over nothing: 900 are held, whatever the rank."""
    pledge(stage, 900)
    for rank in (1, 2):
        told = {"asset": BATCH, "have": 900, "need": 901}
        assert proposed(stage, 901, rank, "balance-short") == told
    pledge(stage, 900, "质登2", rank=2)


def test_a_pledge_whose_units_are_gone_is_not_registered(stage: Scene) -> None:
    """The first is let go and sold before the second is registered: nothing is left to wait for."""
    first = pledge(stage, 900)
    second = agree(stage, 500, rank=2)
    stage.do("bank", "pledge.release", {"pledge": first}, *BANK)
    gone = {"batch": BATCH, "quantity": 900, "to": "trading"}
    stage.do("owner", "credit.move", gone, "a")
    body = {"pledge": second, "number": "质登2"}
    assert stage.refused("registrar", "pledge.register", body, *OFFICERS) == "balance-short"
    assert row(stage, second)["state"] == "agreed"


def proposed(stage: Scene, quantity: int, rank: int, code: str = "pledge-rank-differs") -> Any:
    """What the refusal of a proposal tells."""
    reply = stage.say("owner", "pledge.propose", pledge_body(quantity, rank=rank), "a", "b")
    assert reply.answer is not None and reply.answer["code"] == code, reply
    return reply.answer["params"]


def test_a_ledger_that_has_not_gone_on_counts_pledges_alone_and_late(
    home: Path, vacant_database_url: str
) -> None:
    with scene(home, vacant_database_url, 1) as old:
        old.issue(900)
        freeze(old, 100)
        pledge(old, 700)
        second, fourth = agree(old, 100, rank=2), agree(old, 9_000, rank=4)
        body = {"pledge": fourth, "number": "质登4"}
        differs = old.refused("registrar", "pledge.register", body, *OFFICERS)
        assert differs == "pledge-rank-differs"
        body = {"pledge": second, "number": "质登2"}
        old.do("registrar", "pledge.register", body, *OFFICERS)
        assert (row(old, second)["rank"], claimed(old, second)) == (2, (100, 0))
        assert old.say("bank", "pledge.accept", {"pledge": second}, *BANK).answer == {
            "result": "refused",
            "code": "pledge-state",
            "params": {"pledge": second, "state": "registered", "wanted": "agreed"},
        }
        assert sealed(old, supervisor=True) == 0


def test_the_register_gives_the_rank_of_the_day_never_a_worse_one(stage: Scene) -> None:
    first = pledge(stage, 800)
    second, other = (agree(stage, 500, rank=2) for _ in range(2))
    body = {"pledge": second, "number": "质登2"}
    stage.do("registrar", "pledge.register", body, *OFFICERS)
    body = {"pledge": other, "number": "质登3"}
    late = stage.refused("registrar", "pledge.register", body, *OFFICERS)
    assert late == "pledge-rank-differs"
    for name in (first, second):
        stage.do("bank", "pledge.release", {"pledge": name}, *BANK)
    stage.do("registrar", "pledge.register", body, *OFFICERS)
    assert (row(stage, other)["rank"], claimed(stage, other)) == (1, (500, 0))


def test_a_sale_pays_the_debt_first_and_the_pledgor_the_rest(stage: Scene) -> None:
    name = pledge(stage, 400)  # for 50,000.00 yuan
    early = bank_refused(stage, "pledge.default", pledge=name, document="d")
    assert early == "pledge-term-runs"
    stage.clock.time += 182 * DAY_MS  # 2 July
    stage.do("bank", "pledge.default", {"pledge": name, "document": "违约通知1"}, *BANK)
    assert row(stage, name)["disposal_from"] == "2026-07-12"
    sale = {"pledge": name, "buyer": "buyer", "quantity": 300, "amount_fen": 4_500_000}
    assert bank_refused(stage, "pledge.dispose", **sale) == "pledge-notice-runs"
    stage.clock.time += 10 * DAY_MS
    first = stage.do("bank", "pledge.dispose", sale, *BANK)
    stage.do("buyer", "pledge.buy", {"disposal": first}, "a", "b")
    assert holding(stage, "buyer/registry") == {"available": 300}
    assert holding(stage, "buyer/trading", "CNY") == {"available": 3_500_000}
    assert (row(stage, name)["recovered_fen"], row(stage, name)["state"]) == (
        4_500_000,
        "defaulted",
    )
    # 5,000.00 are owed still; 50 units for 6,000.00 leave 1,000.00 and 50 units to the pledgor
    sale = {**sale, "quantity": 50, "amount_fen": 600_000}
    second = stage.do("bank", "pledge.dispose", sale, *BANK)
    stage.do("buyer", "pledge.buy", {"disposal": second}, "a", "b")
    assert holding(stage, "owner/trading", "CNY") == {"available": 100_000}
    assert holding(stage, "owner/registry") == {"available": 550}
    assert row(stage, name)["state"] == "closed"
    paid = {found["disposal"]: found["surplus_fen"] for found in stage.rows(disposal_table)}
    assert paid == {first: 0, second: 100_000}


def test_a_sale_needs_pledged_units_money_and_its_own_buyer(stage: Scene) -> None:
    name = pledge(stage, 400)
    stage.clock.time += 182 * DAY_MS
    stage.do("bank", "pledge.default", {"pledge": name, "document": "d"}, *BANK)
    stage.clock.time += 10 * DAY_MS
    sale = {"pledge": name, "buyer": "buyer", "quantity": 400, "amount_fen": 8_000_001}
    assert bank_refused(stage, "pledge.dispose", **{**sale, "quantity": 401}) == "pledge-short"
    assert bank_refused(stage, "pledge.dispose", **{**sale, "buyer": "owner"}) == "transfer-to-self"
    offered = stage.do("bank", "pledge.dispose", sale, *BANK)
    bought = {"disposal": offered}
    assert stage.refused("owner", "pledge.buy", bought, "a", "b") == "disposal-unknown"
    assert stage.refused("buyer", "pledge.buy", bought, "a", "b") == "balance-short"
    stage.do("bank", "pledge.recall", bought, "bank-1")
    assert stage.refused("buyer", "pledge.buy", bought, "a", "b") == "disposal-closed"


def test_a_freeze_waits_behind_a_pledge_and_gets_what_a_sale_leaves(stage: Scene) -> None:
    name = pledge(stage, 900)
    frozen = freeze(stage, 900)
    stage.clock.time += 182 * DAY_MS
    stage.do("bank", "pledge.default", {"pledge": name, "document": "d"}, *BANK)
    stage.clock.time += 10 * DAY_MS
    sale = {"pledge": name, "buyer": "buyer", "quantity": 500, "amount_fen": 5_000_000}
    offered = stage.do("bank", "pledge.dispose", sale, *BANK)
    stage.do("buyer", "pledge.buy", {"disposal": offered}, "a", "b")
    assert holding(stage, "owner/registry") == {"frozen": 400}
    assert claimed(stage, frozen) == (400, 500)


def test_a_longer_term_is_granted_by_the_bank_alone(stage: Scene) -> None:
    name = pledge(stage, 400)
    stage.do("bank", "pledge.extend", {"pledge": name, "until": "2026-12-31"}, *BANK)
    assert row(stage, name)["until"] == "2026-12-31"
    shorter = bank_refused(stage, "pledge.extend", pledge=name, until="2026-12-30")
    assert shorter == "pledge-not-longer"


def offers(stage: Scene) -> list[str]:
    return [sale["state"] for sale in sorted(stage.rows(disposal_table), key=lambda r: r["index"])]


def defaulted(stage: Scene) -> tuple[str, str, dict[str, Any]]:
    """A pledge of 400 whose notice has run on 12 July, and one offer of 300 to the buyer."""
    name = pledge(stage, 400)
    stage.clock.time += 182 * DAY_MS
    stage.do("bank", "pledge.default", {"pledge": name, "document": "d"}, *BANK)
    stage.clock.time += 10 * DAY_MS
    sale = {"pledge": name, "buyer": "buyer", "quantity": 300, "amount_fen": 4_500_000}
    return name, stage.do("bank", "pledge.dispose", sale, *BANK), sale


def test_a_longer_term_takes_the_notice_of_default_back(stage: Scene) -> None:
    name, offer, sale = defaulted(stage)
    past = bank_refused(stage, "pledge.extend", pledge=name, until="2026-07-11")
    assert past == "pledge-term-past"
    stage.do("bank", "pledge.extend", {"pledge": name, "until": "2026-07-12"}, *BANK)
    told = row(stage, name)
    assert (told["state"], told["disposal_from"], told["until"]) == (
        *("registered", None, "2026-07-12"),
    )
    assert offers(stage) == ["ended"]
    assert stage.refused("buyer", "pledge.buy", {"disposal": offer}, "a", "b") == "disposal-closed"
    assert bank_refused(stage, "pledge.dispose", **sale) == "pledge-state"
    assert bank_refused(stage, "pledge.default", pledge=name, document="d") == "pledge-term-runs"


def test_a_pledge_in_default_is_not_registered_again(stage: Scene) -> None:
    name, _, _ = defaulted(stage)
    again = {"pledge": name, "number": "another"}
    answer = stage.say("registrar", "pledge.register", again, *OFFICERS).answer
    assert (answer["code"], answer["params"]["needs"]) == ("pledge-state", ["agreed"])
    assert claimed(stage, name) == (400, 0)


@pytest.mark.parametrize("way", ["sold", "released"])
def test_offers_end_with_their_pledge(stage: Scene, way: str) -> None:
    name, first, sale = defaulted(stage)
    stage.do("bank", "pledge.dispose", {**sale, "quantity": 10}, *BANK)
    if way == "sold":
        whole = stage.do("bank", "pledge.dispose", {**sale, "amount_fen": 5_000_000}, *BANK)
        stage.do("buyer", "pledge.buy", {"disposal": whole}, "a", "b")
        assert offers(stage) == ["ended", "ended", "sold"]
    else:
        stage.do("bank", "pledge.release", {"pledge": name}, *BANK)
        assert offers(stage) == ["ended", "ended"]
    assert stage.refused("buyer", "pledge.buy", {"disposal": first}, "a", "b") == "disposal-closed"


def test_nothing_waits_for_a_party_that_has_left(stage: Scene) -> None:
    """Its agreed pledge was never registered, its offer never taken."""
    stage.admit("third", "enterprise", 9)
    out = {"batch": BATCH, "quantity": 50, "receiver": "third"}
    sent = stage.do("owner", "credit.transfer", out, "a", "b")
    stage.do("third", "credit.accept", {"transfer": sent}, "a")
    agreed = stage.do("third", "pledge.propose", pledge_body(50), "a", "b")
    stage.do("bank", "pledge.accept", {"pledge": agreed}, *BANK)
    proposed = stage.do("third", "pledge.propose", pledge_body(50), "a", "b")
    back = stage.do("third", "credit.transfer", {**out, "receiver": "owner"}, "a", "b")
    stage.do("owner", "credit.accept", {"transfer": back}, "a")
    _, _, sale = defaulted(stage)
    stage.do("bank", "pledge.dispose", {**sale, "buyer": "third"}, *BANK)
    stage.do("registrar", "party.close", {"party": "third", "document": "d"}, *OFFICERS)
    assert {row(stage, name)["state"] for name in (agreed, proposed)} == {"withdrawn"}
    assert offers(stage) == ["offered", "ended"]


def test_before_pledges_ended_together_offers_and_notices_stood(home: Path) -> None:
    with scene(home, None, PLEDGES_END - 1) as stage:
        stage.issue(900)
        name, _, _ = defaulted(stage)
        stage.do("bank", "pledge.extend", {"pledge": name, "until": "2026-07-05"}, *BANK)
        assert (row(stage, name)["state"], offers(stage)) == ("defaulted", ["offered"])


def reach(stage: Scene, state: PledgeState) -> str:
    """A pledge in a state."""
    name = stage.do("owner", "pledge.propose", pledge_body(10), "a", "b")
    answer = {"pledge": name}
    if state is PledgeState.DECLINED:
        stage.do("bank", "pledge.decline", answer, "bank-1")
    elif state is PledgeState.WITHDRAWN:
        stage.do("owner", "pledge.withdraw", answer, "a")
    elif state is not PledgeState.PROPOSED:
        stage.do("bank", "pledge.accept", answer, *BANK)
        if state is not PledgeState.AGREED:
            body = {**answer, "number": name}
            stage.do("registrar", "pledge.register", body, *OFFICERS)
            if state is PledgeState.RELEASED:
                stage.do("bank", "pledge.release", answer, *BANK)
    return name


ACTS: dict[str, tuple[PledgeState, str, tuple[str, ...], dict[str, Any]]] = {
    "pledge.accept": (PledgeState.AGREED, "bank", BANK, {}),
    "pledge.decline": (PledgeState.DECLINED, "bank", BANK, {}),
    "pledge.withdraw": (PledgeState.WITHDRAWN, "owner", ("a", "b"), {}),
    "pledge.register": (PledgeState.REGISTERED, "registrar", OFFICERS, {"number": "n"}),
    "pledge.release": (PledgeState.RELEASED, "bank", BANK, {}),
}
REACHED = [s for s in PledgeState if s not in (PledgeState.DEFAULTED, PledgeState.CLOSED)]


@pytest.mark.parametrize("type", sorted(ACTS))
@pytest.mark.parametrize("before", REACHED)
def test_every_pair_of_states_is_walked(stage: Scene, before: PledgeState, type: str) -> None:
    name = reach(stage, before)
    after, party, signers, more = ACTS[type]
    reply = stage.say(party, type, {"pledge": name, **more}, *signers)
    if after in PLEDGE_MOVES[before]:
        assert (reply.status, row(stage, name)["state"]) == ("accepted", after)
    else:
        assert (reply.status, reply.answer["code"]) == ("refused", "pledge-state")
        assert before not in reply.answer["params"]["needs"]
        assert row(stage, name)["state"] == before
