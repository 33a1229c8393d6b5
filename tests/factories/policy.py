"""A taxpayer's month, the tax rule and a plan of quotas, for tests."""

from __future__ import annotations

from typing import Any

from incentives.models import rule_table
from incentives.rules.packaged import golden_text, rule_text
from tests.factories.facts import FINANCE, REGULATOR, define, indicator, observation
from tests.factories.scene import Scene

OUTLET = ["outlet", "medium", "pollutant"]
RULE = "ept-art13"
# By hand, as in the rule's golden tests: (950/0.95 + 1900/0.95 + 218/2.18) × 1.2 = 3,720.00;
# due 2400 × 0.75 + 1200 × 0.5 + 120 = 2,520.00; the relief is 1,200.00.
MONTH = (
    ("二氧化硫", 950, 30),
    ("氮氧化物", 1_900, 60),
    ("烟尘", 218, 90),
)
RELIEF_FEN = 120_000

PLAN = """\
cap: 100
method: grandfathering
regions:
  - {code: "330100", indicators: {emissions: 10}}
  - {code: "330200", indicators: {emissions: 20}}
  - {code: reserve, indicators: {emissions: 3}}
"""
# 100 × 10/33 = 30.30, 60.60, 9.09: the one tonne that is left goes to the largest remainder.
SHARES = [("330100", 30), ("330200", 61), ("reserve", 9)]


def define_discharge(stage: Scene) -> None:
    """The three monthly indicators that the tax rule asks for."""
    define(
        stage,
        indicator("discharge.mass", dimensions=OUTLET),
        indicator("discharge.ratio", dimensions=OUTLET, unit="1"),
        indicator("discharge.exceeded", dimensions=OUTLET, unit="1"),
    )


def define_accounts(stage: Scene) -> None:
    """The four yearly indicators that the carbon-efficiency code asks for."""
    units = {
        "carbon.emissions": "t",
        "carbon.deducted": "t",
        "output.value-added": "10^4 CNY",
        "carbon.industry-mean": "t per 10^4 CNY",
    }
    define(
        stage,
        *(indicator(name, unit=unit, period="year", dimensions=[]) for name, unit in units.items()),
    )


def discharge(name: str, pollutant: str, value: int, scale: int, **more: Any) -> dict[str, Any]:
    """The body of fact.report about one pollutant at outlet DA001."""
    named = zip(OUTLET, ("DA001", "air", pollutant), strict=True)
    return observation(
        f"discharge.{name}",
        dimensions=[{"name": n, "value": v} for n, v in named],
        value=value,
        scale=scale,
        unit="kg" if name == "mass" else "1",
        **more,
    )


def report_month(stage: Scene, party: str = "owner", month: Any = MONTH) -> None:
    """One batch of a party's facts of the last month."""
    operations = []
    for pollutant, mass, percent in month:
        for name, value, scale in (("mass", mass, 0), ("ratio", percent, 2), ("exceeded", 0, 0)):
            body = discharge(name, pollutant, value, scale, subject=party)
            operations.append({"type": "fact.report", "body": body})
    stage.do(party, "batch", {"operations": operations}, "a")


def rule_body(**more: Any) -> dict[str, Any]:
    """The body of rule.publish: the packaged tax rule with its golden tests."""
    return {
        "text": rule_text(RULE),
        "golden": golden_text(RULE),
        "valid_from": "2018-01-01",
        "document": "test document",
        **more,
    }


def publish_rule(stage: Scene, **more: Any) -> None:
    """A rule that law and finance have both signed."""
    stage.do("regulator", "rule.publish", rule_body(**more), *REGULATOR)
    row = max(stage.rows(rule_table), key=lambda published: published["index"])
    if row["approved"] is None:
        stage.do("finance", "rule.approve", approval_of(row), *FINANCE)


def approval_of(row: dict[str, Any]) -> dict[str, Any]:
    """The body of rule.approve for a published text."""
    named = {"rule": row["rule"], "entry": row["index"], "sha256": row["digest"]}
    return {**named, "document": "test document of the finance bureau"}


def plan_body(**more: Any) -> dict[str, Any]:
    """The body of quota.publish."""
    return {
        "plan": "ZJ-2026",
        "title": "测试方案",
        "start": "2026-01-01",
        "end": "2026-12-31",
        "text": PLAN,
        "allocation": [{"code": code, "quantity": quantity} for code, quantity in SHARES],
        "document": "test document",
        "source": "test",
        "confidence": "low",
        **more,
    }
