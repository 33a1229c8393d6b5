"""The recall window: accepted units wait, the sender may take them back, then they are final."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.credits.models import block_table, clearing_table, transfer_table
from tests.factories.claims import BATCH, freeze, holding, sound
from tests.factories.market import REGULATOR
from tests.factories.scene import HOUR_MS, Scene, scene

WINDOW_MS = 26 * HOUR_MS


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """900 issued to ``owner``; a recall window of 26 hours."""
    with scene(home, vacant_database_url) as opened:
        opened.issue(900)
        set_window(opened)
        yield opened


def set_window(stage: Scene) -> None:
    body: dict[str, Any] = {
        "code": "transfer-recall-hours",
        "valid_from": "2026-01-01",
        "value": "26",
        "unit": "hours",
        "source": "test",
        "confidence": "low",
    }
    stage.do("regulator", "parameter.set", body, *REGULATOR)


def accepted(stage: Scene, quantity: int = 100) -> str:
    body = {"batch": BATCH, "quantity": quantity, "receiver": "buyer"}
    name = stage.do("owner", "credit.transfer", body, "a", "b")
    stage.do("buyer", "credit.accept", {"transfer": name}, "a")
    return name


def tick(stage: Scene, days: int) -> None:
    stage.clock.time += days * 24 * HOUR_MS
    stage.ledger.writer.tick().result(30)


def state(stage: Scene) -> str:
    (row,) = stage.rows(transfer_table)
    return str(row["state"])


def test_accepted_units_are_nobodys_to_use_until_the_window_is_over(stage: Scene) -> None:
    accepted(stage)
    assert (state(stage), holding(stage, "buyer/registry")) == ("clearing", {})
    assert holding(stage, "owner/registry") == {"available": 800, "in_transfer": 100}
    stage.clock.time += WINDOW_MS - 1
    stage.ledger.writer.tick().result(30)
    assert state(stage) == "clearing"
    stage.clock.time += 1
    stage.ledger.writer.tick().result(30)
    assert (state(stage), holding(stage, "buyer/registry")) == ("accepted", {"available": 100})
    rows = stage.rows(block_table)
    assert [(r["first"], r["last"], r["account"]) for r in rows] == [
        (1, 100, "buyer/registry"),
        (101, 900, "owner/registry"),
    ]
    sound(stage)


def test_the_sender_alone_recalls_and_only_within_the_window(stage: Scene) -> None:
    name = accepted(stage)
    answer = {"transfer": name}
    assert stage.refused("buyer", "credit.recall", answer, "a") == "transfer-unknown"
    assert stage.refused("owner", "credit.withdraw", answer, "a") == "transfer-closed"
    stage.do("owner", "credit.recall", answer, "a")
    assert (state(stage), holding(stage, "owner/registry")) == ("recalled", {"available": 900})
    assert stage.refused("owner", "credit.recall", answer, "a") == "transfer-closed"
    tick(stage, 2)
    assert state(stage) == "recalled"
    late = {"transfer": accepted(stage)}
    stage.clock.time += WINDOW_MS
    assert stage.refused("owner", "credit.recall", late, "a") == "transfer-closed"


def test_a_trusted_receiver_has_its_units_at_once(stage: Scene) -> None:
    stage.do("owner", "trust.add", {"trusted": "buyer"}, "a", "b")
    stage.clock.time += 96 * HOUR_MS
    accepted(stage)
    assert (state(stage), holding(stage, "buyer/registry")) == ("accepted", {"available": 100})


def test_a_freeze_on_the_sender_reaches_what_is_not_final(stage: Scene) -> None:
    accepted(stage, 300)
    freeze(stage, 700)
    assert state(stage) == "stopped"
    assert holding(stage, "owner/registry") == {"available": 200, "frozen": 700}
    (window,) = stage.rows(clearing_table)
    assert window["state"] == "over"
    tick(stage, 2)
    assert holding(stage, "buyer/registry") == {}
    sound(stage)


def test_nobody_but_the_scheduler_makes_a_transfer_final(stage: Scene) -> None:
    answer = {"transfer": accepted(stage)}
    assert stage.refused("buyer", "credit.settle", answer, "a") == "role-not-allowed"
