"""The trusted-account list: two sign an addition, which waits; a removal holds at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.accounts.trust.models import trust_table
from ledger.credits import clearing
from ledger.credits.models import transfer_table
from tests.factories.claims import BATCH
from tests.factories.market import REGULATOR
from tests.factories.scene import HOUR_MS, Scene, scene

BUYER = {"trusted": "buyer"}
DELAY_MS = 96 * HOUR_MS  # the seed of trusted-delay-hours


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    with scene(home, vacant_database_url) as opened:
        yield opened


def need_trust(stage: Scene, least: str) -> None:
    body: dict[str, Any] = {
        "code": "transfer-trusted-from",
        "valid_from": "2026-01-01",
        "value": least,
        "unit": "credits",
        "source": "test",
        "confidence": "low",
    }
    stage.do("regulator", "parameter.set", body, *REGULATOR)


def transfer(quantity: int) -> dict[str, Any]:
    return {"batch": BATCH, "quantity": quantity, "receiver": "buyer"}


@pytest.fixture
def locked(stage: Scene) -> Scene:
    """From 100 credits on, receivers must be trusted."""
    stage.issue(900)
    need_trust(stage, "100")
    return stage


def test_from_the_threshold_on_a_receiver_must_be_trusted(locked: Scene) -> None:
    locked.do("owner", "credit.transfer", transfer(99), "a", "b")
    code = locked.refused("owner", "credit.transfer", transfer(100), "a", "b")
    assert code == "receiver-not-trusted"


def test_an_addition_holds_when_its_delay_is_over_and_not_before(locked: Scene) -> None:
    locked.do("owner", "trust.add", BUYER, "a", "b")
    locked.clock.time += DELAY_MS - 1
    code = locked.refused("owner", "credit.transfer", transfer(100), "a", "b")
    assert code == "receiver-not-trusted"
    locked.clock.time += 1
    locked.do("owner", "credit.transfer", transfer(100), "a", "b")


def test_a_removal_holds_at_once_and_whoever_is_named_again_waits_again(locked: Scene) -> None:
    locked.do("owner", "trust.add", BUYER, "a", "b")
    locked.clock.time += DELAY_MS
    locked.do("owner", "trust.remove", BUYER, "a")
    code = locked.refused("owner", "credit.transfer", transfer(100), "a", "b")
    assert code == "receiver-not-trusted"
    locked.do("owner", "trust.add", BUYER, "a", "b")
    code = locked.refused("owner", "credit.transfer", transfer(100), "a", "b")
    assert code == "receiver-not-trusted"


def test_trust_is_each_partys_own_and_goes_one_way(locked: Scene) -> None:
    locked.do("owner", "trust.add", BUYER, "a", "b")
    (row,) = locked.rows(trust_table)
    assert (row["party"], row["trusted"]) == ("owner", "buyer")
    assert locked.refused("buyer", "trust.remove", {"trusted": "owner"}, "a") == "trust-unknown"


@pytest.mark.parametrize(
    ("trusted", "code"),
    [
        ("owner", "trust-oneself"),
        ("nobody", "party-unknown"),
        ("vvb1", "receiver-cannot-hold"),
        ("buyer", "trusted-already"),
    ],
)
def test_an_entry_that_means_nothing_is_refused(locked: Scene, trusted: str, code: str) -> None:
    locked.do("owner", "trust.add", BUYER, "a", "b")
    assert locked.refused("owner", "trust.add", {"trusted": trusted}, "a", "b") == code


def test_one_person_alone_adds_nobody(locked: Scene) -> None:
    assert locked.refused("owner", "trust.add", BUYER, "a") == "four-eyes"


def test_a_ledger_that_never_stated_the_locks_goes_on_as_it_was(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "TRUSTED_FROM", "never-stated-1")
    monkeypatch.setattr(clearing, "RECALL_HOURS", "never-stated-2")
    stage.issue(900)
    name = stage.do("owner", "credit.transfer", transfer(900), "a", "b")
    stage.do("buyer", "credit.accept", {"transfer": name}, "a")
    assert [row["state"] for row in stage.rows(transfer_table)] == ["accepted"]
