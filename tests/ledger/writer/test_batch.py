"""A batch is one act: all of its operations or none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.accounts.models import balance_table
from ledger.writer.tables import statement
from tests.factories.scene import Scene, scene

BATCH = "ZJ_FS-R1-2024"


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """A new ledger on the database under test, open for writing."""
    with scene(home, vacant_database_url) as opened:
        yield opened


def move(quantity: int) -> dict[str, Any]:
    return {
        "type": "credit.move",
        "body": {"batch": BATCH, "quantity": quantity, "to": "trading"},
    }


def trading(stage: Scene) -> int:
    rows = stage.rows(balance_table)
    held = [row["available"] for row in rows if row["account"] == "owner/trading"]
    return sum(held)


def test_a_thousand_operations_are_one_entry(stage: Scene) -> None:
    stage.issue(1_000)
    before = len(stage.rows(statement))
    stage.do("owner", "batch", {"operations": [move(1)] * 1_000}, "a")
    assert trading(stage) == 1_000
    assert len(stage.rows(statement)) == before + 1


def test_one_refused_operation_refuses_all(stage: Scene) -> None:
    stage.issue(900)
    reply = stage.say("owner", "batch", {"operations": [move(500), move(401)]}, "a")
    assert reply.status == "refused"
    assert reply.answer["code"] == "operation-refused"
    assert reply.answer["params"]["operation"] == 1
    assert reply.answer["params"]["reason"] == "balance-short"
    assert trading(stage) == 0


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ({"type": "batch", "body": {"operations": []}}, "operation-not-allowed"),
        ({"type": "project.submit", "body": {}}, "operation-of-another-circle"),
        ({"type": "credit.move", "body": {"batch": BATCH}}, "operation-malformed"),
        ({"type": "cash.deposit", "body": {"salt": "0" * 32}}, "operation-salted"),
        (
            {
                "type": "cash.deposit",
                "body": {"party": "owner", "amount_fen": 1, "reference": "r"},
            },
            "role-not-allowed",
        ),
        (
            {
                "type": "credit.transfer",
                "body": {"batch": BATCH, "quantity": 1, "receiver": "buyer"},
            },
            "four-eyes",
        ),
    ],
)
def test_an_operation_is_held_to_the_rules_of_its_own_type(
    stage: Scene, operation: dict[str, Any], reason: str
) -> None:
    stage.issue(900)
    reply = stage.say("owner", "batch", {"operations": [operation]}, "a")
    assert reply.status == "refused"
    assert reply.answer["params"]["reason"] == reason


def test_operations_of_a_batch_have_ids_of_their_own(stage: Scene) -> None:
    stage.issue(900)
    body = {"batch": BATCH, "quantity": 10, "receiver": "buyer"}
    operations = [{"type": "credit.transfer", "body": body}] * 2
    batch = stage.do("owner", "batch", {"operations": operations}, "a", "b")
    for number in range(2):
        stage.do("buyer", "credit.accept", {"transfer": f"{batch}/{number}"}, "a")


def test_an_operation_that_this_software_does_not_know_is_no_entry(stage: Scene) -> None:
    stage.issue(900)
    before = stage.rows(statement)
    operations = [move(1), {"type": "no.such", "body": {}}]
    reply = stage.say("owner", "batch", {"operations": operations}, "a")
    assert (reply.status, reply.index) == ("unsupported", None)
    assert reply.answer == {"code": "operation-unknown", "params": {"type": "no.such"}}
    assert (stage.rows(statement), trading(stage)) == (before, 0)
