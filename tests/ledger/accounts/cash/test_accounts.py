"""Bank accounts: one's own name only, served once confirmed, every pair of states walked."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.accounts.cash.accounts import number_digest
from ledger.accounts.cash.models import ACCOUNT_MOVES, AccountState, bank_account_table
from tests.factories.cash import OFFICERS, account_body
from tests.factories.market import REGULATOR
from tests.factories.scene import Scene


def register(stage: Scene) -> str:
    return stage.do("owner", "cash.register-account", account_body("owner"), "a", "b")


def confirm(stage: Scene, account: str, holder: str = "owner") -> str | None:
    """Gives the code of a refusal."""
    body = {"account": account, "holder": holder}
    return answer(stage, "bank", "cash.confirm-account", body, *OFFICERS)


def answer(stage: Scene, party: str, type: str, body: Any, *signers: str) -> str | None:
    reply = stage.say(party, type, body, *signers)
    assert reply.status in ("accepted", "refused")
    return reply.answer.get("code")


def state(stage: Scene) -> str:
    (row,) = stage.rows(bank_account_table)
    return str(row["state"])


def test_an_account_is_registered_by_its_holder_and_confirmed_by_the_bank(stage: Scene) -> None:
    account = register(stage)
    assert state(stage) == AccountState.REGISTERED
    assert confirm(stage, account) is None
    (row,) = stage.rows(bank_account_table)
    assert (row["state"], row["party"], len(row["tail"])) == ("confirmed", "owner", 4)
    assert row["number_sha256"] != number_digest(row["tail"], row["number_salt"])


def test_another_name_is_refused_on_both_sides(stage: Scene) -> None:
    body = account_body("owner", holder="buyer")
    refused = stage.refused("owner", "cash.register-account", body, "a", "b")
    assert refused == "account-other-name"
    assert confirm(stage, register(stage), "buyer") == "account-other-name"


def test_two_people_register_and_only_who_may_hold_cash(stage: Scene) -> None:
    body = account_body("owner")
    assert stage.refused("owner", "cash.register-account", body, "a") == "four-eyes"
    body = account_body("vvb1")
    assert stage.refused("vvb1", "cash.register-account", body, "a", "b") == "role-not-allowed"


def test_only_the_settlement_bank_confirms_and_only_both_sides_end(stage: Scene) -> None:
    account = register(stage)
    stage.admit("other-bank", "bank", 50)
    body = {"account": account, "holder": "owner"}
    refused = stage.refused("other-bank", "cash.confirm-account", body, "a", "b")
    assert refused == "not-settlement-bank"
    for party in ("buyer", "other-bank"):
        end = {"account": account}
        assert stage.refused(party, "cash.end-account", end, "a") == "bank-account-unknown"
    stage.do("bank", "cash.end-account", {"account": account}, "bank-1")
    assert state(stage) == AccountState.ENDED


REACH = {
    AccountState.REGISTERED: (),
    AccountState.CONFIRMED: ("confirm",),
    AccountState.ENDED: ("end",),
}


@pytest.mark.parametrize("after", [AccountState.CONFIRMED, AccountState.ENDED])
@pytest.mark.parametrize("before", list(AccountState))
def test_every_pair_of_states(stage: Scene, before: AccountState, after: AccountState) -> None:
    account = register(stage)

    def act(name: str) -> str | None:
        if name == "confirm":
            return confirm(stage, account)
        return answer(stage, "owner", "cash.end-account", {"account": account}, "a")

    for name in REACH[before]:
        assert act(name) is None
    assert state(stage) == before
    refused = act("confirm" if after is AccountState.CONFIRMED else "end")
    assert refused == (None if after in ACCOUNT_MOVES[before] else "account-closed")


def test_who_has_taken_another_name_is_confirmed_again(stage: Scene) -> None:
    account = register(stage)
    assert confirm(stage, account) is None
    change = {"party": "owner", "name": "新名", "document": "d"}
    stage.do("registrar", "party.change", change, "registrar-1", "registrar-2")
    payout = {"account": account, "amount_fen": 1}
    refused = stage.refused("owner", "cash.request-payout", payout, "a", "b")
    assert refused == "account-other-name"
    assert confirm(stage, account, "owner") == "account-other-name"
    assert confirm(stage, account, "新名") is None


@pytest.mark.parametrize(
    ("value", "code"), [("sometimes", "parameter-malformed"), ("needed", None)]
)
def test_the_rule_is_stated_in_a_form_that_is_read(
    stage: Scene, value: str, code: str | None
) -> None:
    words = {"unit": "u", "source": "test", "confidence": "low", "valid_from": "2026-01-01"}
    body = {"code": "cash-account", "value": value, **words}
    assert answer(stage, "regulator", "parameter.set", body, *REGULATOR) == code
