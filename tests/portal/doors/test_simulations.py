"""What-if for everybody is over invented enterprises; over the record it is the bureaus'."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from incentives.rules.packaged import golden_text, rule_text
from incentives.rules.rule import read
from portal.app import create_app
from portal.policy.studying import Studies, settings
from portal.shell.problems import Problem
from tests.factories.facts import FINANCE, REGULATOR
from tests.factories.policy import RULE, define_discharge, publish_rule, report_month
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import OFFICERS, scene

PATH = f"/v1/incentives/simulations/{RULE}"
COUNT = 300


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, Headers]]:
    with scene(tmp_path_factory.mktemp("simulations") / "home", None) as stage:
        stage.cast()
        define_discharge(stage)
        publish_rule(stage)
        report_month(stage)
        report_month(stage, "buyer", [("烟尘", 218, 90)])
        app = create_app(stage.ledger, stage.clock)
        app.extensions["studies"] = Studies(COUNT)
        client = app.test_client()
        yield client, sign_in(client, "regulator", stage.keys[REGULATOR[0]])


def told(asked: tuple[FlaskClient, Headers], query: str = "") -> Any:
    answer = asked[0].get(PATH + query)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_without_a_change_nobody_wins_and_nobody_loses(asked: Any) -> None:
    found = told(asked)
    assert (found["population"], found["enterprises"]) == ("synthetic", COUNT)
    assert (found["winners"], found["losers"], found["won_fen"], found["lost_fen"]) == (0,) * 4
    assert found["before"] == found["after"]
    assert found["pre_check"] is True
    assert found["cliffs"] is None


def test_an_easier_threshold_makes_winners_alone_and_their_sum_is_the_cost(asked: Any) -> None:
    found = told(asked, "?set=first_cut:0.2&cliffs=yes")
    assert found["winners"] > 0 == found["losers"]
    assert found["after"]["cost_fen"] - found["before"]["cost_fen"] == found["won_fen"]
    for shares in found["by"].values():
        assert sum(share["enterprises"] for share in shares) == COUNT
        assert sum(share["winners"] for share in shares) == found["winners"]
        assert sum(share["after"]["cost_fen"] for share in shares) == found["after"]["cost_fen"]
    assert [edge["threshold"] for edge in found["thresholds"]["after"]] == ["0.8", "0.5"]
    assert {cliff["name"] for cliff in found["cliffs"]} <= {
        "below_first: ratio < 1 - first_cut",
        "below_second: ratio < 1 - second_cut",
    }


def test_a_figure_can_be_set_by_the_name_that_people_know(asked: Any) -> None:
    assert told(asked, "?set=t30:0.80") == told(asked, "?set=first_cut:0.20")


@pytest.mark.parametrize(
    ("query", "field", "rule"),
    [
        ("?set=first_cut", "set", "NAME:VALUE,…"),
        ("?set=first_cut:1,first_cut:2", "set", "NAME:VALUE,…"),
        ("?set=first_cut:x", "set", "number-malformed"),
        ("?set=no_such:1", "no_such", "rule-parameter-unknown"),
        ("?set=metals_air:1", "metals_air", "parameter-kind"),
        ("?set=first_cut:0.2,t30:0.8", "t30", "parameter-twice"),
        ("?set=first_cut:1.5", "first_cut", "parameter-out-of-range"),
        ("?cliffs=maybe", "cliffs", "yes|no"),
        ("?other=1", "other", "unknown"),
    ],
)
def test_what_cannot_be_set_is_refused_by_field_and_rule(
    asked: Any, query: str, field: str, rule: str
) -> None:
    answer = asked[0].get(PATH + query)
    assert answer.status_code == 400
    told = answer.json["params"]
    assert (told["field"], told["rule"]) == (field, rule)


def test_a_figure_outside_its_range_is_refused_by_parameter_bound_and_unit(asked: Any) -> None:
    told = asked[0].get(PATH + "?set=t30:-0.5").json["params"]
    bounds = {"value": "1.5", "least": "0", "most": "1", "unit": "share of the standard"}
    named = {"field": "t30", "parameter": "first_cut", "rule": "parameter-out-of-range"}
    assert told == {**named, **bounds}


@pytest.mark.parametrize("value", ["123456789012", "1e15", "1e40"])
def test_figures_whose_sums_nobody_could_state_are_refused(asked: Any, value: str) -> None:
    for path in (f"{PATH}?set=rate_air:{value}", f"/incentives/simulate?set=rate_air:{value}"):
        assert asked[0].get(path).status_code == 400
    answer = asked[0].get(f"{PATH}?set=rate_air:{value}").json
    assert answer["params"]["rule"] in ("amount-too-large", "number-too-long")


def test_the_page_says_how_many_are_told_neither_yes_nor_no(asked: Any) -> None:
    page, found = asked[0].get("/incentives/simulate?lang=en").text, told(asked)
    counts = found["statuses"]["after"]
    for status, words in (("refused", "Contradictory"), ("unverified", "Unverified")):
        (row,) = re.findall(
            rf'<tr data-status-of="{status}"( hidden)?><th scope="row">{words}', page
        )
        assert bool(row) is not bool(counts.get(status))
    if counts.get("refused"):
        assert f"{counts['refused']:,}" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "first_cut: from 0 to 1 (of the standard)"), ("zh", "first_cut：0至1")],
)
def test_the_page_keeps_what_was_typed_and_says_why_it_is_refused(
    asked: Any, language: str, words: str
) -> None:
    query = "set=first_cut:-0.3,second_cut:0.6"
    answer = asked[0].get(f"/incentives/simulate?lang={language}&{query}")
    assert answer.status_code == 400
    assert words in answer.text
    assert re.search(r'value="-0.3" aria-label="first_cut" data-typed aria-invalid', answer.text)
    assert 'value="0.6" aria-label="second_cut" data-typed>' in answer.text
    malformed = asked[0].get("/incentives/simulate?lang=en&set=first_cut:a half")
    assert malformed.status_code == 400
    assert 'value="a half"' in malformed.text


def test_the_page_shows_the_figures_it_was_asked_with(asked: Any) -> None:
    text = asked[0].get("/incentives/simulate?lang=en&set=t30:0.8").text
    assert 'step="1" value="20" data-knob="first_cut"' in text
    assert 'value="0.2" aria-label="first_cut" data-typed>' in text


def test_a_population_that_is_none_is_a_wrong_parameter(asked: Any) -> None:
    client, regulator = asked
    for headers in ({}, regulator):
        answer = client.get("/incentives/simulate?lang=en&population=other", headers=headers)
        assert answer.status_code == 400


def test_over_the_record_the_text_is_that_of_the_period_as_in_the_shell(tmp_path: Path) -> None:
    with scene(tmp_path / "home", None) as stage:
        stage.cast()
        define_discharge(stage)
        publish_rule(stage)
        report_month(stage)
        publish_rule(stage, text=rule_text(RULE) + "\n# later\n", valid_from="2026-01-01")
        client = create_app(stage.ledger, stage.clock).test_client()
        regulator = sign_in(client, "regulator", stage.keys[REGULATOR[0]])
        path = f"/v1/supervision/simulations/{RULE}"
        found = client.get(path, headers=regulator).json
        assert found["rule_sha256"] == read(rule_text(RULE)).digest
        assert found["on"] == "2025-12-31"
        assert client.get(f"{path}-none", headers=regulator).status_code == 404


@pytest.mark.parametrize("query", ["as_of=2020-01-01", "known_at=1"])
@pytest.mark.parametrize("path", [PATH, "/incentives/simulate"])
def test_no_day_can_be_chosen_so_that_nobody_can_have_each_day_drawn(
    asked: Any, path: str, query: str
) -> None:
    answer = asked[0].get(f"{path}?{query}")
    assert answer.status_code == 400
    assert f"{query.partition('=')[0]}" in answer.text


def test_a_rule_that_nobody_knows_is_no_other_rule(asked: Any) -> None:
    client, _ = asked
    assert client.get("/incentives/simulate?rule=nope").status_code == 404
    assert client.get("/incentives/simulate?rule=").status_code == 200


def test_over_the_record_a_day_chooses_the_period(asked: Any) -> None:
    client, regulator = asked
    path = f"/v1/supervision/simulations/{RULE}"
    newest = client.get(path, headers=regulator).json
    same = client.get(f"{path}?on={newest['on']}", headers=regulator).json
    assert same == newest
    before = client.get(f"{path}?on=2024-06-30", headers=regulator).json
    assert (before["on"], before["enterprises"]) == ("2024-06-30", 0)
    assert client.get(f"{path}?on=abc", headers=regulator).status_code == 400
    page = f"/incentives/simulate?rule={RULE}&lang=en&population=record&on={newest['on']}"
    assert client.get(page, headers=regulator).status_code == 200


def test_too_many_figures_are_refused() -> None:
    with pytest.raises(Problem):
        settings(",".join(f"a{n}:1" for n in range(21)))


def test_over_the_record_the_regulator_asks(asked: Any) -> None:
    client, regulator = asked
    path = f"/v1/supervision/simulations/{RULE}"
    assert client.get(path).status_code == 401
    # Soot at 0.90 is below 0.95: a quarter of 120.00 for each of the two.
    found = client.get(f"{path}?set=first_cut:0.05", headers=regulator).json
    assert (found["population"], found["enterprises"], found["winners"]) == ("record", 2, 2)
    assert (found["before"]["cost_fen"], found["won_fen"]) == (120_000, 6_000)
    assert [share["word"] for share in found["by"]["industry"]] == [""]
    assert found["region"] is None


def test_a_finance_bureau_asks_over_the_parties_of_its_region_and_nobody_else_does(
    tmp_path: Path,
) -> None:
    with scene(tmp_path / "home", None) as stage:
        stage.cast()
        define_discharge(stage)
        publish_rule(stage)
        report_month(stage)
        report_month(stage, "buyer", [("烟尘", 218, 90)])
        stage.admit("hangzhou", "finance", 70)
        stage.admit("lender", "bank", 71)
        moved = {"party": "buyer", "region": "330200", "document": "d"}
        stage.do("registrar", "party.change", moved, *OFFICERS)
        client = create_app(stage.ledger, stage.clock).test_client()
        path = f"/v1/supervision/simulations/{RULE}"
        page = "/incentives/simulate?lang=en&population=record"
        province = sign_in(client, "finance", stage.keys[FINANCE[0]])
        city = sign_in(client, "hangzhou", stage.key("hangzhou/a"))
        # The bureau of the genesis has no region and sees all; Hangzhou's loses sight of Ningbo's.
        found = [client.get(path, headers=reader).json for reader in (province, city)]
        assert [(one["enterprises"], one["region"]) for one in found] == [(2, None), (1, "330100")]
        assert [share["word"] for share in found[1]["by"]["city"]] == ["330100"]
        text = client.get(page, headers=city).text
        assert "In the region of the bureau: Hangzhou" in text
        assert "In the region" not in client.get(page, headers=province).text
        for party in ("owner", "lender"):
            other = sign_in(client, party, stage.key(f"{party}/a"))
            for closed in (path, page):
                answer = client.get(closed, headers=other)
                assert answer.status_code == 403
            assert client.get(path, headers=other).json["code"] == "simulation-closed"
            assert 'name="population"' not in client.get("/incentives/simulate", headers=other).text
        stage.do("regulator", "party.suspend", {"party": "hangzhou", "document": "d"}, *REGULATOR)
        assert client.get(path, headers=city).status_code == 403


@pytest.mark.parametrize(("language", "title"), [("en", "What if"), ("zh", "政策模拟")])
def test_the_page_is_whole_without_scripts_and_says_that_it_is_invented(
    asked: Any, language: str, title: str
) -> None:
    answer = asked[0].get(f"/incentives/simulate?lang={language}&set=first_cut:0.2")
    assert answer.status_code == 200
    assert f"<h1>{title}</h1>" in answer.text
    assert {"en": "invented", "zh": "均为虚构"}[language] in answer.text
    assert {"en": "Hangzhou", "zh": "杭州市"}[language] in answer.text
    assert "simulate." not in re.sub(r"simulate\.(js|css)", "", answer.text)
    assert "<script>" not in answer.text
    assert "'self'" in answer.headers["Content-Security-Policy"]


def test_the_page_offers_the_figures_that_are_single_numbers(asked: Any) -> None:
    text = asked[0].get("/incentives/simulate?lang=en").text
    knobs = re.findall(r'data-knob="(\w+)"', text)
    assert "first_cut" in knobs
    assert not {"metals_air", "equivalent_kg"} & set(knobs)


def test_a_ledger_without_rules_has_a_page_that_says_so(tmp_path: Path) -> None:
    with scene(tmp_path / "home", None) as stage:
        client = create_app(stage.ledger, stage.clock).test_client()
        answer = client.get("/incentives/simulate?lang=en")
    assert answer.status_code == 200
    assert "data-simulation" not in answer.text


def test_what_the_page_draws_is_what_the_interface_answers(asked: Any) -> None:
    text = asked[0].get("/incentives/simulate?lang=en&set=first_cut:0.2").text
    held = re.search(r'data-found="([^"]*)"', text)
    assert held is not None
    found = json.loads(held[1].replace("&#34;", '"').replace("&amp;", "&").replace("&#39;", "'"))
    again = told(asked, "?set=first_cut:0.2&cliffs=yes")
    more = {"population": "synthetic", "region": None, "known_at": None}
    assert {**found, **more} == again


def test_the_page_over_the_record_opens_for_the_regulator_and_for_nobody_without_a_name(
    asked: Any,
) -> None:
    client, regulator = asked
    path = "/incentives/simulate?lang=en&population=record"
    assert client.get(path).status_code == 403
    answer = client.get(path, headers=regulator)
    assert answer.status_code == 200
    assert 'data-simulation="/v1/supervision/simulations/' in answer.text
    assert "invented; nothing here" not in answer.text
    assert '<th scope="row">unknown</th>' in answer.text  # the record knows no industry
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_page_opens_with_a_rule_that_asks_the_record_and_gives_a_sum(tmp_path: Path) -> None:
    """Of the rules that ship the first by name asks for nothing that an example would show."""
    with scene(tmp_path / "home", None) as stage:
        stage.cast()
        define_discharge(stage)
        for name in ("anji-bamboo", RULE):
            more = {"text": rule_text(name), "golden": golden_text(name)}
            publish_rule(stage, **more, valid_from="2026-01-01")
        app = create_app(stage.ledger, stage.clock)
        app.extensions["studies"] = Studies(COUNT)
        client = app.test_client()
        assert f'value="{RULE}" selected' in client.get("/incentives/simulate").text
        chosen = client.get("/incentives/simulate?rule=anji-bamboo").text
        assert 'value="anji-bamboo" selected' in chosen


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "该规则不产生单一金额"), ("en", "This rule gives no sum")]
)
def test_a_facility_shows_its_money_and_no_nought_for_a_cost(
    tmp_path: Path, language: str, words: str
) -> None:
    with scene(tmp_path / "home", None) as stage:
        stage.cast()
        text = {"text": rule_text("pboc-carbon"), "golden": golden_text("pboc-carbon")}
        publish_rule(stage, **text, valid_from="2021-11-08")
        app = create_app(stage.ledger, stage.clock)
        app.extensions["studies"] = Studies(COUNT)
        client = app.test_client()
        query = "set=funded_share:0.3"
        page = client.get(f"/incentives/simulate?rule=pboc-carbon&lang={language}&{query}").text
        assert words in page
        assert 'data-figure="funds"' in page and 'data-total="cost"' not in page
        assert 'data-chart="cost"' not in page
        found = client.get(f"/v1/incentives/simulations/pboc-carbon?{query}").json
    assert found["after"]["cost_fen"] is None
    assert found["figures"][0]["altered"] == found["after"]["figures"][0]["known"] > 0


def test_a_rule_that_grades_shows_how_many_have_which_grade(tmp_path: Path) -> None:
    with scene(tmp_path / "home", None) as stage:
        stage.cast()
        whole = rule_text("carbon-code")
        unbound = whole[: whole.index("\nfacts:")] + whole[whole.index("\nsteps:") :]
        text = {"text": unbound, "golden": golden_text("carbon-code")}
        publish_rule(stage, **text, valid_from="2024-01-15")
        app = create_app(stage.ledger, stage.clock)
        app.extensions["studies"] = Studies(COUNT)
        client = app.test_client()
        query = "set=low_level:0.1"
        found = client.get(f"/v1/incentives/simulations/carbon-code?{query}").json
        page = client.get(f"/incentives/simulate?rule=carbon-code&lang=zh&{query}").text
    (grade,) = [one for one in found["grades"] if one["name"] == "level"]
    assert sum(grade["before"].values()) == sum(grade["after"].values()) > 0
    assert grade["altered"] > 0
    row = page[page.index('data-grade="level"') :]
    assert "碳效水平" in row and f"<span data-altered>{grade['altered']}</span>" in row
