"""Scenes that many tests begin with are told once and copied: no test sees the difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ledger.credits.models import batch_table
from ledger.parties.models import party_table
from tests.factories.audits import audited
from tests.factories.market import Floor
from tests.factories.scene import Scene, once, scene


def names(stage: Scene) -> list[Any]:
    return [row["party"] for row in stage.rows(party_table)]


def issued(stage: Scene) -> dict[str, int]:
    return {row["batch"]: row["issued"] for row in stage.rows(batch_table)}


def test_copies_are_ledgers_of_their_own_whose_parties_can_sign_and_which_prove_themselves(
    tmp_path: Path,
) -> None:
    with scene(tmp_path / "one", None) as one, scene(tmp_path / "other", None) as other:
        assert one.issue(900) == other.issue(900)
        one.admit("new", "enterprise", 9)
        assert "new" in names(one) and "new" not in names(other)
        for stage in (one, other):
            stage.do(
                "owner",
                "credit.move",
                {"batch": "ZJ_FS-R1-2024", "quantity": 1, "to": "trading"},
                "a",
            )
            with stage.ledger.record.reading() as connection:
                assert audited(stage, connection).faults == []


def test_what_is_told_hangs_on_its_arguments_on_what_came_before_and_on_the_clock(
    tmp_path: Path,
) -> None:
    told: list[tuple[str, int]] = []

    @once
    def tell(stage: Scene, party: str, number: int) -> int:
        told.append((party, stage.clock.time))
        stage.admit(party, "enterprise", number)
        return number

    def scenes() -> None:
        with scene(tmp_path / str(len(told)) / "a", None) as stage:
            assert tell(stage, "moon", 8) == 8
            assert tell(stage, "sun", 9) == 9
            assert {"moon", "sun"} <= set(names(stage))
        with scene(tmp_path / str(len(told)) / "b", None) as stage:
            stage.clock.time += 1
            assert tell(stage, "sun", 9) == 9
            assert "moon" not in names(stage)

    scenes()
    begun = 1_767_225_600_000
    assert told == [("moon", begun), ("sun", begun), ("sun", begun + 1)]
    scenes()
    assert len(told) == 3


def test_after_anything_else_it_is_told_and_not_copied(tmp_path: Path) -> None:
    with scene(tmp_path / "home", None) as stage:
        stage.admit("moon", "enterprise", 8)
        stage.issue(700)
        assert "moon" in names(stage)
        assert issued(stage) == {"ZJ_FS-R1-2024": 700}


def test_a_scene_that_nobody_looked_at_is_there_when_it_has_ended(
    tmp_path: Path,
) -> None:
    with scene(tmp_path / "home", None) as stage:
        Floor(stage).prepare()
    assert (tmp_path / "home" / "ledger.sqlite").exists()
    assert (tmp_path / "home" / "keys" / "log.pem").exists()
