"""Transfers without trade, reversals and forced cancellation: available units, once, by order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.credits.models import batch_table, fate_table, transfer_table
from ledger.restraints.models import reassignment_table
from ledger.writer.versions import CANCELLED_ANYWHERE, CORRECTIONS_FIT
from tests.factories.claims import BATCH, COURT, claimed, freeze, holding, sound
from tests.factories.scene import OFFICERS, Scene, scene

TRANSFERRED = {"batch": BATCH, "quantity": 50, "receiver": "buyer"}


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """The owner holds 600 units on its registry account and 300 on its trading account."""
    with scene(home, vacant_database_url) as opened:
        opened.issue(900)
        opened.do("owner", "credit.move", {"batch": BATCH, "quantity": 300, "to": "trading"}, "a")
        yield opened
        sound(opened)


def reassignment(quantity: int, **more: Any) -> dict[str, Any]:
    named = {"party": "owner", "receiver": "buyer", "batch": BATCH, "ground": "merger"}
    return {**named, "quantity": quantity, **COURT, **more}


def refused(stage: Scene, type: str, body: dict[str, Any]) -> str:
    return stage.refused("registrar", type, body, *OFFICERS)


def test_a_merger_takes_the_units_of_both_accounts_with_their_serials(stage: Scene) -> None:
    stage.do("registrar", "credit.reassign", reassignment(900), *OFFICERS)
    assert holding(stage, "buyer/registry") == {"available": 900}
    assert holding(stage, "owner/registry") == holding(stage, "owner/trading") == {}


def test_a_claim_of_others_is_not_passed_by(stage: Scene) -> None:
    freeze(stage, 200)
    assert refused(stage, "credit.reassign", reassignment(701)) == "balance-short"
    stage.do("registrar", "credit.reassign", reassignment(700), *OFFICERS)


def test_a_correction_reverses_an_earlier_entry_once(stage: Scene) -> None:
    stage.do("registrar", "credit.reassign", reassignment(50), *OFFICERS)
    (wrong,) = stage.rows(reassignment_table)
    back = {"party": "buyer", "receiver": "owner", "ground": "correction"}
    body = reassignment(50, **back, corrects=wrong["index"])
    stage.do("registrar", "credit.reassign", body, *OFFICERS)
    assert holding(stage, "owner/registry") == {"available": 600}
    assert refused(stage, "credit.reassign", body) == "corrected-already"


BACK = {"party": "buyer", "receiver": "owner", "ground": "correction"}


def test_a_transfer_is_corrected_by_the_entry_that_proposed_it(stage: Scene) -> None:
    """The way back of what it moved, in part or whole; nothing else, and no accepted trade."""
    stage.admit("third", "enterprise", 9)
    stage.do("registrar", "credit.reassign", reassignment(30), *OFFICERS)
    name = stage.do("owner", "credit.transfer", dict(TRANSFERRED), "a", "b")
    stage.do("buyer", "credit.accept", {"transfer": name}, "a")
    (row,) = stage.rows(transfer_table)
    wrong = row["index"]

    def code(quantity: int = 50, **more: Any) -> str:
        back = reassignment(quantity, **{**BACK, "corrects": wrong, **more})
        return refused(stage, "credit.reassign", back)

    assert code(party="owner", receiver="buyer") == "correction-of-nothing"  # the same way again
    assert code(receiver="third") == "correction-of-nothing"
    assert code(corrects=0) == code(corrects=3) == "correction-of-nothing"
    assert code(corrects=wrong + 1) == "correction-of-nothing"  # the acceptance
    assert code(51) == "correction-too-large"
    body = reassignment(20, **BACK, corrects=wrong)
    stage.do("registrar", "credit.reassign", body, *OFFICERS)
    assert code(30) == "corrected-already"


def test_a_refused_or_declined_transfer_moved_nothing(stage: Scene) -> None:
    name = stage.do("owner", "credit.transfer", dict(TRANSFERRED), "a", "b")
    stage.do("buyer", "credit.decline", {"transfer": name}, "a")
    (row,) = stage.rows(transfer_table)
    body = reassignment(10, **BACK, corrects=row["index"])
    assert refused(stage, "credit.reassign", body) == "correction-of-nothing"


def test_before_corrections_had_to_fit_any_earlier_entry_could_be_named(home: Path) -> None:
    with scene(home, None, CORRECTIONS_FIT - 1) as stage:
        stage.issue(900)
        body = reassignment(10, ground="correction", corrects=3)
        stage.do("registrar", "credit.reassign", body, *OFFICERS)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"receiver": "owner"}, "transfer-to-self"),
        ({"receiver": "vvb1"}, "account-missing"),
        ({"party": "nobody"}, "party-unknown"),
        ({"ground": "correction"}, "correction-names-entry"),
        ({"corrects": 3}, "correction-names-entry"),
        ({"ground": "correction", "corrects": 1 << 40}, "entry-unknown"),
        ({"batch": "ZJ_FS-R9-2024"}, "batch-unknown"),
        ({"quantity": 901}, "balance-short"),
    ],
)
def test_what_cannot_be_reassigned_is_refused(
    stage: Scene, change: dict[str, Any], code: str
) -> None:
    assert refused(stage, "credit.reassign", {**reassignment(10), **change}) == code


@pytest.mark.parametrize("version", [CANCELLED_ANYWHERE, CANCELLED_ANYWHERE - 1])
def test_forced_cancellation_is_not_dodged_by_moving_the_units(home: Path, version: int) -> None:
    with scene(home, None, version) as stage:
        stage.issue(900)
        moved = {"batch": BATCH, "quantity": 300, "to": "trading"}
        stage.do("owner", "credit.move", moved, "a")
        body = {"party": "owner", "batch": BATCH, **COURT}
        over = {**body, "quantity": 901}
        assert refused(stage, "credit.cancel", over) == "balance-short"
        if version < CANCELLED_ANYWHERE:
            assert refused(stage, "credit.cancel", {**body, "quantity": 601}) == "balance-short"
            return
        stage.do("registrar", "credit.cancel", {**body, "quantity": 700}, *OFFICERS)
        assert holding(stage, "owner/registry") == {}
        assert holding(stage, "owner/trading") == {"available": 200}
        spans = [(row["first"], row["last"]) for row in stage.rows(fate_table)]
        assert sum(last - first + 1 for first, last in spans) == 700
        sound(stage)


def test_forced_cancellation_ends_available_units_and_those_of_a_freeze(stage: Scene) -> None:
    body = {"party": "owner", "batch": BATCH, **COURT}
    stage.do("registrar", "credit.cancel", {**body, "quantity": 100}, *OFFICERS)
    name = freeze(stage, 600)
    body["document"] = "（2026）执2号"
    stage.do("registrar", "credit.cancel", {**body, "quantity": 250, "freeze": name}, *OFFICERS)
    body["document"] = "（2026）执3号"
    assert claimed(stage, name) == (350, 0)
    (batch,) = stage.rows(batch_table)
    assert (batch["cancelled"], batch["retired"]) == (350, 0)
    assert {row["fate"] for row in stage.rows(fate_table)} == {"cancelled"}
    over = {**body, "quantity": 351, "freeze": name}
    assert refused(stage, "credit.cancel", over) == "freeze-short"
    other = {**body, "party": "buyer", "quantity": 1, "freeze": name}
    assert refused(stage, "credit.cancel", other) == "freeze-unknown"
    assert refused(stage, "credit.cancel", {**body, "quantity": 201}) == "balance-short"
