"""Bodies of facts and indicators for tests; the test clock's day is 1 January 2026."""

from __future__ import annotations

from typing import Any

from tests.factories.scene import Scene

REGULATOR = ("regulator-1", "regulator-2")
FINANCE = ("finance-1", "finance-2")
LAST_MONTH = {"start": "2025-12-01", "end": "2025-12-31"}


def indicator(name: str = "discharge.mass", **more: Any) -> dict[str, Any]:
    """The body of indicator.define: a monthly mass that an enterprise or the regulator states."""
    return {
        "indicator": name,
        "name": "排放量",
        "unit": "kg",
        "period": "month",
        "subject": "party",
        "circle": "party",
        "publishers": ["regulator", "enterprise"],
        "dimensions": ["outlet"],
        "source": "test",
        "confidence": "low",
        **more,
    }


def regional(name: str = "region.co2", **more: Any) -> dict[str, Any]:
    """The body of indicator.define: a region's yearly emissions, public."""
    body = indicator(
        name,
        unit="t",
        period="year",
        subject="region",
        circle="public",
        publishers=["regulator"],
        **more,
    )
    del body["dimensions"]
    return body


def observation(name: str = "discharge.mass", **more: Any) -> dict[str, Any]:
    """The body of fact.report: 95.0 kg at outlet A last month."""
    return {
        "indicator": name,
        "subject": "owner",
        **LAST_MONTH,
        "dimensions": [{"name": "outlet", "value": "A"}],
        "value": 950,
        "scale": 1,
        "unit": "kg",
        "source": "test",
        "confidence": "high",
        **more,
    }


def regional_observation(subject: str = "330100", **more: Any) -> dict[str, Any]:
    """The body of fact.publish: a city's emissions of 2024."""
    body = {
        **observation("region.co2", subject=subject, value=39_960_000, scale=0, unit="t"),
        "start": "2024-01-01",
        "end": "2024-12-31",
        **more,
    }
    del body["dimensions"]
    return body


def define(stage: Scene, *bodies: dict[str, Any]) -> None:
    for body in bodies:
        stage.do("regulator", "indicator.define", body, *REGULATOR)
