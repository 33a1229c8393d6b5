"""``qingzhang incentive``, ``fact`` and ``quota`` read the policy from the shell."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from incentives.rules.packaged import golden_text, rule_text
from portal.cli import main
from tests.factories.facts import REGULATOR
from tests.factories.policy import (
    PLAN,
    RULE,
    SHARES,
    define_discharge,
    discharge,
    plan_body,
    publish_rule,
    report_month,
)
from tests.factories.scene import scene

ON = ("--on", "2025-12-31")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two taxpayers with a month of facts, the tax rule and a plan."""
    home = tmp_path_factory.mktemp("policy") / "home"
    with scene(home, None) as stage:
        stage.cast()
        define_discharge(stage)
        publish_rule(stage)
        report_month(stage)
        report_month(stage, "buyer", [("烟尘", 218, 90)])
        stage.do("regulator", "quota.publish", plan_body(), *REGULATOR)
        over = discharge("exceeded", "二氧化硫", 1, 0)
        stage.do("regulator", "fact.report", over, *REGULATOR)
    return home


@pytest.fixture(autouse=True)
def _home(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(recorded))


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def told(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.output


def answer(*words: str) -> Any:
    return json.loads(told(*words, "--json"))


def test_a_party_is_told_status_amount_facts_and_that_it_is_a_pre_check() -> None:
    lines = told("incentive", "check", "owner", *ON).splitlines()
    assert lines[0] == "预审结果，不构成行政决定 / A pre-check, not an administrative decision"
    assert lines[1] == f"可以同时享受的最优组合 / Best lawful combination: {RULE}  600.00 CNY"
    (head,) = (line for line in lines if line.startswith(f"{RULE}  yes  600.00 CNY"))
    assert head == lines[3]
    assert any("二氧化硫 = 1  (regulator as regulator, high)" in line for line in lines)
    assert any(line.strip() == "review: unverified" for line in lines)
    assert not any("<- gross - due" in line for line in lines)


def test_a_party_is_found_by_its_unified_code() -> None:
    code = json.loads(told("party", "show", "owner", "--json"))["party"]["uscc"]
    assert answer("incentive", "check", code, *ON) == answer("incentive", "check", "owner", *ON)
    assert answer("incentive", "check", code.lower(), *ON)["party"] == "owner"
    assert answer("incentive", "why", code, *ON)["party"] == "owner"
    refused = run("incentive", "check", "91330100MADEM00015", *ON)
    assert (refused.exit_code, '{"key":"91330100MADEM00015"}' in refused.output) == (1, True)


def test_explain_shows_every_step_with_its_values() -> None:
    text = told("incentive", "check", "owner", *ON, "--explain")
    assert "relief = 60000 fen  <- gross - due  (gross=372000, due=312000)  law-13" in text


def test_explain_cites_sources_clauses_and_what_would_change_the_answer() -> None:
    text = told("incentive", "check", "owner", *ON, "--explain")
    assert "  below_second DA001 氮氧化物: no; ratio < 1 - second_cut" in text
    assert "中华人民共和国环境保护税法 第十三条]" in text
    assert "ratio = 0.6  (fact " in text
    assert "met by ratio: 0.6 -> below 0.5  (-0.1), then yes 1,200.00 CNY" in text
    assert "减按百分之七十五征收环境保护税" in text
    assert "可以同时享受的最优组合 / Best lawful combination: ept-art13  600.00 CNY" in text


def test_why_an_answer_is_another_one_is_told_by_fact() -> None:
    head = answer("incentive", "check", "owner", *ON)["known_at"]
    words = ("incentive", "why", "owner", RULE, *ON, "--known-at", str(head - 1))
    text = told(*words)
    assert text.startswith(f"{RULE}  yes 1,200.00 CNY -> yes 600.00 CNY\n")
    assert "  fact discharge.exceeded DA001 air 二氧化硫: 0 (entry " in text
    assert ", owner) -> 1 (entry " in text
    assert "  condition no_exceedance DA001 二氧化硫: yes -> no" in text
    same = told(*words[:4], *ON)
    assert "两次结果所依据的事实、参数、条款与版本均相同" in same
    found = answer(*words, "--then-known-at", str(head - 1))
    assert found["rules"][0]["changed"] is False


def test_a_list_is_answered_row_by_row_into_a_file(tmp_path: Path) -> None:
    file, out = tmp_path / "list.csv", tmp_path / "out.csv"
    file.write_text("party,on\nowner,\nnobody,\nbuyer,2025-11-30\n,\n=x,\n", "utf-8")
    words = ("incentive", "check", *ON, "--list", str(file), "--out", str(out))
    found = answer(*words)
    assert found["answers"] == {"missing": 1, "not-answered": 2, "yes": 1}
    with out.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(r["line"], r["party"], r["status"], r["amount_fen"]) for r in rows] == [
        ("2", "owner", "yes", "60000"),
        ("3", "nobody", "", ""),
        ("4", "buyer", "missing", ""),
        ("6", "", "", ""),
    ]
    assert [r["code"] for r in rows] == ["", "party-unknown", "", "formula-character"]
    assert "Monthly mean concentration over the standard 0.6 -> below 0.5" in rows[0]["reasons"]
    assert "over the standard Yes -> No" in rows[0]["reasons"]
    assert "中华人民共和国环境保护税法 第十三条" in rows[0]["clauses"]
    assert {r["notice"] for r in rows} == {"A pre-check, not an administrative decision"}
    assert run(*words).exit_code == 1  # the file is there
    out.unlink()
    assert "4 rows, known at " in told(*words)
    for wrong in (words[:-2], ("incentive", "check", "owner", *words[2:])):
        assert run(*wrong).exit_code == 2


