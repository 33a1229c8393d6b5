"""A rule enters the record only when it holds together, is proved, and asks for what is defined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from incentives.models import rule_table
from incentives.queries import rules_at, versions
from incentives.rule_sets import digest
from incentives.rules.packaged import golden_text, rule_text
from incentives.rules.rule import read
from ledger.writer.versions import RULES_FRESH
from tests.factories import grants
from tests.factories.facts import FINANCE, REGULATOR, define, indicator
from tests.factories.policy import (
    OUTLET,
    RULE,
    approval_of,
    define_discharge,
    publish_rule,
    rule_body,
)
from tests.factories.scene import OFFICERS, Scene, scene


def refused(stage: Scene, **change: Any) -> dict[str, Any]:
    """The answer to a publication that must be refused."""
    reply = stage.say("regulator", "rule.publish", rule_body(**change), *REGULATOR)
    assert reply.status == "refused", reply
    return reply.answer


def changed(old: str, new: str) -> str:
    text = rule_text(RULE)
    assert text.count(old) == 1
    return text.replace(old, new)


def test_a_published_rule_stands_whole_with_its_digest(stage: Scene) -> None:
    define_discharge(stage)
    publish_rule(stage)
    (row,) = stage.rows(rule_table)
    assert (row["rule"], row["kind"], row["region"]) == (RULE, "tax-relief", "330000")
    assert (row["text"], row["golden"]) == (rule_text(RULE), golden_text(RULE))
    assert row["digest"] == read(rule_text(RULE)).digest
    assert (row["review"], row["party"]) == ("unverified", "regulator")


@pytest.mark.parametrize("version", [RULES_FRESH, RULES_FRESH - 1])
def test_what_nobody_would_read_is_not_published(home: Path, version: int) -> None:
    text = grants.AWARD_TEXT.replace("is: area >= 100", 'is: "area >= 100 # and not old"', 1)
    body = rule_body(text=text, golden=grants.AWARD_GOLDEN)
    with scene(home, None, version) as stage:
        define(stage, indicator("stand.area", unit="mu", period="day", dimensions=[]))
        answer = stage.say("regulator", "rule.publish", body, *REGULATOR).answer
    if version < RULES_FRESH:
        assert answer["result"] == "accepted"
    else:
        assert answer["params"]["reason"] == "expression-comment"


def test_a_rule_that_does_not_hold_together_is_refused_with_its_place(stage: Scene) -> None:
    define_discharge(stage)
    answer = refused(stage, text=changed("kind: tax-relief", "kind: gift"))
    assert answer["code"] == "incentive-rule-malformed"
    assert answer["params"]["reason"] == "choice-unknown"
    assert answer["params"]["at"]["field"] == "kind"
    answer = refused(stage, text="a: [")
    assert answer["params"]["reason"] == "yaml-malformed"
    answer = refused(stage, text=changed(f"rule: {RULE}", f"rule: {'x' * 64}"))
    assert answer["params"]["reason"] == "length"
    answer = refused(stage, golden="rule: other\ncases: []\n")
    assert answer["params"] == {
        "field": "golden",
        "reason": "rule-other",
        "at": {"field": "rule", "expected": RULE},
    }


def test_a_rule_whose_golden_tests_differ_is_refused(stage: Scene) -> None:
    define_discharge(stage)
    wrong = golden_text(RULE).replace("amount_fen: 120000", "amount_fen: 120001", 1)
    answer = refused(stage, golden=wrong)
    assert answer["code"] == "incentive-rule-unproved"
    assert answer["params"]["expected"] == "120001"
    assert answer["params"]["found"] == "120000"


def test_a_rule_asks_for_indicators_as_they_are_defined(stage: Scene) -> None:
    assert refused(stage)["code"] == "indicator-unknown"
    define(stage, indicator("discharge.mass", dimensions=OUTLET, unit="t"))
    answer = refused(stage)
    assert (answer["code"], answer["params"]["of"]) == ("indicator-differs", "unit")


@pytest.mark.parametrize(
    ("of", "change"),
    [("period", {"period": "year"}), ("dimensions", {"dimensions": ["outlet"]})],
)
def test_an_indicator_of_another_shape_is_no_answer(
    stage: Scene, of: str, change: dict[str, Any]
) -> None:
    define(stage, {**indicator("discharge.mass", dimensions=OUTLET), **change})
    assert refused(stage)["params"]["of"] == of


def test_rules_are_the_regulators_under_four_eyes(stage: Scene) -> None:
    stage.cast()
    define_discharge(stage)
    body = rule_body()
    assert stage.refused("owner", "rule.publish", body, "a", "b") == "role-not-allowed"
    assert stage.refused("regulator", "rule.publish", body, REGULATOR[0]) == "four-eyes"
    twice = {"operations": [{"type": "rule.publish", "body": body}] * 2}
    assert stage.refused("regulator", "batch.public", twice, *REGULATOR) == "operation-refused"
    nowhere = changed('region: "330000"', 'region: "990000"')
    assert refused(stage, text=nowhere)["code"] == "region-unknown"


def test_which_text_holds_goes_by_the_day_and_by_what_was_known(stage: Scene) -> None:
    define_discharge(stage)
    texts = [
        ("2018-01-01", changed("grantor: tax-authority", "grantor: first")),
        ("2025-01-01", changed("grantor: tax-authority", "grantor: second")),
        ("2018-01-01", changed("grantor: tax-authority", "grantor: mended")),
    ]
    for valid_from, text in texts:
        publish_rule(stage, valid_from=valid_from, text=text)
    indices = [row["index"] for row in stage.rows(rule_table)]
    signed = [row["approved"] for row in stage.rows(rule_table)]

    def grantor(as_of: str, size: int) -> list[str]:
        with stage.ledger.record.reading() as connection:
            return [row["grantor"] for row in rules_at(connection, as_of, size, RULE)]

    end = signed[2] + 1
    assert grantor("2024-12-31", end) == ["mended"]
    assert grantor("2024-12-31", signed[2]) == ["first"]
    assert grantor("2025-01-01", end) == ["second"]
    assert grantor("2025-01-01", signed[1]) == ["first"]
    assert grantor("2017-12-31", end) == []
    assert grantor("2025-01-01", signed[0]) == []
    with stage.ledger.record.reading() as connection:
        told = versions(connection, RULE)
    assert [row["index"] for row in told] == indices
    assert "text" not in told[0]


def held(stage: Scene, rule: str = RULE) -> list[dict[str, Any]]:
    """The texts of a rule that hold today, as known now."""
    with stage.ledger.record.reading() as connection:
        return rules_at(connection, "2026-01-01", 10**6, rule)


def test_a_rule_that_costs_public_money_holds_once_the_finance_bureau_has_signed(
    stage: Scene,
) -> None:
    define_discharge(stage)
    stage.do("regulator", "rule.publish", rule_body(), *REGULATOR)
    (row,) = stage.rows(rule_table)
    assert (row["approved"], held(stage)) == (None, [])
    body = approval_of(row)
    for party, signers in (("regulator", REGULATOR), ("registrar", OFFICERS)):
        assert stage.refused(party, "rule.approve", body, *signers) == "role-not-allowed"
    stage.do("finance", "rule.approve", body, *FINANCE)
    (row,) = held(stage)
    assert (row["approved"], row["approved_by"]) == (row["index"] + 3, "finance")


def test_a_grade_spends_nothing_and_holds_from_its_publication(stage: Scene) -> None:
    define_discharge(stage)
    body = rule_body(text=changed("kind: tax-relief", "kind: grade"))
    stage.do("regulator", "rule.publish", body, *REGULATOR)
    (row,) = held(stage)
    assert (row["approved"], row["approved_by"]) == (row["index"], "regulator")
    code = stage.refused("finance", "rule.approve", approval_of(row), *FINANCE)
    assert code == "incentive-rule-approved"


def test_the_digest_of_a_rule_set_changes_with_any_of_its_texts(stage: Scene) -> None:
    define_discharge(stage)
    publish_rule(stage)
    first = digest(held(stage))
    assert digest([]) != first
    publish_rule(stage, text=changed("grantor: tax-authority", "grantor: other"))
    assert digest(held(stage)) != first
    assert digest(held(stage)) == digest(list(reversed(held(stage))))
