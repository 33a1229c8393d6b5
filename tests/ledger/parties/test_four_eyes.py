"""How many people sign, by type, amount and day."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.parties.four_eyes import PREFIX
from ledger.statements.fields import Identifier
from tests.factories.scene import HOUR_MS, Scene

REGULATORS = ("regulator-1", "regulator-2")
BATCH = "ZJ_FS-R1-2024"
# The stage's clock stands at 2026-01-01T00:00:00Z, which is 08:00 in Shanghai.
TODAY, TOMORROW = "2026-01-01", "2026-01-02"
TO_MIDNIGHT_MS = 16 * HOUR_MS


def threshold(type: str, value: str, valid_from: str = TODAY) -> dict[str, str]:
    return {
        "code": f"{PREFIX}{type}",
        "valid_from": valid_from,
        "value": value,
        "unit": "credits from which two people sign",
        "source": "test",
        "confidence": "low",
    }


def rule(stage: Scene, type: str, value: str, valid_from: str = TODAY) -> None:
    stage.do("regulator", "parameter.set", threshold(type, value, valid_from), *REGULATORS)


def transfer(quantity: int) -> dict[str, Any]:
    return {"batch": BATCH, "quantity": quantity, "receiver": "buyer"}


def test_as_seeded_one_person_neither_transfers_nor_moves_cash_out(stage: Scene) -> None:
    stage.issue(900)
    assert stage.refused("owner", "credit.transfer", transfer(1), "a") == "four-eyes"
    cash = {"party": "owner", "amount_fen": 1, "reference": "r"}
    assert stage.refused("bank", "cash.deposit", cash, "bank-1") == "four-eyes"
    stage.do("owner", "credit.move", {"batch": BATCH, "quantity": 1, "to": "trading"}, "a")


@pytest.mark.parametrize(
    ("quantity", "alone"), [(99, "accepted"), (100, "refused"), (101, "refused")]
)
def test_two_people_sign_from_the_threshold_on(stage: Scene, quantity: int, alone: str) -> None:
    stage.issue(900)
    rule(stage, "credit.transfer", "100")
    reply = stage.say("owner", "credit.transfer", transfer(quantity), "a")
    assert reply.status == alone
    if alone == "refused":
        expected = {"persons": 1, "needed": 2, "threshold": 100}
        assert (reply.answer["code"], reply.answer["params"]) == ("four-eyes", expected)
    stage.do("owner", "credit.transfer", transfer(quantity), "a", "b")


def test_a_threshold_holds_from_its_own_day_on_and_not_before(stage: Scene) -> None:
    stage.issue(900)
    rule(stage, "credit.transfer", "100", TOMORROW)
    stage.clock.time += TO_MIDNIGHT_MS - 1
    assert stage.refused("owner", "credit.transfer", transfer(1), "a") == "four-eyes"
    stage.clock.time += 1
    stage.do("owner", "credit.transfer", transfer(1), "a")


def test_a_type_for_one_person_may_be_made_one_for_two(stage: Scene) -> None:
    stage.issue(900)
    rule(stage, "credit.move", "500", TOMORROW)
    body = {"batch": BATCH, "quantity": 500, "to": "trading"}
    stage.do("owner", "credit.move", body, "a")
    stage.do("owner", "credit.move", {**body, "to": "registry"}, "a")
    stage.clock.time += TO_MIDNIGHT_MS
    assert stage.refused("owner", "credit.move", body, "a") == "four-eyes"
    stage.do("owner", "credit.move", {**body, "quantity": 499}, "a")


def test_never_lets_one_person_sign_any_amount(stage: Scene) -> None:
    stage.issue(900)
    rule(stage, "credit.transfer", "never")
    stage.do("owner", "credit.transfer", transfer(900), "a")


def test_a_type_without_an_amount_knows_always_and_never_alone(stage: Scene) -> None:
    stage.issue(900)
    proposal = stage.do("owner", "credit.transfer", transfer(1), "a", "b")
    rule(stage, "credit.withdraw", "1000000")
    body = {"transfer": proposal}
    assert stage.refused("owner", "credit.withdraw", body, "a") == "four-eyes"
    rule(stage, "credit.withdraw", "never", TOMORROW)
    stage.clock.time += TO_MIDNIGHT_MS
    stage.do("owner", "credit.withdraw", body, "a")


def test_a_sum_split_within_one_batch_counts_as_one_sum(stage: Scene) -> None:
    stage.issue(900)
    rule(stage, "credit.transfer", "100")
    halves = {"operations": [{"type": "credit.transfer", "body": transfer(50)}] * 2}
    reply = stage.say("owner", "batch", halves, "a")
    assert reply.status == "refused"
    assert reply.answer["params"]["reason"] == "four-eyes"
    below = {"operations": [{"type": "credit.transfer", "body": transfer(n)} for n in (50, 49)]}
    stage.do("owner", "batch", below, "a")
    stage.do("owner", "batch", halves, "a", "b")


def test_one_person_with_two_keys_is_one_person_below_the_threshold_too(stage: Scene) -> None:
    stage.issue(900)
    rule(stage, "credit.transfer", "100")
    second = stage.entry("owner", "c", "owner.a")
    stage.do("owner", "key.register", {"key": second}, "a", "b")
    assert stage.refused("owner", "credit.transfer", transfer(1), "a", "c") == "one-person-twice"


@pytest.mark.parametrize(
    ("type", "value", "code"),
    [
        ("credit.transfer", "ten", "parameter-malformed"),
        ("credit.transfer", "-1", "parameter-malformed"),
        ("credit.transfer", "1.5", "parameter-malformed"),
        ("credit.transfer", "1" * 16, "parameter-malformed"),
        ("parameter.set", "never", "four-eyes-fixed"),
        ("key.register", "never", "four-eyes-fixed"),
        ("engine.activate", "never", "four-eyes-fixed"),
        ("authority.admit", "never", "four-eyes-fixed"),
    ],
)
def test_a_threshold_that_means_nothing_or_lifts_the_last_lock_is_refused(
    stage: Scene, type: str, value: str, code: str
) -> None:
    body = threshold(type, value)
    assert stage.refused("regulator", "parameter.set", body, *REGULATORS) == code


def test_a_threshold_for_a_type_that_this_software_does_not_know_is_no_entry(
    stage: Scene,
) -> None:
    reply = stage.say("regulator", "parameter.set", threshold("no.such", "0"), *REGULATORS)
    assert (reply.status, reply.index) == ("unsupported", None)
    assert reply.answer["code"] == "four-eyes-type-unknown"


def test_every_type_has_a_code_that_a_parameter_may_bear(stage: Scene) -> None:
    rule_of = Identifier()
    names = {name for name, _ in stage.ledger.engine.types}
    assert [name for name in names if rule_of.rule(f"{PREFIX}{name}")] == []
