"""Each type of statement has a page in both languages that needs no sign-in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from portal.api.guidance import commands, example, newest
from portal.house import make_engine
from portal.shell.texts import LANGUAGES, say

NAMES = sorted(newest(make_engine()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_leads_to_every_type(client: FlaskClient, language: str) -> None:
    text = client.get(f"/guide?lang={language}").text
    for name in NAMES:
        assert f'href="/guide/{name}?lang={language}"' in text
        assert escape(say(f"type.{name}", language)) in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_each_page_answers_every_question(client: FlaskClient, name: str, language: str) -> None:
    # each from an address of its own: together they are more than one may ask for in a minute
    address = {"REMOTE_ADDR": f"192.0.2.{NAMES.index(name) + 1}"}
    text = client.get(f"/guide/{name}?lang={language}", environ_overrides=address).text
    asked = ("who", "people", "needed", "long", "cost", "retained", "circle")
    for question in asked:
        assert say(f"guide.{question}", language) in text
    assert "guide." not in text
    assert escape(example(name)) in text
    for line in commands(newest(make_engine())[name], 1)[-1:]:
        assert escape(line) in text


def test_what_is_not_on_record_is_called_unknown(client: FlaskClient) -> None:
    text = client.get("/guide/project.submit?lang=zh").text
    assert "未载明收费，暂属未知" in text
    assert "未载明其他期限，暂属未知" in text
    assert "项目资料 · 期限未载明，暂属未知" in text


def test_a_figure_that_nobody_verified_says_so(client: FlaskClient) -> None:
    text = client.get("/guide/credit.transfer?lang=en").text
    assert "10 calendar days" in text
    assert say("market.unverified", "en") in text


def test_retirement_says_that_it_cannot_be_undone_and_what_each_purpose_is(
    client: FlaskClient,
) -> None:
    text = client.get("/guide/credit.retire?lang=zh").text
    for words in (
        "不可撤销",
        "公益自愿减排量注销",
        "本人同意书",
        "statement cosign",
        "两名不同的自然人",
    ):
        assert words in text


def test_a_type_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    for name in ("credit.invent", "x" * 300, "%00"):
        assert client.get(f"/guide/{name}").status_code == 404


def test_the_terms_stand_in_both_languages_on_one_page(client: FlaskClient) -> None:
    text = client.get("/guide?lang=en").text
    for words in ("项目注销", "减排量注销", "账户注销", "closure of an account"):
        assert words in text


def test_one_field_is_told_as_the_type_means_it(client: FlaskClient) -> None:
    """A fact is corrected by its name, a transfer without trade by its entry."""
    assert "所更正的本方最新事实名" in client.get("/guide/fact.publish?lang=zh").text
    text = client.get("/guide/credit.reassign?lang=zh").text
    assert "所更正的条目号" in text
    assert "所更正的本方最新事实名" not in text
