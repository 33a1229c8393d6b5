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
    assert "ratio 0.6 -> below 0.5" in rows[0]["reasons"]
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


def test_a_change_is_shown_over_everybody_of_the_newest_month_with_facts() -> None:
    found = answer("incentive", "simulate", RULE, "--set", "first_cut=0.05")
    assert (found["on"], found["asked"]) == ("2025-12-31", 2)
    # Soot at 0.90 is now below 0.95: a quarter of 120.00 for each of the two.
    assert found["after_fen"] - found["before_fen"] == 6_000
    assert [change["party"] for change in found["changes"]] == ["buyer", "owner"]
    text = told("incentive", "simulate", RULE, "--set", "first_cut=0.05")
    assert "2 of 2 change, 600.00 CNY -> 660.00 CNY (60.00 CNY)" in text
    assert "  buyer: no 0.00 CNY -> yes 30.00 CNY" in text


def test_a_change_that_changes_nobodys_answer_says_so() -> None:
    same = told("incentive", "simulate", RULE, "--set", "first_cut=0.3")
    text = told("incentive", "simulate", RULE, "--set", "first_cut=0.05")
    said = "所问主体的结果均不改变 / Nobody's answer changes"
    assert (said in same, said in text) == (True, False)


def test_the_parameters_that_can_be_set_are_named() -> None:
    refused = run("incentive", "simulate", RULE, "--set", "no_such=1")
    code, params = refused.output.splitlines()[0].removeprefix("Error: ").split(" ", 1)
    assert code == "rule-parameter-unknown"
    assert {"first_cut", "second_cut"} <= set(json.loads(params)["known"])


def test_a_whole_new_text_can_be_tried(tmp_path: Path) -> None:
    file = tmp_path / "new.yaml"
    file.write_text(rule_text(RULE).replace("value: 1.2,", "value: 2.4,"), "utf-8")
    found = answer("incentive", "simulate", RULE, "--with", str(file))
    assert (found["before_fen"], found["after_fen"]) == (60_000, 120_000)
    file.write_text("rule: [", "utf-8")
    assert run("incentive", "simulate", RULE, "--with", str(file)).exit_code == 1


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


def test_the_rule_is_found_by_the_name_with_lines_and_set_by_the_name_that_people_know() -> None:
    found = answer("incentive", "simulate", "ept_art13", "--set", "t30=0.95")
    assert found["after_fen"] - found["before_fen"] == 6_000
    assert found["whatif"]["by"]["city"][0]["winners"] == 2


def test_invented_enterprises_are_said_to_be_invented_and_need_no_facts(tmp_path: Path) -> None:
    file = tmp_path / "changes.csv"
    words = ("incentive", "simulate", RULE, "--set", "first_cut=0.2", "--synthetic", "200",
             *ON, "--cliffs", "--export", str(file))  # fmt: skip
    text = told(*words)
    assert "The enterprises and their facts are invented" in text
    assert "  by city:" in text
    assert "cliff at below_first" in text
    found = answer(*words)
    assert (found["population"], found["asked"]) == ("synthetic", 200)
    assert "changes" not in found
    lines = file.read_text("utf-8").splitlines()
    assert lines[0] == (
        "enterprise,region,city,industry,size,status_before,status_after,before_fen,after_fen"
    )
    assert len(lines) == found["whatif"]["winners"] + 1
    run(*words[:-1], str(tmp_path / "changes.json"))
    assert len(json.loads((tmp_path / "changes.json").read_text("utf-8"))) == len(lines) - 1


def test_a_population_comes_from_a_sheet_and_a_broken_one_is_refused_by_line(
    tmp_path: Path,
) -> None:
    file = tmp_path / "population.csv"
    head = ",".join(f"emissions.{n}" for n in ("outlet", "medium", "pollutant", "mass_kg", "ratio",
                                               "exceeded"))  # fmt: skip
    row = "DA001,air,烟尘,218,0.90,false"
    file.write_text(f"enterprise,region,{head}\n=1+1,330100,{row}\n", "utf-8")
    words = ("incentive", "simulate", RULE, "--set", "first_cut=0.05", "--population", str(file))
    out = tmp_path / "changes.csv"
    found = answer(*words, *ON, "--export", str(out))
    assert (found["population"], found["after_fen"]) == ("file", 3_000)
    assert out.read_text("utf-8").splitlines()[1].startswith("'=1+1,")
    for name in ("＝1+1", "'=1", "@a"):  # as every other table for people guards them
        file.write_text(f"enterprise,region,{head}\n{name},330100,{row}\n", "utf-8")
        told(*words, *ON, "--export", str(out))
        assert out.read_text("utf-8").splitlines()[1].startswith(f"'{name},")
    file.write_text(f"enterprise,region,{head}\n甲,33,{row}\n", "utf-8")
    result = run(*words, *ON)
    assert (result.exit_code, "region-malformed" in result.output) == (1, True)