def test_declared_inputs_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "declared.yaml"
    row = "{outlet: A, medium: air, pollutant: 烟尘, mass_kg: 218, ratio: 0.4, exceeded: false}"
    file.write_text(f"ept-art13: {{emissions: [{row}]}}", "utf-8")
    words = ("incentive", "check", "vvb1", *ON, "--declare", str(file))
    text = told(*words)
    # 218/2.18 = 100 equivalents, 120.00; below half of the standard it pays half.
    assert "\nept-art13  yes  60.00 CNY" in text
    assert "  declared: emissions" in text
    for text, said in (("a: 1", "declared-unknown"), ("[", "yaml-malformed"), ("x", "field-type")):
        file.write_text(text, "utf-8")
        result = run(*words)
        assert (result.exit_code, said in result.output) == (1, True)


def test_what_was_known_before_is_answered_with_the_same_bytes() -> None:
    head = answer("incentive", "check", "owner", *ON)["known_at"]
    earlier = str(head - 1)
    first = told("incentive", "check", "owner", *ON, "--known-at", earlier, "--json")
    assert json.loads(first)["answers"][0]["amount_fen"] == 120_000
    assert told("incentive", "check", "owner", *ON, "--known-at", earlier, "--json") == first


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("check", "nobody", *ON), 1, "party-unknown"),
        (("check", "owner", *ON, "--rule", "none"), 1, "incentive-rule-unknown"),
        (("check", "owner", *ON, "--known-at", "9999"), 1, "size-beyond-head"),
        (("check", "owner", "--on", "31.12.2025"), 2, "YYYY-MM-DD"),
        (("check", "owner", "--on", "2025-02-30"), 2, "YYYY-MM-DD"),
        (("check", "owner"), 2, "--on"),
        (("simulate", RULE), 2, "--set or --with"),
        (("simulate", RULE, "--set", "first_cut"), 2, "PARAM=VALUE"),
        (("simulate", RULE, "--set", "first_cut=0,3"), 2, "number-malformed"),
        (("simulate", RULE, "--set", "no_such=1"), 1, "parameter-unknown"),
        (("simulate", RULE, "--set", "first_cut=-1"), 1, '"least":"0","most":"1","unit":"share'),
        (("simulate", RULE, "--set", "metals_air=1"), 1, "parameter-kind"),
        (("simulate", "none", "--set", "first_cut=1"), 1, "incentive-rule-unknown"),
        (("draft", "none", "--valid-from", "2026-01-01", "--document", "d"), 1, "unknown"),
    ],
)
def test_wrong_questions_exit_by_their_kind(words: tuple[str, ...], code: int, said: str) -> None:
    result = run("incentive", *words)
    assert result.exit_code == code, result.output
    assert said in result.output


