"""What is told beside an answer in the shell, in both languages: results, papers, gaps, misfits."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from incentives.rules.packaged import golden_text, names, rule_text
from incentives.rules.rule import read
from portal.cli import main
from portal.policy.beside import lacking, quantity
from portal.shell.texts import LANGUAGES, catalogue
from tests.factories.policy import RULE, define_discharge, publish_rule
from tests.factories.scene import scene

ON = ("--on", "2025-12-31")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("beside") / "home"
    with scene(home, None) as stage:
        stage.cast()
        define_discharge(stage)
        publish_rule(stage)
        for name in ("pboc-carbon", "pboc-coal"):
            publish_rule(stage, text=rule_text(name), golden=golden_text(name))
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


def test_an_input_is_declared_by_name_for_all_rules_or_for_one() -> None:
    words = ("incentive", "check", "vvb1", "--on", "2023-06-01", "--declare", "field=clean-energy")
    text = told(*words, "--declare", "pboc-carbon.principal=10000000")
    carbon = text.partition("\npboc-carbon  missing")[2].partition("\npboc-coal")[0]
    # 60 % of 10,000,000.
    assert "银行可借资金: ¥6,000,000.00 / What the bank may borrow: ¥6,000,000.00" in carbon
    assert "  declared: field, principal" in carbon
    coal = text.partition("\npboc-coal  missing")[2]
    assert "Declared and not fit: Field of the loan (field): The value is none of" in coal
    assert "What the bank may borrow: unknown" in coal
    assert "  To declare: --declare pboc-coal.field=" in coal.replace("申报 / ", "")
    assert run(*words, "--declare", "field=clean-energy").exit_code == 1
    assert run("incentive", "check", "vvb1", *ON, "--declare", "nothing").exit_code == 2


def test_a_rule_without_a_sum_tells_terms_papers_and_whose_the_benefit_is() -> None:
    text = told("incentive", "check", "owner", "--on", "2026-03-31", "--rule", "pboc-carbon")
    assert "  受益人：银行" in text.replace("符合时的结果 / Result where it is met: ", "")
    assert "Share of the loan that the bank may borrow: 60% of the principal" in text
    assert "Yearly rate of what it borrows: 1.25% a year; from 2026-01-19" in text
    assert "Most lent in a year: 800,000,000,000 CNY" in text
    assert "应附材料 / Papers to bring: 第三方核实报告 / Report of the third party" in text


def test_a_missing_list_is_told_with_who_states_it_and_how() -> None:
    text = told("incentive", "check", "vvb1", *ON, "--rule", RULE)
    assert "Facts about vvb1 of 2025-12-01 to 2025-12-31 (Month)" in text
    assert "discharge.mass 排放量, in kg, each by outlet, medium, pollutant" in text
    assert "qingzhang fact draft TABLE.csv" in text


def test_nothing_is_wanted_of_a_rule_that_is_not_established() -> None:
    text = told("incentive", "check", "owner", "--on", "2026-03-31", "--rule", "pboc-coal")
    assert "wanting" not in text
    assert "not established: pboc-coal" in text


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("600000000", "fen", "¥6,000,000.00"),
        ("-5", "fen", "-¥0.05"),
        ("1/3", "fen", "1/3 fen"),
        ("0.6", "share of the principal", "60% of the principal"),
        ("1/3", "share of the tax", "100/3% of the tax"),
        ("12345.5", "t", "12,345.5 t"),
        ("2026", "1", "2026"),
        (True, "", "Yes"),
        (None, "t", "unknown"),
        (["a", "b"], "field", "a, b"),
    ],
)
def test_a_quantity_is_said_with_its_unit(value: object, unit: str, said: str) -> None:
    assert quantity(value, unit, "en") == said


def test_what_can_be_brought_is_told_apart_from_what_the_law_lacks() -> None:
    side = {"wanted": [{"name": "area"}]}
    assert lacking(["area", "rate"], "unverified", "r", side) == (["area"], ["rate"])
    assert lacking(["t[a, b]"], "missing", "r", side) == (["t[a, b]"], [])
    assert lacking(["r"], "unverified", "r", side) == ([], [])
    assert lacking(["region"], "not-in-force", "r", side) == ([], [])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", names())
def test_what_may_be_chosen_has_words_in_both_languages(name: str, language: str) -> None:
    inputs = read(rule_text(name)).inputs
    facts = [*inputs.facts, *(fact for rows in inputs.lists for fact in rows.facts)]
    chosen = [word for fact in facts for word in getattr(fact, "choices", ())]
    assert [word for word in chosen if f"choice.{word}" not in catalogue(language)] == []
