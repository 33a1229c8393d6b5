"""The policy's public doors: facts, rules, quotas in both languages, and nothing confidential."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from incentives import queries
from incentives.models import rule_table
from incentives.rules.packaged import rule_text
from incentives.rules.rule import read
from portal.app import create_app
from portal.doors.facts import value_of
from tests.factories.facts import REGULATOR, define, regional, regional_observation
from tests.factories.policy import (
    RULE,
    SHARES,
    define_discharge,
    plan_body,
    publish_rule,
    report_month,
    rule_body,
)
from tests.factories.scene import Scene, scene

SECRET = [("烟尘", 123_457, 90)]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A public fact and its correction, a confidential month, a rule in two texts, two plans."""
    with scene(tmp_path_factory.mktemp("doors") / "home", None) as made:
        made.cast()
        define_discharge(made)
        define(made, regional(name_en="Emissions <b>"))
        report_month(made, "owner", SECRET)
        made.do("regulator", "fact.publish", regional_observation(value=15, scale=1), *REGULATOR)
        first = newest(made)
        fix = regional_observation(value=10, scale=0, corrects=first)
        made.do("regulator", "fact.publish", fix, *REGULATOR)
        fact = newest(made)
        publish_rule(made)
        later = rule_text(RULE).replace("grantor: tax-authority", "grantor: 某部门<i>")
        publish_rule(made, text=later, valid_from="2025-06-01")
        evidence = [{"code": "330100", "indicator": "emissions", "fact": fact}]
        made.do("regulator", "quota.publish", plan_body(evidence=evidence), *REGULATOR)
        second = plan_body(plan="ZJ-2026-2", supersedes="ZJ-2026")
        made.do("regulator", "quota.publish", second, *REGULATOR)
        yield made


def newest(stage: Scene) -> str:
    client = create_app(stage.ledger).test_client()
    rows: list[dict[str, Any]] = client.get("/v1/facts").json["items"]
    return str(max(rows, key=lambda row: row["index"])["fact"])


@pytest.fixture
def client(stage: Scene) -> FlaskClient:
    return create_app(stage.ledger).test_client()


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_every_page_answers_in_both_languages(
    client: FlaskClient, stage: Scene, language: str, tag: str
) -> None:
    fact = newest(stage)
    for path in (
        "/facts",
        "/facts?indicator=region.co2",
        "/facts?subject=330100",
        f"/facts/{fact}",
        "/quotas",
        "/quotas/ZJ-2026",
        "/incentives",
        f"/incentives/{RULE}",
    ):
        sign = "&" if "?" in path else "?"
        answer = client.get(f"{path}{sign}lang={language}")
        assert answer.status_code == 200, path
        assert f'<html lang="{tag}">' in answer.text
        assert "<script" not in answer.text
        assert "<b>" not in answer.text
        assert "<i>" not in answer.text
        assert "policy." not in answer.text  # no key without words


def test_the_other_language_shows_the_same_question(client: FlaskClient) -> None:
    page = client.get("/facts?indicator=region.co2&lang=en").text
    assert 'href="?indicator=region.co2&amp;lang=zh"' in page


def test_nothing_public_shows_a_confidential_fact(client: FlaskClient, stage: Scene) -> None:
    answers = [
        client.get(path).text
        for path in ("/facts", "/v1/facts", "/facts?subject=owner", "/v1/facts?subject=owner")
    ]
    with stage.ledger.record.reading() as connection:
        size = stage.ledger.record.head(connection).size
    answers += [client.get(f"/v1/entries/{index}").text for index in range(size)]
    assert not any("123457" in text or "123,457" in text for text in answers)
    secret = next(
        index
        for index in range(size)
        if "envelope_sha256" in client.get(f"/v1/entries/{index}").text
    )
    for name in (f"{secret}/0", str(secret)):
        assert client.get(f"/v1/facts/{name}").status_code == 404


