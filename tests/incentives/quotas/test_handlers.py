"""A plan enters the record with the allocation that it leads to, and with no other."""

from __future__ import annotations

from typing import Any

import pytest

from incentives.quotas.models import plan_table, share_table
from incentives.quotas.queries import plan as read_plan
from ledger.facts.models import fact_table
from tests.factories.facts import REGULATOR, define, regional, regional_observation
from tests.factories.policy import PLAN, SHARES, plan_body
from tests.factories.scene import Scene

COUNTIES = """\
cap: 30
method: proportional
regions:
  - {code: owner, indicators: {claims: 1}}
  - {code: buyer, indicators: {claims: 2}}
"""


def publish(stage: Scene, **change: Any) -> None:
    stage.do("regulator", "quota.publish", plan_body(**change), *REGULATOR)


def refused(stage: Scene, **change: Any) -> str:
    return stage.refused("regulator", "quota.publish", plan_body(**change), *REGULATOR)


def below(**change: Any) -> dict[str, Any]:
    """A plan that splits Hangzhou's share of 30 between two enterprises."""
    return {
        "plan": "HZ-2026",
        "text": COUNTIES,
        "allocation": [{"code": "owner", "quantity": 10}, {"code": "buyer", "quantity": 20}],
        "parent": {"plan": "ZJ-2026", "code": "330100"},
        **change,
    }


def parts(*quantities: int) -> list[dict[str, Any]]:
    codes = [code for code, _ in SHARES]
    return [{"code": c, "quantity": q} for c, q in zip(codes, quantities, strict=True)]


def test_shares_are_kept_exactly_and_sum_to_the_cap(stage: Scene) -> None:
    publish(stage)
    (row,) = stage.rows(plan_table)
    assert (row["cap"], row["method"], row["text"]) == (100, "grandfathering", PLAN)
    shares = sorted(stage.rows(share_table), key=lambda share: share["place"])
    assert [(s["code"], s["quantity"]) for s in shares] == SHARES
    assert sum(s["quantity"] for s in shares) == 100
    # 100 × 10/33 is 30 and 10/33, 100 × 20/33 is 60 and 20/33, 100 × 3/33 is 9 and 1/11.
    assert [s["exact"] for s in shares] == ["1000/33", "2000/33", "100/11"]
    assert [s["remainder"] for s in shares] == ["10/33", "20/33", "1/11"]


@pytest.mark.parametrize(
    "stated",
    [
        parts(30, 60, 10),
        parts(31, 60, 9),
        list(reversed(parts(30, 61, 9))),
        parts(30, 61, 9)[:2],
        [*parts(30, 61, 9), {"code": "330300", "quantity": 0}],
    ],
)
def test_another_allocation_is_refused(stage: Scene, stated: list[dict[str, Any]]) -> None:
    assert refused(stage, allocation=stated) == "allocation-differs"


def test_the_refusal_names_the_member_and_what_it_gets(stage: Scene) -> None:
    body = plan_body(allocation=parts(30, 60, 10))
    reply = stage.say("regulator", "quota.publish", body, *REGULATOR)
    assert reply.answer["params"] == {
        "field": "allocation/1",
        "member": "330200",
        "quantity": 61,
    }


def test_a_plan_that_cannot_be_allocated_is_refused_with_its_place(stage: Scene) -> None:
    for text, reason in (
        (PLAN.replace("grandfathering", "augury"), "method-unknown"),
        (PLAN.replace("cap: 100", "cap: 100.5"), "number-malformed"),
        (PLAN + "bounds: {max_gain: 0}\n", "bounds-infeasible"),
        ("cap: [", "yaml-malformed"),
    ):
        body = plan_body(text=text)
        reply = stage.say("regulator", "quota.publish", body, *REGULATOR)
        assert reply.answer["code"] == "quota-plan-malformed"
        assert reply.answer["params"]["reason"] == reason


def test_a_member_is_a_region_a_party_or_the_reserve(stage: Scene) -> None:
    for code in ("339900", "nobody"):
        stated = [
            {**part, "code": code} if part["code"] == "330200" else part
            for part in parts(30, 61, 9)
        ]
        assert (
            refused(stage, text=PLAN.replace("330200", code), allocation=stated) == "member-unknown"
        )


