"""入金: from an account of one's own name, once a reference; what is unknown waits in suspense."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.accounts.cash.models import RECEIPT_MOVES, ReceiptState, movement_table, receipt_table
from ledger.writer.versions import CASH_BOUNDED
from tests.factories.cash import OFFICERS, account_body, bank_account, deposit, deposit_body
from tests.factories.claims import holding
from tests.factories.market import REGULATOR
from tests.factories.scene import Scene, scene

MOST = 2**53 - 1


def refused(stage: Scene, body: dict[str, Any], type: str = "cash.deposit") -> str:
    return stage.refused("bank", type, body, *OFFICERS)


def test_cash_of_the_same_name_is_credited_and_its_movement_kept(stage: Scene) -> None:
    deposit(stage, "owner", 500, reference="R1")
    assert holding(stage, "owner/trading", "CNY") == {"available": 500}
    assert holding(stage, "bank/omnibus", "CNY") == {"available": -500}
    (row,) = stage.rows(movement_table)
    told = (row["reference"], row["act"], row["signed_fen"], row["date"], row["state"])
    assert told == ("R1", "deposit", 500, "2026-01-01", "open")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"payer": "buyer"}, "payer-other-name"),
        ({"payer": "Owner"}, "payer-other-name"),
        ({"account": "nothing"}, "bank-account-unknown"),
        ({"party": "vvb1"}, "account-missing"),
        ({"party": "nobody"}, "party-unknown"),
        ({"party": "buyer"}, "bank-account-unknown"),
        ({"date": "2026-01-02"}, "movement-future"),
    ],
)
def test_a_deposit_that_is_not_ones_own_is_refused(
    stage: Scene, change: dict[str, Any], code: str
) -> None:
    assert refused(stage, {**deposit_body(stage, "owner", 1), **change}) == code
    assert holding(stage, "bank/omnibus", "CNY") == {}


@pytest.mark.parametrize("left_out", ["account", "payer"])
def test_a_deposit_names_account_and_payer(stage: Scene, left_out: str) -> None:
    body = deposit_body(stage, "owner", 1)
    del body[left_out]
    assert refused(stage, body) == "payer-missing"


def test_where_the_law_of_the_place_asks_for_no_account_none_is_named(stage: Scene) -> None:
    words = {"unit": "u", "source": "test", "confidence": "low", "valid_from": "2026-01-01"}
    rule = {"code": "cash-account", "value": "not-needed", **words}
    stage.do("regulator", "parameter.set", rule, *REGULATOR)
    body = {"party": "owner", "amount_fen": 5, "reference": "r"}
    stage.do("bank", "cash.deposit", body, *OFFICERS)
    assert refused(stage, {**body, "reference": "s", "payer": "owner"}) == "payer-missing"


def test_an_account_that_nobody_confirmed_or_that_ended_pays_nothing_in(stage: Scene) -> None:
    account = stage.do("owner", "cash.register-account", account_body("owner"), "a", "b")
    body = {"party": "owner", "amount_fen": 1, "reference": "r", "payer": "owner"}
    assert refused(stage, {**body, "account": account}) == "account-not-confirmed"
    account = bank_account(stage, "owner")
    stage.do("owner", "cash.end-account", {"account": account}, "a")
    assert refused(stage, {**body, "account": account}) == "account-not-confirmed"


@pytest.mark.parametrize("version", [CASH_BOUNDED, CASH_BOUNDED - 1])
def test_no_more_cash_comes_in_than_a_balance_can_state(home: Path, version: int) -> None:
    """What all hold together is what the omnibus account holds, so that no part is larger."""
    with scene(home, None, version) as stage:
        stage.cast()
        deposit(stage, "owner", MOST - 5, reference="R1")
        if version < CASH_BOUNDED:
            deposit(stage, "buyer", 6, reference="R2")
            return
        assert refused(stage, deposit_body(stage, "buyer", 6)) == "value-too-large"
        received = {"amount_fen": 6, "reference": "R3"}
        assert refused(stage, received, "cash.receive") == "value-too-large"
        deposit(stage, "buyer", 5, reference="R4")
        right = {"reference": "R4", "amount_fen": 6, "document": "d"}
        assert refused(stage, right, "cash.correct") == "value-too-large"


def test_a_reference_is_used_once_and_by_the_settlement_bank_alone(stage: Scene) -> None:
    deposit(stage, "owner", 5, reference="R1")
    assert refused(stage, deposit_body(stage, "owner", 5, reference="R1")) == "reference-spent"
    receipt = {"amount_fen": 5, "reference": "R1"}
    assert refused(stage, receipt, "cash.receive") == "reference-spent"
    stage.admit("other-bank", "bank", 50)
    body = deposit_body(stage, "owner", 5)
    code = stage.refused("other-bank", "cash.deposit", body, "a", "b")
    assert code == "not-settlement-bank"


def receive(stage: Scene) -> str:
    body = {"amount_fen": 70, "reference": "S1", "tail": "1234"}
    return stage.do("bank", "cash.receive", body, *OFFICERS)


def identify_body(stage: Scene, receipt: str, **more: Any) -> dict[str, Any]:
    own = {"account": bank_account(stage, "owner"), "payer": "owner"}
    return {"receipt": receipt, "party": "owner", "document": "d", **own, **more}


def test_what_nobody_knows_waits_until_it_is_somebodys(stage: Scene) -> None:
    receipt = receive(stage)
    assert holding(stage, "bank/suspense", "CNY") == {"available": 70}
    wrong = identify_body(stage, receipt, payer="buyer")
    assert refused(stage, wrong, "cash.identify") == "payer-other-name"
    stage.do("bank", "cash.identify", identify_body(stage, receipt), *OFFICERS)
    assert holding(stage, "bank/suspense", "CNY") == {}
    assert holding(stage, "owner/trading", "CNY") == {"available": 70}
    (row,) = stage.rows(movement_table)
    assert (row["act"], row["party"]) == ("receipt", "owner")


def test_what_stays_unknown_goes_back(stage: Scene) -> None:
    receipt = receive(stage)
    body = {"receipt": receipt, "reference": "S1"}
    assert refused(stage, body, "cash.return") == "reference-spent"
    stage.do("bank", "cash.return", {**body, "reference": "S2"}, *OFFICERS)
    assert holding(stage, "bank/suspense", "CNY") == holding(stage, "bank/omnibus", "CNY") == {}
    assert [row["signed_fen"] for row in stage.rows(movement_table)] == [70, -70]


ACTS = {ReceiptState.IDENTIFIED: "cash.identify", ReceiptState.RETURNED: "cash.return"}


@pytest.mark.parametrize("after", list(ACTS))
@pytest.mark.parametrize("before", list(ReceiptState))
def test_every_pair_of_states(stage: Scene, before: ReceiptState, after: ReceiptState) -> None:
    receipt = receive(stage)
    bodies = {
        ReceiptState.IDENTIFIED: identify_body(stage, receipt),
        ReceiptState.RETURNED: {"receipt": receipt, "reference": "S2"},
    }
    if before in ACTS:
        stage.do("bank", ACTS[before], bodies[before], *OFFICERS)
    (row,) = stage.rows(receipt_table)
    assert row["state"] == before
    bodies[ReceiptState.RETURNED] = {"receipt": receipt, "reference": "S3"}
    reply = stage.say("bank", ACTS[after], bodies[after], *OFFICERS)
    wanted = None if after in RECEIPT_MOVES[before] else "receipt-closed"
    assert reply.answer.get("code") == wanted