def test_golden_tests_run_from_the_package_and_from_files(tmp_path: Path) -> None:
    assert f"{RULE}: 25 cases, 0 differences" in told("incentive", "test")
    rule, golden = tmp_path / "r.yaml", tmp_path / "r.golden.yaml"
    rule.write_text(rule_text(RULE), "utf-8")
    assert run("incentive", "test", str(rule)).exit_code == 1  # no tests beside it
    wrong = golden_text(RULE).replace("amount_fen: 120000", "amount_fen: 7", 1)
    golden.write_text(wrong, "utf-8")
    for file in (rule, golden):
        result = run("incentive", "test", str(file))
        assert result.exit_code == 1
        assert "amount_fen 120000 instead of 7" in result.output
    alone = tmp_path / "cases.yaml"
    alone.write_text(golden_text(RULE), "utf-8")
    assert "0 differences" in told("incentive", "test", str(alone))
    alone.write_text("a: [", "utf-8")
    assert "yaml-malformed" in run("incentive", "test", str(alone)).output


@pytest.mark.parametrize(
    ("broken", "code"),
    [("a: [", "yaml-malformed"), ("a: 1\na: 2", "yaml-duplicate-key"), ("a: &b 1", "yaml-anchor")],
)
def test_a_fault_names_the_file_of_the_two_in_which_it_stands(
    tmp_path: Path, broken: str, code: str
) -> None:
    rule, golden = tmp_path / "r.yaml", tmp_path / "r.golden.yaml"
    for bad, good in ((rule, golden), (golden, rule)):
        good.write_text((rule_text if good is rule else golden_text)(RULE), "utf-8")
        bad.write_text(broken, "utf-8")
        for asked in (rule, golden):
            result = run("incentive", "test", str(asked))
            assert result.exit_code == 1
            assert f'{code} {{"file":"{bad}","line":' in result.output
    rule.write_text(rule_text(RULE).replace("is: ", "is: 1 + ().__class__ #", 1), "utf-8")
    golden.write_text(golden_text(RULE), "utf-8")
    for words in (("test", str(rule)), ("try", str(rule), "--on", "2025-06-30")):
        refused = run("incentive", *words).output
        assert f'"file":"{rule}"' in refused and '"line":' in refused and '"column":' in refused


def test_rules_and_facts_on_the_record_are_listed() -> None:
    assert RULE in told("incentive", "rules")
    assert answer("incentive", "rules", "--on", "2017-12-31") == []
    assert "discharge.mass" in told("fact", "indicators")
    facts = answer("fact", "list", "--subject", "buyer")
    assert [fact["indicator"] for fact in facts] == [
        "discharge.mass",
        "discharge.ratio",
        "discharge.exceeded",
    ]
    assert {fact["circle"] for fact in facts} == {"party"}
    assert "烟尘 = 218 kg  buyer" in told("fact", "list", "--indicator", "discharge.mass")


def test_drafts_are_bodies_that_the_record_takes(tmp_path: Path) -> None:
    words = ("--valid-from", "2027-01-01", "--document", "d")
    rule = json.loads(told("incentive", "draft", RULE, *words))
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN, "utf-8")
    days = ("--start", "2026-01-01", "--end", "2026-12-31")
    named = ("--plan", "P", "--title", "方案", "--document", "d", "--source", "s")
    text = told("quota", "draft", str(file), *named, *days, "--confidence", "low")
    plan = json.loads(text)
    assert [(part["code"], part["quantity"]) for part in plan["allocation"]] == SHARES
    with scene(tmp_path / "home", None) as stage:
        define_discharge(stage)
        stage.do("regulator", "rule.publish", rule, *REGULATOR)
        stage.do("regulator", "quota.publish", plan, *REGULATOR)


def test_published_plans_are_listed_and_shown() -> None:
    assert "ZJ-2026" in told("quota", "list")
    assert told("quota", "show", "ZJ-2026") == "330100,30\n330200,61\nreserve,9\n"
    result = run("quota", "show", "NO")
    assert (result.exit_code, "quota-plan-unknown" in result.output) == (1, True)
