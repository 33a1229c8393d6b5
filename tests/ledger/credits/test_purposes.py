"""Purposes of retirement are dated data by class, and none opens the national market."""

from __future__ import annotations

import pytest

from ledger.credits.models import retirement_table
from ledger.credits.purposes import NATIONAL, PREFIX
from ledger.credits.schemas import PURPOSES
from ledger.projects.schemas import CLASSES
from tests.factories.market import REGULATOR
from tests.factories.scene import Scene

BATCH = "ZJ_FS-R1-2024"


def claim(purpose: str) -> dict[str, object]:
    return {"batch": BATCH, "quantity": 1, "purpose": purpose, "beneficiary": "某企业"}


def stated(code: str, value: str, day: str = "2026-01-01") -> dict[str, str]:
    return {
        "code": code,
        "valid_from": day,
        "value": value,
        "unit": "purposes",
        "source": "test",
        "confidence": "low",
    }


def test_every_purpose_but_the_national_market_is_open_to_every_class(stage: Scene) -> None:
    stage.issue(900)
    for purpose in PURPOSES:
        if purpose == NATIONAL:
            code = stage.refused("owner", "credit.retire", claim(purpose), "a", "b")
            assert code == "class-not-for-national-market"
        else:
            stage.do("owner", "credit.retire", claim(purpose), "a", "b")
    assert len(stage.rows(retirement_table)) == len(PURPOSES) - 1


def test_a_class_may_be_narrowed_from_a_day_on(stage: Scene) -> None:
    stage.issue(900)
    body = stated(PREFIX + "ZJ_FS", "public-good event-neutrality")
    stage.do("regulator", "parameter.set", body, *REGULATOR)
    reply = stage.say("owner", "credit.retire", claim("corporate-offset"), "a", "b")
    assert reply.answer["code"] == "purpose-not-for-class"
    assert reply.answer["params"]["allowed"] == ["public-good", "event-neutrality"]
    stage.do("owner", "credit.retire", claim("public-good"), "a", "b")


def test_a_list_of_a_later_day_does_not_hold_yet(stage: Scene) -> None:
    stage.issue(900)
    body = stated(PREFIX + "ZJ_FS", "public-good", "2026-01-02")
    stage.do("regulator", "parameter.set", body, *REGULATOR)
    stage.do("owner", "credit.retire", claim("corporate-offset"), "a", "b")


@pytest.mark.parametrize("credit_class", CLASSES)
def test_no_provincial_class_is_ever_given_to_the_national_market(
    stage: Scene, credit_class: str
) -> None:
    body = stated(PREFIX + credit_class, f"public-good {NATIONAL}")
    code = stage.refused("regulator", "parameter.set", body, *REGULATOR)
    assert code == "class-not-for-national-market"


@pytest.mark.parametrize("value", ["x", "public-good public-good", "public-good,corporate-offset"])
def test_a_list_that_means_nothing_is_refused(stage: Scene, value: str) -> None:
    body = stated(PREFIX + "ZJ_FS", value)
    assert stage.refused("regulator", "parameter.set", body, *REGULATOR) == "parameter-malformed"
