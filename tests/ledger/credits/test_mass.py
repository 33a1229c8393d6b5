"""A credit stands for what its class said on the day of its issuance."""

from __future__ import annotations

import pytest

from ledger.credits.mass import CODE, Mass, mass_of, tonnes
from ledger.credits.models import BATCH
from ledger.writer.store import Rows
from tests.factories.market import REGULATOR
from tests.factories.scene import HOUR_MS, Scene


def state(stage: Scene, code: str, value: str, day: str) -> None:
    words = {"unit": "kg CO2e", "source": "test", "confidence": "medium"}
    body = {"code": code, "value": value, "valid_from": day, **words}
    stage.do("regulator", "parameter.set", body, *REGULATOR)


def of_batch(stage: Scene, name: str) -> Mass:
    with stage.ledger.record.reading() as connection:
        row = Rows(connection).row(BATCH, (name,))
        assert row is not None
        found = mass_of(connection, row)
    assert found is not None
    return found


def test_a_credit_is_a_tonne_unless_its_class_says_otherwise(stage: Scene) -> None:
    assert of_batch(stage, stage.issue(900)).kg(5) == 5_000


def test_the_class_goes_before_the_rule_for_all(stage: Scene) -> None:
    state(stage, f"{CODE}.ZJ_AC", "7", "2024-01-01")
    state(stage, f"{CODE}.ZJ_FS", "100", "2024-01-01")
    found = of_batch(stage, stage.issue(900))
    assert (found.kg(3), found.parameter["verified"]) == (300, False)


def test_a_later_rule_does_not_change_what_is_issued(stage: Scene) -> None:
    batch = stage.issue(900)
    state(stage, f"{CODE}.ZJ_FS", "100", "2026-01-02")
    stage.clock.time += 48 * HOUR_MS
    assert of_batch(stage, batch).kg_per_credit == 1_000


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "", "1000 kg", "01"])
def test_a_mass_that_is_no_whole_number_is_refused(stage: Scene, value: str) -> None:
    body = {"code": CODE, "value": value or "x", "valid_from": "2026-01-01"}
    words = {"unit": "kg", "source": "test", "confidence": "low"}
    code = stage.refused("regulator", "parameter.set", {**body, **words}, *REGULATOR)
    assert code == "parameter-malformed"


@pytest.mark.parametrize(
    ("mass_kg", "text"),
    [(0, "0"), (1, "0.001"), (100, "0.1"), (1_000, "1"), (1_250, "1.25"), (12_345_000, "12,345")],
)
def test_tonnes_are_exact_and_bear_no_idle_zeros(mass_kg: int, text: str) -> None:
    assert tonnes(mass_kg) == text
