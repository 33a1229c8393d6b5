"""Limits are refused in a form that would stop every transfer or freeze when it comes to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.market import REGULATOR
from tests.factories.scene import Scene, scene


@pytest.fixture
def stage(home: Path) -> Iterator[Scene]:
    with scene(home, None) as opened:
        yield opened


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        ("freeze-days-max", "730", "two"),
        ("replacement-days", "10", "-1"),
        ("trusted-delay-hours", "24", "1.5"),
        ("transfer-recall-hours", "26", "never"),
        ("transfer-trusted-from", "never", "always"),
        ("transfer-trusted-from", "1000", "1e3"),
        ("freeze-days-max", "99999", "100000"),
        ("lifecycle-required", "1", "yes"),
    ],
)
def test_a_limit_is_a_whole_number(stage: Scene, code: str, good: str, bad: str) -> None:
    body = {"code": code, "valid_from": "2026-01-01", "unit": "u", "source": "s"}
    refused = {**body, "value": bad, "confidence": "low"}
    code_ = stage.refused("regulator", "parameter.set", refused, *REGULATOR)
    assert code_ == "parameter-malformed"
    stage.do("regulator", "parameter.set", {**body, "value": good, "confidence": "low"}, *REGULATOR)
