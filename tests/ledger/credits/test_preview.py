"""A preview is the decision itself, of which nothing is kept."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from ledger.credits.models import retirement_table
from ledger.credits.preview import Preview, preview
from ledger.statements.errors import Malformed
from ledger.writer.tables import metadata
from tests.factories.scene import ORIGIN, Scene

BATCH = "ZJ_FS-R1-2024"


def claim(quantity: int = 50, purpose: str = "public-good", **more: Any) -> dict[str, Any]:
    return {
        "batch": BATCH,
        "quantity": quantity,
        "purpose": purpose,
        "beneficiary": "某企业",
        **more,
    }


def shown(stage: Scene, body: dict[str, Any], party: str = "owner") -> Preview:
    with stage.ledger.record.reading() as connection:
        engine, now = stage.ledger.engine, stage.clock.now()
        return preview(engine, connection, ORIGIN, party, body, now)


def everything(stage: Scene) -> dict[str, list[Any]]:
    with stage.ledger.record.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in metadata.sorted_tables
        }


def test_it_shows_the_serials_that_go_and_writes_nothing(stage: Scene) -> None:
    stage.issue(900)
    stage.do("owner", "credit.retire", claim(25), "a", "b")
    before = everything(stage)
    made = shown(stage, claim())
    assert made.answer == {"result": "accepted"}
    assert made.serials == (f"{BATCH}-26-75",)
    assert (made.available, made.left, made.people) == (875, 825, 2)
    assert made.mass is not None
    assert made.mass.kg(50) == 50_000
    assert everything(stage) == before


def test_what_it_showed_is_what_the_statement_then_does(stage: Scene) -> None:
    stage.issue(900)
    made = shown(stage, claim(30))
    name = stage.do("owner", "credit.retire", claim(30), "a", "b")
    (row,) = [r for r in stage.rows(retirement_table) if r["retirement"] == name]
    assert made.serials == tuple(f"{BATCH}-{first}-{last}" for first, last in row["blocks"])
    assert row["index"] == made.size


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (claim(901), "balance-short"),
        (claim(purpose="offset-national"), "class-not-for-national-market"),
        (claim(beneficiary_uscc="913301000000000000"), "uscc-invalid"),
        (claim(beneficiary_person=True), "beneficiary-not-masked"),
        ({**claim(), "batch": "ZJ_FS-NONE-2024"}, "batch-unknown"),
    ],
)
def test_it_is_refused_as_the_statement_would_be(
    stage: Scene, body: dict[str, Any], code: str
) -> None:
    stage.issue(900)
    made = shown(stage, body)
    assert (made.answer["code"], made.serials) == (code, ())
    assert made.left == made.available
    assert stage.refused("owner", "credit.retire", body, "a", "b") == code


def test_a_party_that_holds_nothing_or_may_not_hold_is_told_so(stage: Scene) -> None:
    stage.issue(900)
    assert shown(stage, claim(), "buyer").answer["code"] == "balance-short"
    assert shown(stage, claim(), "vvb1").answer["code"] == "role-not-allowed"
    assert shown(stage, claim(), "nobody").answer["code"] == "party-unknown"


def test_a_party_of_one_person_is_told_that_two_are_needed(stage: Scene) -> None:
    stage.issue(900)
    stage.admit("lonely", "enterprise", 9, a="one", b="one")
    made = shown(stage, claim(), "lonely")
    assert (made.answer["code"], made.people) == ("four-eyes", 2)


def test_a_body_at_fault_names_its_field(stage: Scene) -> None:
    stage.issue(900)
    with pytest.raises(Malformed) as caught:
        shown(stage, claim(0))
    assert caught.value.field == "/body/quantity"
