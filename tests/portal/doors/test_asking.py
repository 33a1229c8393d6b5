"""The pages of questions: the bureau's, the enterprise's own, in both languages and for print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
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


def test_wrong_inputs_stay_in_the_form_and_each_is_told_beside_its_field(world: World) -> None:
    wrong = {"share": "1.5", "staff": "two"}
    form = {**FORM, **{f"sample-thresholds.{name}": text for name, text in wrong.items()}}
    for language, words in (("zh", "不大于 1"), ("en", "at most 1")):
        text = page(world, f"{ASK}&lang={language}", status=400, data=form)
        for name, value in {**form, "sample-thresholds.clean": None}.items():
            assert f'name="{name}"' in text
            assert value is None or f'value="{value}"' in text
        assert '<option value="true" selected>' in text
        assert 'id="fault-sample-thresholds.share"' in text
        assert 'aria-describedby="fault-sample-thresholds.staff"' in text
        assert words in text.partition('id="fault-sample-thresholds.share"')[2]
        assert "<strong>¥1,200.00</strong>" in text  # the other rules answer


def test_a_text_too_long_is_told_and_not_cut_off(world: World) -> None:
    form = {**FORM, "sample-thresholds.staff": "1" * 300}
    text = page(world, f"{ASK}&lang=en", status=400, data=form)
    assert 'id="fault-sample-thresholds.staff"' in text


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("on=2025-02-30", "on", "must be a day"),
        (f"{ON}&known_at=9999999", "known_at", "whole number from 0 to"),
        (f"{ON}&rule=no", "rule", "No such rule was known then"),
    ],
)
def test_a_wrong_question_keeps_what_was_typed_and_says_which_field(
    world: World, query: str, field: str, words: str
) -> None:
    path = f"/desk/incentives/ask?party=owner&{query}&lang=en"
    text = page(world, path, status=404 if field == "rule" else 400)
    typed = dict(pair.split("=") for pair in query.split("&"))
    assert 'name="party" value="owner"' in text
    for name, value in typed.items():
        assert f'name="{name}" value="{value}"' in text
    assert f'aria-describedby="fault-{field}"' in text
    assert words in text.partition(f'id="fault-{field}"')[2]


def test_the_form_has_the_inputs_of_the_sum_of_a_rule_that_says_no(world: World) -> None:
    form = {"sample-thresholds.clean": "false"}
    text = page(world, f"{ASK}&rule=sample-thresholds&lang=en", data=form)
    assert 'class="verdict no"' in text
    assert all(f'name="{name}"' in text for name in FORM)


def test_the_steps_of_the_sum_show_where_each_value_comes_from(world: World) -> None:
    text = page(world, f"{ASK}&rule=ept-art13&lang=en")
    steps = text.partition('class="steps"')[2].partition("</details>")[0]
    entry = min(row["index"] for row in world.stage.rows(private_fact_table))
    assert "Pollution equivalents" in steps
    assert "Tax relieved" in steps
    assert "¥1,200.00" in steps
    assert f'href="/v1/entries/{entry}/proof"' in steps
    assert "Rate of air pollutants = 1.2" in steps
    assert "from 2018-01-01; 浙江省人民代表大会常务委员会公告第71号" in steps


def test_papers_are_shown_and_a_missing_list_says_who_states_what(world: World) -> None:
    text = page(world, "/desk/incentives/ask?party=buyer&on=2025-12-31&lang=en", "buyer")
    assert "Automatic monitoring of the month or reports of a laboratory" in text
    assert "Facts about buyer of 2025-12-01 to 2025-12-31 (Month)" in text
    assert "discharge.mass 排放量, in kg, each by outlet, medium, pollutant" in text
    assert "stated by Regulator, Enterprise with fact.report" in text
    assert 'href="/guide/fact.report?lang=en"' in text


def test_a_draft_does_not_want_itself(world: World) -> None:
    text = page(world, f"{ASK}&rule=sample-draft&lang=en")
    answer = text.partition('<section class="answer" id="sample-draft">')[2]
    assert "<p>Wanting: sample-draft" not in answer
    assert "Wanting: staff" in answer  # a condition lacks an input


def test_the_own_page_opens_on_the_newest_period_with_facts(world: World) -> None:
    text = page(world, "/desk/incentives?lang=en")
    assert "Opened on the newest period with facts of this party (to 2025-12-31)" in text
    assert 'name="on" value="2025-12-31"' in text
    assert 'href="/desk/incentives?on=2026-01-01&amp;lang=en"' in text
    assert "You qualify" in text
    today = page(world, "/desk/incentives?on=2026-01-01&lang=en")
    assert "Opened on" not in today
    assert 'href="/desk/incentives?lang=en"' in today
    none = page(world, "/desk/incentives?lang=en", "buyer")
    assert "no facts of this party" in none
    assert 'name="on" value="2026-01-01"' in none


def test_a_wrong_day_of_the_own_page_stays_and_is_told(world: World) -> None:
    text = page(world, "/desk/incentives?on=31.12.2025&lang=en", status=400)
    assert 'value="31.12.2025"' in text
    assert "must be a day" in text


def test_a_form_that_names_no_input_is_told(world: World) -> None:
    text = page(world, f"{ASK}&lang=en", status=400, data={"sample-thresholds.other": "1"})
    assert "declared.sample-thresholds.other" in text
    both = {"sample-thresholds.other": "1", "sample-thresholds.staff": "7"}
    text = page(world, f"{ASK}&lang=en", status=400, data=both)
    assert 'name="sample-thresholds.staff" value="7"' in text


def test_a_day_before_any_rule_says_so(world: World) -> None:
    assert "No rule holds" in page(world, "/desk/incentives?on=2017-01-01&lang=en")


def test_an_enterprise_is_asked_about_itself_and_every_rule_is_named(world: World) -> None:
    own = page(world, "/desk/incentives/ask?lang=en")
    assert 'name="party" value="owner"' in own
    assert '<option value="sample-thresholds">' in own
    assert 'name="party" value=""' in page(world, "/desk/incentives/ask?lang=en", "regulator")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Each pollutant once per outlet"), ("zh", "只申报一次")]
)
def test_facts_that_contradict_a_check_are_told_it_in_words(
    home: Path, language: str, words: str
) -> None:
    with scene(home, None) as stage:
        stage.cast()
        define_discharge(stage)
        publish_rule(stage)
        # 化学需氧量 and 生化需氧量 of one outlet are one family, of which one may be stated.
        water = [("化学需氧量", 10, 50), ("生化需氧量", 10, 50)]
        report_month(stage, month=water)
        world = World(stage)
        text = page(world, f"{ASK}&lang={language}")
    assert words in text