def test_only_what_stands_is_listed_and_what_stood_can_be_asked(client: FlaskClient) -> None:
    (now,) = client.get("/v1/facts?indicator=region.co2").json["items"]
    assert (now["value"], now["until"]) == (10, None)
    (then,) = client.get(f"/v1/facts?known_at={now['index']}").json["items"]
    assert (then["value"], then["until"]) == (15, now["index"])
    line = client.get(f"/v1/facts/{now['fact']}").json["line"]
    assert [row["value"] for row in line] == [15, 10]
    page = client.get(f"/facts/{then['fact']}?lang=en").text
    assert "Corrected by entry" in page
    assert ">1.5 t<" in page


def test_a_rule_is_shown_with_clause_source_confidence_and_as_of_a_day(client: FlaskClient) -> None:
    page = client.get(f"/incentives/{RULE}?lang=en").text
    assert "中华人民共和国环境保护税法 第十三条" in page
    assert "Unverified" in page
    assert "two re-posts of the notice" in page
    assert "A pre-check, not an administrative decision" in page
    (rule,) = client.get("/v1/incentives/rules").json["items"]
    (earlier,) = client.get("/v1/incentives/rules?as_of=2025-05-31").json["items"]
    assert (rule["grantor"], earlier["grantor"]) == ("某部门<i>", "tax-authority")
    whole = client.get(f"/v1/incentives/rules/{RULE}?as_of=2025-05-31").json
    assert whole["text"] == rule_text(RULE)
    assert len(whole["versions"]) == 2
    assert client.get(f"/v1/incentives/rules/{RULE}?as_of=2017-01-01").status_code == 404
    at = whole["index"]
    assert client.get(f"/v1/incentives/rules/{RULE}?known_at={at}").status_code == 404


