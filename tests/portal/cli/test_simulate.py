"""``qingzhang incentive simulate`` and ``compare``: what another law would do to everybody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from incentives.rules.packaged import rule_text
from portal.cli import main
from tests.factories.facts import REGULATOR
from tests.factories.policy import RULE, define_discharge, discharge, publish_rule, report_month
from tests.factories.scene import scene
from tests.portal.cli.test_incentive import ON, answer, run, told


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two taxpayers with a month of facts and the tax rule."""
    home = tmp_path_factory.mktemp("simulate") / "home"
    with scene(home, None) as stage:
        stage.cast()
        define_discharge(stage)
        publish_rule(stage)
        report_month(stage)
        report_month(stage, "buyer", [("烟尘", 218, 90)])
        over = discharge("exceeded", "二氧化硫", 1, 0)
        stage.do("regulator", "fact.report", over, *REGULATOR)
    return home


@pytest.fixture(autouse=True)
def _home(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(recorded))


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
    assert {"first_cut", "second_cut", "t30"} <= set(json.loads(params)["known"])


def test_a_whole_new_text_can_be_tried(tmp_path: Path) -> None:
    file = tmp_path / "new.yaml"
    file.write_text(rule_text(RULE).replace("value: 1.2,", "value: 2.4,"), "utf-8")
    found = answer("incentive", "simulate", RULE, "--with", str(file))
    assert (found["before_fen"], found["after_fen"]) == (60_000, 120_000)
    file.write_text("rule: [", "utf-8")
    assert run("incentive", "simulate", RULE, "--with", str(file)).exit_code == 1


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
    file.write_text(f"enterprise,{head}\n甲,{row}\n", "utf-8")  # of which place, nobody said
    assert "缺数据 / Data missing 1 -> 1" in told(*words, *ON)
    file.write_text("enterprise,outlet\n甲,DA001\n", "utf-8")
    unknown = run(*words, *ON).output
    assert "column-unknown" in unknown and "emissions.outlet" in unknown
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


def test_a_text_that_asks_for_more_meets_the_same_sheet(tmp_path: Path) -> None:
    """Two villages under contract with 10 mu at 40.00; the change pays the old one alone."""
    text = rule_text("anji-bamboo").replace("inputs:\n", "inputs:\n  old: {kind: flag}\n", 1)
    text = text.replace("is: contracted", "is: contracted and old", 1)
    changed, sheet = tmp_path / "changed.yaml", tmp_path / "villages.csv"
    changed.write_text(text, "utf-8")
    rows = ["a,330523,true,10,40,true", "b,330523,true,10,40,false"]
    heads = "enterprise,region,contracted,area,mean_price,old"
    sheet.write_text("\n".join([heads, *rows]) + "\n", "utf-8")
    words = ("anji-bamboo", "--with", str(changed), "--population", str(sheet))
    result = CliRunner().invoke(
        main, ["incentive", "simulate", *words, "--on", "2026-03-31", "--json"]
    )
    assert result.exit_code == 0, result.output
    whatif = json.loads(result.stdout)["whatif"]
    assert (whatif["before"]["yes"], whatif["after"]["yes"], whatif["losers"]) == (2, 1, 1)
    # 10 mu x 0.39 t x 40.00 yuan x 3 years = 468.00 yuan
    assert whatif["before"]["cost_fen"] - whatif["after"]["cost_fen"] == 46_800


def test_a_file_at_fault_is_named(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(rule_text("anji-bamboo"), "utf-8")
    bad.write_text(rule_text("anji-bamboo").replace("is: contracted", "is: contracted.x"), "utf-8")
    words = ["incentive", "compare", str(good), str(bad), "--synthetic", "10", "--on", "2026-03-31"]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 1
    assert "bad.yaml" in result.output and "good.yaml" not in result.output
    bad.write_bytes(rule_text("anji-bamboo").encode("gb18030"))
    result = CliRunner().invoke(main, words)
    assert "file-unreadable" in result.output and "bad.yaml" in result.output


def test_a_rule_of_a_county_meets_nobody_among_the_invented_and_says_so() -> None:
    words = ("anji-bamboo", "--set", "years_paid=5", "--synthetic", "50", "--on", "2026-03-31")
    result = CliRunner().invoke(main, ["incentive", "simulate", *words])
    assert result.exit_code == 0, result.output
    assert "in force for none of these enterprises" in result.output
    words = ("ept-art13", "--set", "first_cut=0.2", "--synthetic", "50", "--on", "2026-03-31")
    result = CliRunner().invoke(main, ["incentive", "simulate", *words])
    assert "in force for none" not in result.output