def test_a_facility_tells_its_money_and_says_that_it_gives_no_sum() -> None:
    words = ("incentive", "simulate", "pboc-carbon", "--synthetic", "200", "--on", "2026-06-30")
    text = told(*words, "--set", "funded_share=0.3")
    assert "funds (银行可借资金 / What the bank may borrow)" in text
    assert "This rule gives no sum" in text and "0.00 CNY" not in text
    assert "Nobody's answer changes" not in text
    found = answer(*words, "--set", "funded_share=0.3")
    assert (found["before_fen"], found["after_fen"]) == (None, None)
    before, after = (found["whatif"][side]["figures"][0]["fen"] for side in ("before", "after"))
    assert abs(before - 2 * after) <= 200  # a half, but for the rounding of each


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--synthetic", "5", "--population", __file__), "exclude each other"),
        (("--synthetic", "5", "--export", "changes.xlsx"), ".csv or .json"),
        (("--synthetic", "0"), "--synthetic"),
        (("--synthetic", "5", "--set", "first_cut=0.3"), "first_cut is set twice"),
    ],
)
def test_wrong_words_of_a_simulation_are_wrong_usage(words: tuple[str, ...], said: str) -> None:
    result = run("incentive", "simulate", RULE, "--set", "first_cut=0.2", *words)
    assert (result.exit_code, said in result.output) == (2, True), result.output


def test_a_comparison_is_exported_to_the_same_kinds_of_file() -> None:
    result = run("incentive", "compare", __file__, "--export", "sums.xlsx")
    assert (result.exit_code, ".csv or .json" in result.output) == (2, True), result.output


def test_without_a_ledger_the_rule_of_the_package_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(tmp_path / "none"))
    words = ("incentive", "simulate", RULE, "--set", "first_cut=0.2", *ON)
    assert "text of the package" in told(*words, "--synthetic", "50")
    assert run(*words).exit_code == 1
    assert (
        run("incentive", "simulate", "no-such", "--set", "a=1", "--synthetic", "5").exit_code == 1
    )


def test_two_sets_of_rules_stand_beside_each_other(tmp_path: Path) -> None:
    file = tmp_path / "easier.yaml"
    file.write_text(rule_text(RULE).replace("value: 0.30", "value: 0.05", 1), "utf-8")
    added = tmp_path / "added.yaml"
    added.write_text(rule_text(RULE).replace("rule: ept-art13", "rule: another", 1), "utf-8")
    found = answer("incentive", "compare", str(file), str(added), *ON)
    assert (found["enterprises"], found["before_fen"]) == (2, 60_000)
    by_rule = {part["rule"]: part for part in found["rules"]}
    assert by_rule["another"]["before"] is None
    assert by_rule["another"]["after"]["cost_fen"] == 60_000
    assert by_rule[RULE]["after"]["cost_fen"] == 66_000
    assert by_rule[RULE]["answered_otherwise"] == 2
    assert found["after_fen"] == 126_000
    out = tmp_path / "sums.csv"
    text = told("incentive", "compare", str(file), "--synthetic", "100", *ON, "--export", str(out))
    assert "The enterprises and their facts are invented" in text
    assert out.read_text("utf-8").startswith("enterprise,city,industry,size,before_fen,after_fen\n")


def test_two_sets_without_a_day_meet_in_the_newest_period_with_facts_and_say_so(
    tmp_path: Path,
) -> None:
    file = tmp_path / "easier.yaml"
    file.write_text(rule_text(RULE).replace("value: 0.30", "value: 0.05", 1), "utf-8")
    found = answer("incentive", "compare", str(file))
    assert found == answer("incentive", "compare", str(file), *ON)
    assert (found["on"], found["enterprises"]) == ("2025-12-31", 2)
    told_ = told("incentive", "compare", str(file))
    assert told_.startswith("on 2025-12-31 (the end of the newest period with facts), known at ")
    assert told("incentive", "compare", str(file), *ON).startswith("on 2025-12-31, known at ")
    assert "(today)" in told("incentive", "compare", str(file), "--synthetic", "20")


def test_a_draft_that_only_moves_a_threshold_meets_the_same_invented_enterprises(
    tmp_path: Path,
) -> None:
    file = tmp_path / "easier.yaml"
    file.write_text(rule_text(RULE).replace("value: 0.30", "value: 0.05", 1), "utf-8")
    words = ("incentive", "compare", str(file), "--synthetic", "500", *ON)
    found = answer(*words)
    assert found["winners"] > 0
    assert (found["losers"], found["lost_fen"], found["drawn_anew"]) == (0, 0, [])
    asking = rule_text(RULE).replace("inputs:\n", "inputs:\n  more: {kind: flag}\n", 1)
    file.write_text(asking, "utf-8")
    assert answer(*words)["drawn_anew"] == [RULE]
    assert f"{RULE}: asks for other inputs" in told(*words)