def test_a_plan_shows_every_share_its_fact_and_what_took_its_place(client: FlaskClient) -> None:
    plan = client.get("/v1/quotas/ZJ-2026").json
    assert [(share["code"], share["quantity"]) for share in plan["shares"]] == SHARES
    assert plan["until"] is not None
    listed = client.get("/v1/quotas").json["items"]
    assert [row["plan"] for row in listed] == ["ZJ-2026", "ZJ-2026-2"]
    assert "text" not in listed[0]
    page = client.get("/quotas/ZJ-2026?lang=en").text
    assert "Superseded" in page
    assert "Reserve" in page
    assert "1000/33" in page
    assert f'href="/facts/{plan["evidence"][0]["fact"]}?lang=en"' in page
    assert "Low · unverified" in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/facts/none", 404),
        ("/v1/facts/1/2/3", 404),
        ("/v1/facts/%00", 404),
        ("/v1/facts/" + "x" * 500, 404),
        ("/v1/quotas/none", 404),
        ("/v1/quotas/%00", 404),
        ("/v1/incentives/rules/none", 404),
        ("/v1/incentives/rules/%00", 404),
        ("/v1/facts?known_at=x", 400),
        ("/v1/facts?known_at=999999", 400),
        ("/v1/facts?known_at=-1", 400),
        ("/v1/facts?subject=%00", 400),
        ("/v1/facts?indicator=" + "x" * 200, 400),
        ("/v1/incentives/rules?as_of=2025-02-30", 400),
        ("/v1/incentives/rules?as_of=", 400),
        ("/v1/facts?limit=0", 400),
        ("/v1/facts?cursor=W10=", 400),
    ],
)
def test_bad_questions_are_problems(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("path", ["/facts/none", "/quotas/none", "/incentives/none"])
def test_what_is_not_there_is_a_page_with_404(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_facts_and_indicators_are_paged(client: FlaskClient) -> None:
    first = client.get("/v1/indicators?limit=3").json
    second = client.get(first["next"]).json
    names = [row["indicator"] for row in first["items"] + second["items"]]
    assert names == ["discharge.exceeded", "discharge.mass", "discharge.ratio", "region.co2"]


def test_the_description_of_the_api_holds(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    validate(document)
    assert "/v1/facts/{fact}" in document["paths"]
    assert "quota.publish.v1" in document["components"]["schemas"]


def test_an_empty_record_says_so(home: Any) -> None:
    with scene(home, None) as stage:
        client = create_app(stage.ledger).test_client()
        for path in ("/facts", "/quotas", "/incentives"):
            assert "Nothing recorded" in client.get(path, query_string={"lang": "en"}).text


@pytest.mark.parametrize(
    ("value", "scale", "shown"),
    [(1_234_567, 0, "1,234,567"), (-1_234_567, 3, "-1,234.567"), (-5, 1, "-0.5"), (0, 2, "0")],
)
def test_a_value_is_written_exactly(value: int, scale: int, shown: str) -> None:
    assert value_of({"value": value, "scale": scale}) == shown


@pytest.mark.parametrize(("language", "word"), [("zh", "排放量: "), ("en", "Emissions: ")])
def test_evidence_is_named_in_the_language_of_the_page(
    client: FlaskClient, language: str, word: str
) -> None:
    page = client.get("/quotas/ZJ-2026", query_string={"lang": language}).text
    shares = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert word in shares
    assert "emissions: <a" not in shares


@pytest.mark.parametrize(
    "typed",
    [RULE, RULE.upper(), "环境保护税法", "environmental protection tax", "第十三条"],
)
def test_a_rule_is_found_by_id_title_and_document(client: FlaskClient, typed: str) -> None:
    answer = client.get("/find", query_string={"q": typed, "lang": "en"})
    assert answer.headers["Location"] == f"/incentives/{RULE}?lang=en"


def test_a_rules_text_is_read_once_however_often_something_is_looked_for(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(queries, "read", lambda text: seen.append(text) or read(text))
    queries.documents_in.cache_clear()
    found = client.get("/find", query_string={"q": RULE, "lang": "en"})
    assert (found.headers["Location"], seen) == (f"/incentives/{RULE}?lang=en", [])
    for typed in ("nothing is called so", "nor so", "第十三条"):
        client.get("/find", query_string={"q": typed})
    assert len(seen) == len(set(seen)) == 1


@pytest.mark.parametrize("typed", ["no such rule at all", "a" * 500, "\x00"])
def test_what_no_rule_is_called_is_not_found(client: FlaskClient, typed: str) -> None:
    assert client.get("/find", query_string={"q": typed}).status_code == 404


def test_the_library_tells_clauses_inputs_their_source_tests_and_every_version(
    client: FlaskClient,
) -> None:
    library = client.get("/incentives?lang=en").text
    assert "<div>中华人民共和国环境保护税法 第八条</div>" in library
    page = client.get(f"/incentives/{RULE}?lang=en").text
    assert '<span class="code">discharge.mass</span>' in page
    assert "Tests worked out by hand: 25" in page
    versions = client.get(f"/v1/incentives/rules/{RULE}").json["versions"]
    for version in versions:
        href = f"as_of={version['valid_from']}&amp;known_at={version['approved'] + 1}"
        if version != versions[-1]:
            assert href in page
        path = f"/incentives/{RULE}?{href.replace('&amp;', '&')}&lang=en"
        assert version["digest"] in client.get(path).text


def test_a_rule_that_waits_for_its_second_signature_is_told_by_its_entry(home: Path) -> None:
    with scene(home, None) as stage:
        stage.cast()
        define_discharge(stage)
        stage.do("regulator", "rule.publish", rule_body(), *REGULATOR)
        (row,) = stage.rows(rule_table)
        client = create_app(stage.ledger).test_client()
        answer = client.get(f"/incentives/{row['rule']}?lang=en")
        assert answer.status_code == 404
        assert "waits for the finance bureau&#39;s signature" in answer.text
        assert f"{row['index']}" in answer.text
        for language, words in (("en", "wait for the finance bureau"), ("zh", "待财政部门会签")):
            assert words in client.get(f"/incentives?lang={language}").text


def test_the_library_takes_the_day_by_either_name(client: FlaskClient) -> None:
    for name in ("as_of", "on"):
        text = client.get(f"/incentives?lang=en&{name}=2009-01-01").text
        assert 'value="2009-01-01"' in text and RULE not in text
        assert client.get(f"/incentives?{name}=abc").status_code == 400
