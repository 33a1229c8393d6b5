"""The rules of issuance, moves, transfers and retirement."""

from __future__ import annotations

import pytest

from ledger.accounts.models import balance_table
from ledger.credits.models import batch_table, block_table, fate_table, retirement_table
from ledger.credits.queries import identity, trace
from tests.factories.scene import OFFICERS, Scene

BATCH = "ZJ_FS-R1-2024"


def blocks(stage: Scene) -> list[tuple[int, int, str]]:
    return [(row["first"], row["last"], row["account"]) for row in stage.rows(block_table)]


def retirement(quantity: int, purpose: str = "corporate-offset") -> dict[str, object]:
    return {"batch": BATCH, "quantity": quantity, "purpose": purpose, "beneficiary": "某企业"}


def test_issued_credits_are_one_block_per_vintage_from_serial_one(stage: Scene) -> None:
    assert stage.issue(900) == BATCH
    assert blocks(stage) == [(1, 900, "owner/registry")]
    assert stage.rows(batch_table)[0]["issued"] == 900


def test_a_report_is_issued_once(stage: Scene) -> None:
    stage.issue(900)
    body = {"report": "R1", "quantity": 900}
    assert stage.refused("registrar", "credit.issue", body, *OFFICERS) == "report-state"


def test_a_transfer_needs_the_receivers_acceptance(stage: Scene) -> None:
    stage.issue(900)
    body = {"batch": BATCH, "quantity": 100, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", body, "a", "b")
    assert blocks(stage) == [(1, 900, "owner/registry")]
    with stage.ledger.record.reading() as connection:
        figures = identity(connection, BATCH)
    assert figures["registry_in_transfer"] == 100
    assert figures["difference"] == 0
    stage.do("buyer", "credit.accept", {"transfer": transfer}, "a")
    assert blocks(stage) == [(1, 100, "buyer/registry"), (101, 900, "owner/registry")]


def test_a_transfer_is_answered_once(stage: Scene) -> None:
    stage.issue(900)
    body = {"batch": BATCH, "quantity": 100, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", body, "a", "b")
    stage.do("buyer", "credit.decline", {"transfer": transfer}, "a")
    answer = {"transfer": transfer}
    assert stage.refused("buyer", "credit.accept", answer, "a") == "transfer-closed"
    assert blocks(stage) == [(1, 900, "owner/registry")]


def test_only_the_two_sides_of_a_transfer_know_it(stage: Scene) -> None:
    stage.issue(900)
    body = {"batch": BATCH, "quantity": 100, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", body, "a", "b")
    stage.admit("third", "enterprise", 7)
    answer = {"transfer": transfer}
    assert stage.refused("third", "credit.accept", answer, "a") == "transfer-unknown"
    assert stage.refused("buyer", "credit.withdraw", answer, "a") == "transfer-unknown"


@pytest.mark.parametrize("quantity", [901, 9_007_199_254_740_991])
def test_more_than_is_held_is_refused_and_nothing_moves(stage: Scene, quantity: int) -> None:
    stage.issue(900)
    before = stage.rows(balance_table)
    body = {"batch": BATCH, "quantity": quantity, "receiver": "buyer"}
    assert stage.refused("owner", "credit.transfer", body, "a", "b") == "balance-short"
    assert (
        stage.refused("owner", "credit.retire", retirement(quantity), "a", "b") == "balance-short"
    )
    assert stage.rows(balance_table) == before


def test_transfer_to_oneself_and_to_a_verifier_is_refused(stage: Scene) -> None:
    stage.issue(900)
    body = {"batch": BATCH, "quantity": 1, "receiver": "owner"}
    assert stage.refused("owner", "credit.transfer", body, "a", "b") == "transfer-to-self"
    body["receiver"] = "vvb1"
    assert stage.refused("owner", "credit.transfer", body, "a", "b") == "receiver-cannot-hold"


def test_retired_serials_are_named_and_never_held_again(stage: Scene) -> None:
    stage.issue(900)
    stage.do("owner", "credit.retire", retirement(50), "a", "b")
    stage.do("owner", "credit.retire", retirement(25), "a", "b")
    assert [(row["first"], row["last"]) for row in stage.rows(fate_table)] == [(1, 50), (51, 75)]
    assert blocks(stage) == [(76, 900, "owner/registry")]
    assert sorted(row["quantity"] for row in stage.rows(retirement_table)) == [25, 50]
    with stage.ledger.record.reading() as connection:
        figures = identity(connection, BATCH)
    assert (figures["retired"], figures["registry_available"], figures["difference"]) == (
        75,
        825,
        0,
    )


def test_a_provincial_unit_is_not_retired_for_the_national_market(stage: Scene) -> None:
    stage.issue(900)
    body = retirement(1, "offset-national")
    code = stage.refused("owner", "credit.retire", body, "a", "b")
    assert code == "class-not-for-national-market"


def test_retirement_needs_two_distinct_people(stage: Scene) -> None:
    stage.issue(900)
    assert stage.refused("owner", "credit.retire", retirement(1), "a") == "four-eyes"
    second = stage.entry("owner", "c", "owner.a")
    stage.do("owner", "key.register", {"key": second}, "a", "b")
    assert stage.refused("owner", "credit.retire", retirement(1), "a", "c") == "one-person-twice"


def test_units_on_the_trading_account_cannot_be_retired(stage: Scene) -> None:
    stage.issue(900)
    stage.do("owner", "credit.move", {"batch": BATCH, "quantity": 900, "to": "trading"}, "a")
    assert stage.refused("owner", "credit.retire", retirement(1), "a", "b") == "balance-short"
    stage.do("owner", "credit.move", {"batch": BATCH, "quantity": 900, "to": "registry"}, "a")
    stage.do("owner", "credit.retire", retirement(1), "a", "b")


def test_the_public_trace_shows_origin_and_retirement_but_no_living_holder(stage: Scene) -> None:
    stage.issue(900)
    stage.do("owner", "credit.retire", retirement(10), "a", "b")
    with stage.ledger.record.reading() as connection:
        ended = trace(connection, f"{BATCH}-10")
        held = trace(connection, f"{BATCH}-11")
        assert trace(connection, f"{BATCH}-901") is None
    assert ended is not None and held is not None
    assert ended.state == "retired"
    assert ended.retirement is not None
    assert ended.retirement["purpose"] == "corporate-offset"
    assert (held.state, held.retirement) == ("held", None)
    assert held.project["project"] == "P1"


@pytest.mark.parametrize("value", ["ten", "-1", "1.5", "010"])
def test_a_parameter_that_is_no_whole_number_refuses_and_breaks_nothing(
    stage: Scene, value: str
) -> None:
    stage.issue(900)
    stated = {
        "code": "transfer-open-days",
        "valid_from": "2026-01-01",
        "value": value,
        "unit": "calendar days",
        "source": "test",
        "confidence": "low",
    }
    stage.do("regulator", "parameter.set", stated, "regulator-1", "regulator-2")
    body = {"batch": BATCH, "quantity": 1, "receiver": "buyer"}
    assert stage.refused("owner", "credit.transfer", body, "a", "b") == "parameter-malformed"
