"""An id is its author's alone: nobody's row is lost to another's statement of the same id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.accounts.cash.models import bank_account_table
from ledger.credits.models import retirement_table, transfer_table
from tests.factories.cash import account_body
from tests.factories.scene import Scene, scene

BATCH = "ZJ_FS-R1-2024"


@pytest.fixture
def stage(home: Path) -> Iterator[Scene]:
    """A ledger on which owner and buyer hold units of one batch."""
    with scene(home, None) as opened:
        opened.issue(900)
        body = {"batch": BATCH, "quantity": 300, "receiver": "buyer"}
        sent = opened.do("owner", "credit.transfer", body, "a", "b")
        opened.do("buyer", "credit.accept", {"transfer": sent}, "a", "b")
        yield opened


def account(party: str) -> dict[str, Any]:
    return account_body(party)


def transfer(party: str) -> dict[str, Any]:
    other = {"owner": "buyer", "buyer": "owner"}[party]
    return {"batch": BATCH, "quantity": 5, "receiver": other}


def retire(_party: str) -> dict[str, Any]:
    return {"batch": BATCH, "quantity": 5, "purpose": "public-good", "beneficiary": "公众"}


@pytest.mark.parametrize(
    ("type", "body", "table"),
    [
        ("cash.register-account", account, bank_account_table),
        ("credit.transfer", transfer, transfer_table),
        ("credit.retire", retire, retirement_table),
    ],
)
def test_what_another_called_by_an_id_is_not_overwritten(
    stage: Scene, type: str, body: Callable[[str], dict[str, Any]], table: Any
) -> None:
    id = stage.do("owner", type, body("owner"), "a", "b")
    before = stage.rows(table)
    reply = stage.say("buyer", type, body("buyer"), "a", "b", id=id)
    assert (reply.status, reply.answer.get("code")) == ("refused", "id-taken")
    assert stage.rows(table) == before


def test_a_receipt_of_one_bank_keeps_its_name(stage: Scene) -> None:
    """The same id under another type names another sort of thing, and is free."""
    id = stage.do("owner", "credit.transfer", transfer("owner"), "a", "b")
    reply = stage.say("buyer", "cash.register-account", account("buyer"), "a", "b", id=id)
    assert reply.status == "accepted"
