"""出金: asked for by two, set aside, paid once or available again; every pair of states walked."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from ledger.accounts.cash.models import PAYOUT_MOVES, PayoutState, movement_table, payout_table
from ledger.writer.tables import statement
from portal.desk.deadlines import board
from tests.factories.cash import OFFICERS, bank_account, deposit, pay, request_payout
from tests.factories.claims import freeze, holding
from tests.factories.scene import Scene

CASH = 1_000


@pytest.fixture
def funded(stage: Scene) -> Scene:
    """The owner has ten yuan and a confirmed account."""
    deposit(stage, "owner", CASH)
    return stage


def state(stage: Scene) -> str:
    (row,) = stage.rows(payout_table)
    return str(row["state"])


def act(stage: Scene, name: str, payout: str, **more: Any) -> str | None:
    """What the bank or the owner makes of a payout; gives the code of a refusal."""
    party, signers = ("owner", ("a",)) if name == "cancel-payout" else ("bank", OFFICERS)
    reply = stage.say(party, f"cash.{name}", {"payout": payout, **more}, *signers)
    assert reply.status in ("accepted", "refused"), reply
    return reply.answer.get("code")


def test_a_payout_is_set_aside_and_leaves_when_it_is_paid(funded: Scene) -> None:
    payout = request_payout(funded, "owner", 400)
    own = "owner/trading"
    assert holding(funded, own, "CNY") == {"available": 600, "in_transfer": 400}
    assert act(funded, "payout-sent", payout) is None
    reference = pay(funded, payout)
    assert holding(funded, own, "CNY") == {"available": 600}
    assert holding(funded, "bank/omnibus", "CNY") == {"available": -600}
    (row,) = funded.rows(payout_table)
    assert (row["state"], row["reference"]) == (PayoutState.PAID, reference)
    assert [r["signed_fen"] for r in funded.rows(movement_table)] == [CASH, -400]


def test_what_could_not_be_paid_is_available_again(funded: Scene) -> None:
    payout = request_payout(funded, "owner", 400)
    assert act(funded, "payout-failed", payout, reason="户名不符") is None
    assert holding(funded, "owner/trading", "CNY") == {"available": CASH}
    (row,) = funded.rows(payout_table)
    assert (row["state"], row["reason"]) == (PayoutState.FAILED, "户名不符")


def test_what_comes_back_goes_first_to_a_freeze_that_waits(funded: Scene) -> None:
    deposit(funded, "buyer", 10)
    payout = request_payout(funded, "buyer", 10)
    assert act(funded, "payout-sent", payout) is None
    # What the bank has begun to pay is the account's still: the freeze waits for it.
    freeze(funded, 10, asset="CNY", party="buyer")
    assert holding(funded, "buyer/trading", "CNY") == {"in_transfer": 10}
    assert act(funded, "payout-failed", payout, reason="r") is None
    assert holding(funded, "buyer/trading", "CNY") == {"frozen": 10}


def test_no_more_than_is_available_and_only_to_ones_own_account(funded: Scene) -> None:
    account = bank_account(funded, "owner")

    def refused(party: str, body: dict[str, Any], *signers: str) -> str:
        return funded.refused(party, "cash.request-payout", body, *signers)

    body = {"account": account, "amount_fen": CASH + 1}
    assert refused("owner", body, "a", "b") == "balance-short"
    body = {"account": account, "amount_fen": 1}
    assert refused("owner", body, "a") == "four-eyes"
    assert refused("buyer", body, "a", "b") == "bank-account-unknown"
    assert refused("vvb1", body, "a", "b") == "role-not-allowed"
    funded.do("owner", "cash.end-account", {"account": account}, "a")
    assert refused("owner", body, "a", "b") == "account-not-confirmed"


def test_an_account_that_ended_meanwhile_is_not_paid_to(funded: Scene) -> None:
    payout = request_payout(funded, "owner", 400)
    funded.do("owner", "cash.end-account", {"account": bank_account(funded, "owner")}, "a")
    assert act(funded, "payout-sent", payout) == "account-not-confirmed"
    assert act(funded, "payout-paid", payout, reference="p") == "account-not-confirmed"
    assert act(funded, "cancel-payout", payout) is None


def test_a_payout_is_its_partys_and_a_reference_is_used_once(funded: Scene) -> None:
    payout = request_payout(funded, "owner", 400)
    body = {"payout": payout}
    assert funded.refused("buyer", "cash.cancel-payout", body, "a") == "payout-unknown"
    funded.admit("other-bank", "bank", 50)
    code = funded.refused("other-bank", "cash.payout-sent", body, "a", "b")
    assert code == "not-settlement-bank"
    reference = funded.rows(movement_table)[0]["reference"]
    assert act(funded, "payout-paid", payout, reference=reference) == "reference-spent"
    assert holding(funded, "owner/trading", "CNY") == {"available": 600, "in_transfer": 400}


ACTS = {
    PayoutState.SENT: "payout-sent",
    PayoutState.PAID: "payout-paid",
    PayoutState.FAILED: "payout-failed",
    PayoutState.CANCELLED: "cancel-payout",
}
MORE = {"payout-paid": {"reference": "p"}, "payout-failed": {"reason": "r"}}


@pytest.mark.parametrize("after", list(ACTS))
@pytest.mark.parametrize("before", list(PayoutState))
def test_every_pair_of_states(funded: Scene, before: PayoutState, after: PayoutState) -> None:
    payout = request_payout(funded, "owner", 400)
    if before in ACTS:
        assert act(funded, ACTS[before], payout, **MORE.get(ACTS[before], {})) is None
    assert state(funded) == before
    code = act(funded, ACTS[after], payout, **MORE.get(ACTS[after], {}))
    assert code == (None if after in PAYOUT_MOVES[before] else "payout-closed")
    assert state(funded) == (before if code else after)


def test_a_stale_request_is_on_the_boards_of_both_sides(funded: Scene) -> None:
    payout = request_payout(funded, "owner", 400)
    # Thursday 1 January is asked on; 1 to 3 January are holidays and Sunday the 4th is worked.
    with funded.ledger.record.reading() as connection:
        asked = select(statement.c.index).where(statement.c.id == payout)
        index = connection.execute(asked).scalar_one()
        wanted = {"kind": "payout", "name": payout, "last": "2026-01-05", "index": index}
        of_bank = {"amount_fen": 400, "party": "owner", "party_name": "owner"}
        for party, about in (("owner", {"amount_fen": 400}), ("bank", of_bank)):
            wanted |= {"about": about, "turn": {"role": "bank"}}
            assert board(connection, party, "2026-01-05") == [{**wanted, "overdue": False}]
            assert board(connection, party, "2026-01-06") == [{**wanted, "overdue": True}]
        assert board(connection, "buyer", "2026-01-06") == []
    act(funded, "payout-failed", payout, reason="r")
    with funded.ledger.record.reading() as connection:
        assert board(connection, "owner", "2026-01-06") == []
