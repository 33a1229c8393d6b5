"""``qingzhang quota allocate`` keeps the contract of the plan file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli import main

PLAN = """\
cap: 30
method: grandfathering
regions:
  - {code: "330300", indicators: {emissions: 30}}
  - {code: "330100", indicators: {emissions: 10}}
  - {code: "330200", indicators: {emissions: 20}}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return tmp_path / "plan.yaml"


def test_shares_are_printed_in_the_plans_order(plan: Path) -> None:
    plan.write_text(PLAN)
    result = CliRunner().invoke(main, ["quota", "allocate", str(plan)])
    assert result.exit_code == 0, result.output
    assert result.output == "330300,15\n330100,5\n330200,10\n"


def test_equal_remainders_go_to_the_lower_code(plan: Path) -> None:
    thirds = PLAN.replace("cap: 30", "cap: 10").replace("30}", "1}").replace("20}", "1}")
    plan.write_text(thirds.replace("emissions: 10}", "emissions: 1}"))
    result = CliRunner().invoke(main, ["quota", "allocate", str(plan)])
    assert result.output == "330300,3\n330100,4\n330200,3\n"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [("grandfathering", "lottery", "method-unknown"), ("cap: 30", "cap: -1", "cap")],
)
def test_a_bad_plan_is_refused_by_name(plan: Path, before: str, after: str, code: str) -> None:
    plan.write_text(PLAN.replace(before, after))
    result = CliRunner().invoke(main, ["quota", "allocate", str(plan)])
    assert result.exit_code == 1
    assert code in result.output
