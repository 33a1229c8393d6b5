"""The pages of questions: the bureau's, the enterprise's own, in both languages and for print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ledger.facts.models import private_fact_table
from tests.factories.policy import define_discharge, publish_rule, report_month
from tests.factories.scene import scene
from tests.incentives.rules.sample import THRESHOLDS
from tests.portal.doors.test_answers import World

ON = "on=2025-12-31"
ASK = f"/desk/incentives/ask?party=owner&{ON}"
DRAFT = THRESHOLDS.replace("sample-thresholds", "sample-draft").replace(
    "review: unverified", "review: draft"
)
NEVER = """
rule: {rule}
cases: [{{name: none, as_of: 2017-01-01, expect: {{status: not-in-force}}}}]
"""
FORM = {
    "sample-thresholds.staff": "2",
    "sample-thresholds.share": "0.8",
    "sample-thresholds.spend": "50",
    "sample-thresholds.base": "100",
    "sample-thresholds.clean": "true",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with scene(tmp_path_factory.mktemp("asking") / "home", None) as stage:
        stage.cast()
        define_discharge(stage)
        publish_rule(stage)
        report_month(stage)
        publish_rule(stage, text=THRESHOLDS, golden=NEVER.format(rule="sample-thresholds"))
        publish_rule(stage, text=DRAFT, golden=NEVER.format(rule="sample-draft"))
        yield World(stage)


def page(world: World, path: str, reader: str = "owner", status: int = 200, **form: Any) -> str:
    sent = world.client.post if form else world.client.get
    more = {"data": form["data"]} if form else {}
    answer = sent(path, headers=world.readers[reader], **more)
    assert answer.status_code == status, answer.text
    return str(answer.text)


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
@pytest.mark.parametrize("path", [f"/desk/incentives?{ON}", ASK, "/desk/incentives/ask?x=1"])
def test_pages_speak_both_languages_and_run_no_script(
    world: World, path: str, language: str, tag: str
) -> None:
    path = path.replace("?x=1", "?") if "x=1" in path else f"{path}&"
    text = page(world, f"{path}lang={language}")
    assert f'<html lang="{tag}">' in text
    assert "<script" not in text
    assert "asking." not in text  # no key without words
    head = {"zh": "预审结果，不构成行政决定", "en": "A pre-check, not an administrative decision"}
    assert head[language] in text


def test_the_bureau_sees_state_values_entries_clauses_and_what_would_change(world: World) -> None:
    text = page(world, f"{ASK}&lang=en", "regulator")
    assert "<strong>¥1,200.00</strong>" in text
    assert "中华人民共和国环境保护税法 第十三条" in text
    assert "0.6 → below" in " ".join(text.split())
    assert "¥1,800.00" in text
    entry = min(row["index"] for row in world.stage.rows(private_fact_table))
    assert text.count(f'href="/entries/{entry}?lang=en"') > 10
    assert 'class="verdict unverified">Unverified' in text  # the draft
    assert 'class="verdict missing">Data missing' in text


def test_an_enterprise_sees_what_it_gets_first_and_how_far_the_rest_is(world: World) -> None:
    text = page(world, f"/desk/incentives?{ON}&lang=en")
    order = ["You qualify", "There could be more:", "Cannot be said", "not established"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert f"/desk/incentives/ask?party=owner&amp;{ON}" in text


def test_what_no_fact_holds_is_declared_in_a_form_and_marked(world: World) -> None:
    text = page(world, f"{ASK}&lang=en")
    assert 'name="sample-thresholds.staff"' in text
    text = page(world, f"{ASK}&lang=en", data=FORM)
    assert "staff = 2" in text
    assert ">declared<" in text
    assert "2 → 6" in " ".join(text.split())
    assert 'name="sample-thresholds.staff" value="2"' in text


def test_a_browser_sends_a_form_with_its_origin(world: World) -> None:
    answer = world.client.get(ASK, headers=world.readers["owner"])
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("party", ["buyer", "nobody", "x" * 300, "%00"])
def test_others_are_not_there(world: World, party: str) -> None:
    text = page(world, f"/desk/incentives/ask?party={party}&{ON}&lang=en", status=404)
    assert 'data-result="bad"' in text


@pytest.mark.parametrize(
    ("more", "status"),
    [("&on=2025-02-30", 400), ("&known_at=x", 400), ("&known_at=99999", 400), ("&rule=no", 404)],
)
def test_bad_questions_are_told(world: World, more: str, status: int) -> None:
    page(world, f"/desk/incentives/ask?party=owner{more}", status=status)


def test_a_form_that_names_no_input_is_told(world: World) -> None:
    text = page(world, f"{ASK}&lang=en", status=400, data={"sample-thresholds.other": "1"})
    assert "declared.sample-thresholds.other" in text


def test_a_day_before_any_rule_says_so(world: World) -> None:
    assert "No rule holds" in page(world, "/desk/incentives?on=2017-01-01&lang=en")
