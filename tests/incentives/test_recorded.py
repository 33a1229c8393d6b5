"""A rule may ask the ledger itself: quantities by class and period, region and role."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from incentives.asking import ask
from incentives.rules.errors import RuleRefused
from incentives.rules.rule import read
from ledger.statements.canonical import encode
from tests.factories.policy import publish_rule
from tests.factories.scene import HOUR_MS, Scene
from tests.incentives.rules.sample import THRESHOLDS

QUERIES = """facts:
  period: year
  said_by: [regulator]
  queries:
    spend: {is: retired-quantity, class: ZJ_FS}
    base: {is: issued-quantity, class: ZJ_FS}
    clean: {is: has-role, role: enterprise}
steps:
"""
TEXT = THRESHOLDS.replace("steps:\n", QUERIES)
GOLDEN = """
rule: sample-thresholds
cases: [{name: none, as_of: 2019-01-01, expect: {status: not-in-force}}]
"""
DECLARED = {"staff": 9, "share": "0.8"}


def retire(stage: Scene, quantity: int) -> None:
    body = {"batch": "ZJ_FS-R1-2024", "quantity": quantity, "purpose": "public-good"}
    stage.do("owner", "credit.retire", {**body, "beneficiary": "甲"}, "a", "b")


def asked(stage: Scene, party: str = "owner", on: date = date(2026, 6, 1), size: int = 0) -> Any:
    with stage.ledger.record.reading() as connection:
        head = stage.ledger.record.head(connection).size
        return ask(connection, party, on, size or head, declared=DECLARED)


def operands(found: Any) -> dict[str, Any]:
    (answer,) = found["answers"]
    return {o["name"]: o for c in answer["conditions"] for o in c["operands"]}


def test_quantities_of_the_period_and_class_are_counted_at_the_log_size(stage: Scene) -> None:
    stage.issue(900)
    publish_rule(stage, text=TEXT, golden=GOLDEN)
    retire(stage, 100)
    found = asked(stage)
    (answer,) = found["answers"]
    # 200 of at most 900, so the award is 100 fen for each of the 100 that were retired.
    assert (answer["status"], answer["amount_fen"]) == ("yes", 10_000)
    base = operands(found)["base"]
    assert (base["value"], base["from"], base["query"]) == ("900", "record", "issued-quantity")
    first = encode(found)
    stage.clock.time += HOUR_MS
    retire(stage, 50)
    assert asked(stage)["answers"][0]["amount_fen"] == 15_000
    assert encode(asked(stage, size=found["known_at"])) == first


def test_another_period_and_another_party_have_nought(stage: Scene) -> None:
    stage.issue(900)
    publish_rule(stage, text=TEXT, golden=GOLDEN)
    retire(stage, 100)
    for found in (asked(stage, on=date(2025, 12, 31)), asked(stage, "buyer")):
        assert operands(found)["base"]["value"] == "0"
        assert found["answers"][0]["amount_fen"] == 0
    assert operands(asked(stage))["clean"]["value"] is True
    assert operands(asked(stage, "vvb1"))["clean"]["value"] is False


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("is: retired-quantity", "is: every-secret", "choice-unknown"),
        ("spend: {is", "nothing: {is", "input-unknown"),
        ("clean: {is: has-role, role: enterprise}", "clean: {is: region}", "query-kind"),
        ("role: enterprise", "role: emperor", "role-unknown"),
        ("role: enterprise", "role: enterprise, class: X", "field-unknown"),
        ("is: issued-quantity, class: ZJ_FS", "is: issued-quantity", "field-missing"),
        ("  queries:", "  values: {spend: some.indicator}\n  queries:", "input-unknown"),
    ],
)
def test_a_query_outside_the_list_is_refused_when_the_rule_is_read(
    old: str, new: str, code: str
) -> None:
    assert old in TEXT
    with pytest.raises(RuleRefused, match=code):
        read(TEXT.replace(old, new))
