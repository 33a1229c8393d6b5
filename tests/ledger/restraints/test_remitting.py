"""A duty that an authority ends, wholly or in part: what is free then, and what stays on record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.restraints.models import (
    DUTY,
    DUTY_PART,
    FREEZE,
    REMISSION,
    DutyState,
    duty_part_table,
    duty_table,
    remission_table,
)
from ledger.writer.store import read_entries
from portal.desk.deadlines import board
from portal.home.record import public_view
from tests.factories.audits import columns_missed, faults_after_rebuild, sealed
from tests.factories.claims import BATCH, freeze, holding, pledge, sound
from tests.factories.market import BANK
from tests.factories.scene import HOUR_MS, OFFICERS, Scene, scene

ORDER = {
    "authority": "某省生态环境厅",
    "document": "（2026）函9号",
    "reason": "另一机构重新核查属实",
}


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """Of 900 issued the owner holds 600; the opinion on all was withdrawn."""
    with scene(home, vacant_database_url) as opened:
        opened.issue(900)
        body = {"batch": BATCH, "quantity": 300, "receiver": "buyer"}
        transfer = opened.do("owner", "credit.transfer", body, "a", "b")
        opened.do("buyer", "credit.accept", {"transfer": transfer}, "a")
        opened.do("vvb2", "report.withdraw", {"report": "R1", "reason": "失实"}, "a", "b")
        yield opened
        sound(opened)


def duty(stage: Scene) -> dict[str, Any]:
    (row,) = stage.rows(duty_table)
    return row


def body(stage: Scene, quantity: int) -> dict[str, Any]:
    return {"duty": duty(stage)["duty"], "quantity": quantity, **ORDER}


def remit(stage: Scene, quantity: int) -> None:
    number = len(stage.rows(remission_table))
    order = {"document": f"{ORDER['document']}之{number}"} if number else {}
    stage.do("registrar", "duty.remit", {**body(stage, quantity), **order}, *OFFICERS)


def discharge(stage: Scene, quantity: int) -> None:
    stated = {"duty": duty(stage)["duty"], "batch": BATCH, "quantity": quantity}
    stage.do("owner", "duty.discharge", stated, "a", "b")


def test_what_is_frozen_beyond_what_is_still_missing_is_free(stage: Scene) -> None:
    remit(stage, 200)  # 700 are missing, and no more than 600 are frozen
    assert holding(stage, "owner/registry") == {"frozen": 600}
    remit(stage, 250)
    assert holding(stage, "owner/registry") == {"available": 150, "frozen": 450}
    row = duty(stage)
    assert (row["quantity"], row["remitted"], row["state"]) == (900, 450, DutyState.OPEN)


def test_a_duty_that_is_remitted_whole_is_ended_and_leaves_nothing_frozen(stage: Scene) -> None:
    discharge(stage, 100)
    remit(stage, 800)
    assert duty(stage)["state"] == DutyState.ENDED
    assert holding(stage, "owner/registry") == {"available": 500}
    (row,) = stage.rows(remission_table)
    assert {name: row[name] for name in ORDER} == ORDER
    assert (row["number"], row["quantity"]) == (1, 800)


def test_what_is_left_is_replaced_and_the_duty_still_says_that_some_was_remitted(
    stage: Scene,
) -> None:
    remit(stage, 500)
    discharge(stage, 400)
    assert duty(stage)["state"] == DutyState.ENDED
    assert holding(stage, "owner/registry") == {"available": 200}


def test_another_freeze_takes_what_the_duty_lets_go(stage: Scene) -> None:
    freeze(stage, 120)
    remit(stage, 900)
    assert holding(stage, "owner/registry") == {"available": 480, "frozen": 120}


def test_what_a_freeze_waits_for_goes_first(home: Path, vacant_database_url: str) -> None:
    with scene(home, vacant_database_url) as stage:
        stage.issue(900)
        name = pledge(stage, 500)
        stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "失实"}, "a", "b")
        remit(stage, 500)
        assert holding(stage, "owner/registry") == {"frozen": 400, "pledged": 500}
        stage.do("bank", "pledge.release", {"pledge": name}, *BANK)
        assert holding(stage, "owner/registry") == {"available": 500, "frozen": 400}
        sound(stage)


def test_after_the_deadline_the_shortfall_may_be_remitted(stage: Scene) -> None:
    stage.clock.time += 61 * 24 * HOUR_MS
    stage.ledger.writer.tick().result(30)
    remit(stage, 1)
    assert duty(stage)["state"] == DutyState.SHORT
    with stage.ledger.record.reading() as connection:
        assert [row["kind"] for row in board(connection, "owner", "2026-03-04")] == ["replacement"]
    remit(stage, 899)
    assert duty(stage)["state"] == DutyState.ENDED
    with stage.ledger.record.reading() as connection:
        assert list(board(connection, "owner", "2026-03-04")) == []


def test_what_was_remitted_is_not_asked_for_again(stage: Scene) -> None:
    remit(stage, 900)
    withdrawn = {"project": "P1", "reason": "土地权属失实"}
    stage.do("vvb1", "validation.withdraw", withdrawn, "a", "b")
    stage.ledger.writer.tick().result(30)
    assert len(stage.rows(duty_table)) == 1
    assert holding(stage, "owner/registry") == {"available": 600}
    assert [row["owed"] for row in stage.rows(duty_part_table)] == [900]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"quantity": 901}, "duty-exceeded"), ({"duty": "nothing"}, "duty-unknown")],
)
def test_an_order_that_cannot_be_is_refused(
    stage: Scene, change: dict[str, Any], code: str
) -> None:
    stated = {**body(stage, 1), **change}
    assert stage.refused("registrar", "duty.remit", stated, *OFFICERS) == code


def test_it_takes_two_officers_of_the_registrar_and_a_duty_that_stands(stage: Scene) -> None:
    stated = body(stage, 900)
    assert stage.refused("registrar", "duty.remit", stated, OFFICERS[0]) == "four-eyes"
    assert stage.refused("owner", "duty.remit", stated, "a", "b") == "role-not-allowed"
    assert stage.refused("vvb2", "duty.remit", stated, "a", "b") == "role-not-allowed"
    remit(stage, 900)
    again = {**stated, "quantity": 1}
    assert stage.refused("registrar", "duty.remit", again, *OFFICERS) == "order-stated"
    other = {**again, "document": "another"}
    assert stage.refused("registrar", "duty.remit", other, *OFFICERS) == "duty-over"
    more = {"duty": stated["duty"], "batch": BATCH, "quantity": 1}
    assert stage.refused("owner", "duty.discharge", more, "a", "b") == "duty-over"


@pytest.mark.parametrize("supervisor", [True, False])
def test_the_record_is_rebuilt_and_the_public_reads_why_but_no_holding(
    stage: Scene, supervisor: bool
) -> None:
    remit(stage, 450)
    assert bool(sealed(stage, supervisor=supervisor)) is not supervisor
    assert columns_missed(stage, (FREEZE, DUTY, DUTY_PART, REMISSION)) == []
    assert faults_after_rebuild(stage) == []
    with stage.ledger.record.reading() as connection:
        last = list(read_entries(connection, 0, 1 << 20))[-1]
    shown = str(public_view(last))
    assert ORDER["document"] in shown and "freeze" not in shown and "balance" not in shown
