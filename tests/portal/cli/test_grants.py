"""``qingzhang incentive record|answers|approval|budget|grants|recovery`` from the shell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from incentives.models import rule_table
from portal.cli import main
from tests.factories import grants
from tests.factories.facts import FINANCE, REGULATOR
from tests.factories.policy import define_discharge, rule_body
from tests.factories.scene import Scene, scene

ASKED = ("--rule", grants.AWARD, "--on", grants.ON)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, Path]]:
    """A grant paid on credits that fell, and a tax rule that the bureau has not signed."""
    home = tmp_path_factory.mktemp("grants") / "home"
    with scene(home, None) as stage:
        batch = grants.desk(stage)
        answer = grants.recorded(stage)
        grant = grants.apply(stage, answer, credits=[grants.cited(batch)])
        grants.to_paid(stage, grant)
        stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "r"}, "a", "b")
        define_discharge(stage)
        stage.do("regulator", "rule.publish", rule_body(), *REGULATOR)
        yield stage, home


@pytest.fixture(autouse=True)
def _home(office: tuple[Scene, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(office[1]))


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["incentive", *words])


def told(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_body_of_a_record_is_what_the_register_takes(office: tuple[Scene, Path]) -> None:
    stage, _ = office
    stage.do("owner", "answer.record", json.loads(told("record", "owner", *ASKED)), "a")
    many = json.loads(told("record", "owner", "buyer", *ASKED))
    assert many["subjects"] == ["owner", "buyer"]
    stage.do("finance", "answer.record-many", many, FINANCE[0])
    assert "party-unknown" in run("record", "nobody", *ASKED).output


def test_what_no_fact_holds_is_declared_from_a_file(
    office: tuple[Scene, Path], tmp_path: Path
) -> None:
    stage, _ = office
    said = tmp_path / "said.yaml"
    said.write_text("area: 120.5\n")
    body = json.loads(told("record", "buyer", *ASKED, "--declare", str(said)))
    assert json.loads(body["declared"]) == {"area": "120.5"}
    stage.do("buyer", "answer.record", body, "a")
    several = run("record", "owner", "buyer", *ASKED, "--declare", str(said))
    assert (several.exit_code, "--declare is said of one party" in several.output) == (2, True)
    said.write_text("aria: 120\n")
    assert "declared-unknown" in run("record", "buyer", *ASKED, "--declare", str(said)).output
    said.write_text("area: -1\n")
    refused = run("record", "buyer", *ASKED, "--declare", str(said))
    assert (refused.exit_code, "number-out-of-range" in refused.output) == (1, True)
    assert '"field":"declared.area"' in refused.output


def test_money_is_told_in_lines_and_as_json() -> None:
    text = told("budget")
    assert "paid 16,926.00 CNY" in text
    assert "available 33,074.00 CNY" in text
    assert json.loads(told("budget", "--json"))[0]["available_fen"] == 3_307_400
    assert "granted 16,926.00 CNY  paid 16,926.00 CNY  paid until" in told("grants")
    assert told("grants", "--party", "buyer") == "\n"
    text = told("recovery", "--party", "owner")
    assert "credit of entry" in text
    assert "that entry, report.withdraw, touched ZJ_FS-R1-2024 1-100" in text
    assert "opened until" in text
    assert "yes 16,926.00 CNY -> yes 16,926.00 CNY  it holds no longer" in text
    asked = "brought 16,926.00 CNY  asked back 0.00 CNY  come back 0.00 CNY  still owed not decided"
    assert asked in text
    (case,) = json.loads(told("recovery", "--json"))["cases"]
    assert (case["ground"], case["come_back_fen"], case["owed_fen"]) == ("credit", 0, None)


def test_ids_are_printed_alone_as_other_commands_take_them(office: tuple[Scene, Path]) -> None:
    stage, _ = office
    (case,) = grants.cases(stage)
    assert told("recovery", "--party", "owner", "--state", "opened", "--ids") == f"{case['case']}\n"
    assert told("recovery", "--state", "heard", "--ids") == "\n"
    assert told("grants", "--state", "paid", "--ids") == f"{case['grant']}\n"
    assert told("grants", "--state", "heard", "--ids") == "\n"
    answer = grants.grant_row(stage, case["grant"])["answer"]
    assert answer in told("answers", "--party", "owner", "--ids").splitlines()
    line = next(line for line in told("answers").splitlines() if line.startswith(answer))
    assert "owner  test-award  as of 2025-12-31" in line
    assert line.endswith("yes 16,926.00 CNY")
    assert told("answers", "--party", "county", "--ids") == "\n"


def test_an_approval_names_the_text_that_waits(office: tuple[Scene, Path]) -> None:
    stage, _ = office
    waits = "ept-art13        waits for the finance bureau (incentive approval)"
    assert waits in told("rules")
    spread = told("approval", "ept-art13", "--document", "d")
    body = json.loads(spread)
    line = told("approval", "ept-art13", "--document", "d", "--json")
    assert (json.loads(line), line.count("\n")) == (body, 1)
    assert spread.count("\n") == len(body) + 2
    wrong = {**body, "sha256": "0" * 64}
    refused = stage.refused("finance", "rule.approve", wrong, *FINANCE)
    assert refused == "incentive-rule-differs"
    none = {**body, "entry": 0}
    assert stage.refused("finance", "rule.approve", none, *FINANCE) == "incentive-rule-unknown"
    assert stage.refused("finance", "rule.approve", body, FINANCE[0]) == "four-eyes"
    stage.do("finance", "rule.approve", body, *FINANCE)
    assert stage.refused("finance", "rule.approve", body, *FINANCE) == "incentive-rule-approved"
    assert "incentive-rule-approved" in run("approval", "ept-art13", "--document", "d").output
    assert "incentive-rule-unknown" in run("approval", "nope", "--document", "d").output
    assert waits not in told("rules")
    assert all(row["approved"] is not None for row in stage.rows(rule_table))
