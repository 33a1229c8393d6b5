"""Bank accounts, deposits and payouts for tests, by the rules that hold for everybody."""

from __future__ import annotations

import itertools
from typing import Any

from ledger.accounts.cash.accounts import number_digest
from ledger.accounts.cash.models import AccountState, bank_account_table
from tests.factories.scene import Scene

OFFICERS = ("bank-1", "bank-2")
OPERATORS = ("exchange-1", "exchange-2")
_NUMBERS = itertools.count(1)
SALT = "5a" * 16


def account_body(party: str, **more: Any) -> dict[str, Any]:
    """The body of cash.register-account; a party of a scene is named as its id is."""
    number = f"330100{next(_NUMBERS):010d}"
    return {
        "holder": {"exchange": "交易机构"}.get(party, party),
        "bank_name": "某银行杭州分行",
        "tail": number[-4:],
        "number_sha256": number_digest(number, SALT),
        "number_salt": SALT,
        **more,
    }


def signers(party: str) -> tuple[str, ...]:
    return OPERATORS if party == "exchange" else ("a", "b")


def bank_account(stage: Scene, party: str) -> str:
    """A confirmed account of the party; the one that it has, or a new one."""
    for row in stage.rows(bank_account_table):
        if (row["party"], row["state"]) == (party, AccountState.CONFIRMED):
            return str(row["account"])
    body = account_body(party)
    account = stage.do(party, "cash.register-account", body, *signers(party))
    confirmed = {"account": account, "holder": body["holder"]}
    stage.do("bank", "cash.confirm-account", confirmed, *OFFICERS)
    return account


def deposit_body(stage: Scene, party: str, amount_fen: int, **more: Any) -> dict[str, Any]:
    """The body of cash.deposit from the party's own account, with a reference of its own."""
    return {
        "party": party,
        "amount_fen": amount_fen,
        "reference": f"in-{next(_NUMBERS)}",
        "account": bank_account(stage, party),
        "payer": party,
        **more,
    }


def deposit(stage: Scene, party: str, amount_fen: int, **more: Any) -> str:
    """Cash that must be credited; gives the statement's id."""
    body = deposit_body(stage, party, amount_fen, **more)
    return stage.do("bank", "cash.deposit", body, *OFFICERS)


def request_payout(stage: Scene, party: str, amount_fen: int) -> str:
    """A payout that must be accepted; gives its name."""
    body = {"account": bank_account(stage, party), "amount_fen": amount_fen}
    return stage.do(party, "cash.request-payout", body, *signers(party))


def pay(stage: Scene, payout: str, **more: Any) -> str:
    """The bank has paid; gives the reference."""
    reference = f"out-{next(_NUMBERS)}"
    body = {"payout": payout, "reference": reference, **more}
    stage.do("bank", "cash.payout-paid", body, *OFFICERS)
    return reference
