"""``qingzhang incentive try``: declared values put to a rule that ships, without any record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from incentives.rules.packaged import rule_text
from portal.cli import main

HOLIDAY = ("first_income_on=2022-08-15", "in_catalogue=true", "mixed=false", "income=1000000")


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(tmp_path / "no-record"))


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["incentive", "try", *words])


def told(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("2022", "yes  250,000.00 CNY"),
        ("2024", "yes  250,000.00 CNY"),
        ("2025", "yes  125,000.00 CNY"),
        ("2027", "yes  125,000.00 CNY"),
        ("2028", "no  0.00 CNY"),
    ],
)
def test_three_years_free_and_three_at_half(year: str, said: str) -> None:
    assert f"cit-art88  {said}" in told("cit-art88", "--on", f"{year}-12-31", *HOLIDAY)


def test_an_answer_tells_conditions_distances_clauses_and_that_it_decides_nothing() -> None:
    lines = told("cit-art88", "--on", "2025-06-30", *HOLIDAY)
    assert "project_year <= exempt_years: 4 against 3" in lines
    assert "处于免征年度 / In an exempt year" in lines
    assert "第八十八条 (found)" in lines
    assert "待核实 / Unverified" in lines
    assert "预审结果" in lines


def test_what_is_wanting_is_told_by_its_title() -> None:
    lines = told("cit-art88", "--on", "2025-06-30", "in_catalogue=true")
    assert "cit-art88  missing  -" in lines
    assert "wanting first_income_on: 项目取得第一笔生产经营收入之日" in lines


def test_what_is_not_established_says_why() -> None:
    for words in (
        ("ets-art24", "--on", "2026-08-15"),
        ("vat-resource", "--on", "2024-06-30", "product=regenerated-carbon"),
        ("huzhou-green-loan", "--on", "2024-06-30", "label=deep", "benchmark_interest=1"),
    ):
        assert f"{words[0]}  unverified  -" in told(*words)
    assert "unverified ets-art24: 生态环境法典" in told("ets-art24", "--on", "2026-08-15")


def test_lists_come_from_a_file_and_numbers_stay_as_written(tmp_path: Path) -> None:
    row = (
        '{"outlet": "DA001", "medium": "air", "pollutant": "二氧化硫",'
        ' "mass_kg": 950, "ratio": 0.69999999999999999999, "exceeded": false}'
    )
    file = tmp_path / "month.json"
    file.write_text(f'{{"emissions": [{row}]}}', "utf-8")
    lines = told("ept-art13", "--on", "2024-06-01", "--facts", str(file))
    assert "ept-art13  yes  300.00 CNY" in lines
    assert "taxed[DA001 二氧化硫]" in lines


def test_a_rule_of_a_file_can_be_tried_and_json_holds_the_whole(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(rule_text("cit-art88"), "utf-8")
    found = json.loads(
        told(str(file), "--on", "2025-06-30", *HOLIDAY, "--explain", "--json"),
    )
    assert (found["status"], found["amount_fen"]) == ("yes", 12_500_000)
    assert found["steps"][0]["name"] == "project_year"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("no-such-rule", "--on", "2025-06-30"), 1, "incentive-rule-unknown"),
        (("cit-art88", "--on", "2025-06-30", "colour=green"), 1, "field-unknown"),
        (("cit-art88", "--on", "2025-06-30", "in_catalogue=maybe"), 1, "flag-malformed"),
        (("cit-art88", "--on", "2025-06-30", "first_income_on=2025-02-30"), 1, "date-malformed"),
        (("cit-art88", "--on", "2025-06-30", "income=-1"), 1, "number-out-of-range"),
        (("cit-art88", "--on", "2025-06-30", "income"), 2, "NAME=VALUE"),
        (("cit-art88", "--on", "2025-06-30", "income=1", "income=2"), 2, "income is set twice"),
        (("cit-art88",), 2, "--on"),
    ],
)
def test_wrong_words_are_named(words: tuple[str, ...], code: int, said: str) -> None:
    result = run(*words)
    assert result.exit_code == code
    assert said in result.output


@pytest.mark.parametrize(
    ("content", "said"),
    [("[1]", "field-type"), ("{", "file-unreadable"), ('{"a":' + "[" * 50_000, "file-unreadable")],
)
def test_a_file_of_facts_must_be_an_object(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "facts.json"
    file.write_text(content, "utf-8")
    result = run("cit-art88", "--on", "2025-06-30", "--facts", str(file))
    assert result.exit_code == 1
    assert said in result.output


def test_a_rule_that_is_no_rule_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("rule: [", "utf-8")
    assert "yaml-malformed" in run(str(file), "--on", "2025-06-30").output
    file.write_bytes(b"\xff")
    assert "file-unreadable" in run(str(file), "--on", "2025-06-30").output


def test_of_two_values_under_one_name_neither_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text('{"income": "1", "income": "2"}', "utf-8")
    result = run("cit-art88", "--on", "2025-06-30", "--facts", str(file))
    assert (result.exit_code, "duplicate-key" in result.stderr) == (1, True)