def test_plans_are_the_regulators_under_four_eyes(stage: Scene) -> None:
    stage.cast()
    assert stage.refused("owner", "quota.publish", plan_body(), "a", "b") == "role-not-allowed"
    code = stage.refused("regulator", "quota.publish", plan_body(), REGULATOR[0])
    assert code == "four-eyes"
    publish(stage)
    assert refused(stage) == "quota-plan-exists"
    assert refused(stage, plan="X", end="2025-12-31") == "quota-dates"


def test_a_lower_plan_splits_one_whole_share_once(stage: Scene) -> None:
    stage.cast()
    publish(stage)
    short = COUNTIES.replace("cap: 30", "cap: 29")
    less = [{"code": "owner", "quantity": 10}, {"code": "buyer", "quantity": 19}]
    assert refused(stage, **below(text=short, allocation=less)) == "cap-not-the-share"
    assert refused(stage, **below(end="2026-06-30")) == "quota-scope-differs"
    nowhere = {"plan": "ZJ-2026", "code": "330300"}
    assert refused(stage, **below(parent=nowhere)) == "member-unknown"
    assert refused(stage, **below(parent={**nowhere, "plan": "NO"})) == "quota-plan-unknown"
    publish(stage, **below())
    stage.ledger.writer._state.drop()  # what the rows say, not what the writer remembers
    assert refused(stage, **below(plan="HZ-2")) == "quota-share-split"
    with stage.ledger.record.reading() as connection:
        told = read_plan(connection, "ZJ-2026")
    assert told is not None
    assert [share["split_by"] for share in told["shares"]] == ["HZ-2026", None, None]
    assert told["shares"][0]["name"] == "杭州市"


def test_a_later_plan_takes_the_place_of_one_of_the_same_scope(stage: Scene) -> None:
    stage.cast()
    publish(stage)
    publish(stage, **below())
    second = {"plan": "ZJ-2026-2", "supersedes": "ZJ-2026"}
    assert refused(stage, **second) == "quota-share-split"  # its part still stands
    assert refused(stage, **below(plan="HZ-2", supersedes="ZJ-2026")) == "quota-scope-differs"
    assert refused(stage, **second, start="2026-02-01") == "quota-scope-differs"
    publish(stage, **below(plan="HZ-2", supersedes="HZ-2026"))
    rows = {row["plan"]: row for row in stage.rows(plan_table)}
    assert rows["HZ-2026"]["until"] == rows["HZ-2"]["index"]
    assert refused(stage, **below(plan="HZ-3", supersedes="HZ-2026")) == "quota-superseded"
    parent = {"plan": "HZ-2026", "code": "owner"}
    assert refused(stage, **below(plan="O", parent=parent)) == "quota-superseded"


def test_a_figure_may_rest_on_a_fact_and_must_then_be_what_it_says(stage: Scene) -> None:
    define(stage, regional())
    stated = regional_observation(value=100, scale=1)
    stage.do("regulator", "fact.publish", stated, *REGULATOR)
    (fact,) = stage.rows(fact_table)
    evidence = {"code": "330100", "indicator": "emissions", "fact": fact["fact"]}

    def wrong(**change: str) -> str:
        return refused(stage, evidence=[{**evidence, **change}])

    assert wrong(code="330200") == "evidence-differs"
    assert wrong(indicator="gdp") == "evidence-differs"
    assert wrong(fact="0") == "fact-unknown"
    publish(stage, evidence=[evidence])
    fix = regional_observation(value=101, scale=1, corrects=fact["fact"])
    stage.do("regulator", "fact.publish", fix, *REGULATOR)
    assert refused(stage, plan="X", evidence=[evidence]) == "fact-corrected"
    newest = max(stage.rows(fact_table), key=lambda row: row["index"])["fact"]
    assert refused(stage, plan="X", evidence=[{**evidence, "fact": newest}]) == "evidence-differs"
