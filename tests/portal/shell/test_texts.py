"""Both languages say everything: no key in one alone, no error code without words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from incentives.rules import packaged
from incentives.rules.rule import read
from portal.app import create_app
from portal.home.opening import seed_parameters
from portal.house import make_engine
from portal.shell import texts
from tests import codes
from tests.factories.ledger import ledger
from tests.tree import ROOT


def test_codes_are_found_where_they_stand() -> None:
    source = """
raise Refusal("a-b", x=1)
Problem(404, "c" if y else "d")
other("e")
Refusal(f)
fields.refuse("g", name)
code = "h" if i else j
class Party(Pattern):
    def __init__(self):
        super().__init__(FORM, "not-k")
    def rule(self, value):
        return None if value else "l"
"""
    told = {"Refusal": 0, "Problem": 1}
    assert sorted(codes.codes(source, told)) == ["a-b", "c", "d", "g", "h", "l", "not-k"]


def said(language: str) -> set[str]:
    return set(texts.catalogue(language))


def test_the_languages_have_the_same_keys() -> None:
    assert said("zh") ^ said("en") == set()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_error_code_has_words(language: str) -> None:
    wanted = codes.everywhere()
    kinds = {f"{name.replace('_', '-')}-unknown" for name in make_engine().kinds}
    silent = {code for code in wanted if f"problem.{code}" not in said(language)}
    assert silent == set()
    assert len(wanted) > 600
    assert {"not-hex", "root-differs", "number-malformed", "columns-missing"} <= wanted
    assert {"party-unknown", "project-unknown", "report-unknown"} <= kinds


def test_every_error_code_has_the_page_that_its_type_leads_to(tmp_path: Path) -> None:
    with ledger(tmp_path) as voices:
        client = create_app(voices.ledger).test_client()
        lost = [
            code
            for code in sorted(codes.everywhere())
            if client.get(f"/problems/{code}").status_code != 200
        ]
        assert lost == []
        assert client.get("/problems/no-such-code").status_code == 404
        said = client.post("/v1/sessions/challenges", json={"party": "P!", "key": "x"}).json
        assert client.get(said["type"]).status_code == 200


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_statement_type_has_a_name(language: str) -> None:
    types = {name for name, _ in make_engine().types}
    assert {name for name in types if f"type.{name}" not in said(language)} == set()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_packaged_rule_has_words_for_its_kind_its_grantor_and_its_review(
    language: str,
) -> None:
    for name in packaged.names():
        rule = read(packaged.rule_text(name))
        for key in ("kind", "grantor", "review"):
            assert f"policy.{key}_of.{getattr(rule, key)}" in said(language), name


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_figure_of_a_packaged_rule_and_its_unit_have_words(language: str) -> None:
    for name in packaged.names():
        rule = read(packaged.rule_text(name))
        figures = {f"policy.figure_of.{parameter}" for parameter in rule.parameters}
        inputs = [*rule.inputs.facts, *(f for rows in rule.inputs.lists for f in rows.facts)]
        units = {p.unit for p in rule.parameters.values()} | {fact.unit for fact in inputs}
        units |= {step.unit for step in rule.steps}
        wanted = figures | {f"policy.unit_of.{unit}" for unit in units - {"", "1"}}
        assert wanted - said(language) == set(), name


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_unit_of_a_seeded_parameter_has_words(language: str) -> None:
    units = {row["unit"] for row in seed_parameters()}
    assert len(units) > 80
    assert {unit for unit in units if f"policy.unit_of.{unit}" not in said(language)} == set()


SAID = re.compile(r"""\b(?:say|both|in_both)\(\s*["']([a-z_]+(?:\.[\w-]+)+)["']\s*[,)]""")


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_text_that_a_page_or_a_module_says_by_its_name_is_there(language: str) -> None:
    """A key that nobody wrote words for would be shown as it is."""
    words = texts.catalogue(language)
    files = [*(ROOT / "portal").rglob("*.html"), *(ROOT / "portal").rglob("*.py")]
    said = {key for file in files for key in SAID.findall(file.read_text("utf-8"))}
    assert len(said) > 300
    assert sorted(said - set(words)) == []


def test_a_key_said_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zh.yaml").write_text("a: {b: 一}\n")
    (tmp_path / "more.zh.yaml").write_text("a: {b: 二}\n")
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    with pytest.raises(KeyError, match=r"a\.b"):
        texts.catalogue.__wrapped__("zh")
