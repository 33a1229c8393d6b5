"""The pages answer in both languages, load nothing from elsewhere, and lead to proofs."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from portal.doors import explorer
from portal.shell.texts import catalogue

INLINE = re.compile(r"<script(?![^>]*\ssrc=\"/static/)|\son[a-z]+=|\sstyle=|javascript:", re.I)
BATCH = "ZJ_FS-MR1-2024"
PATHS = [
    "/",
    "/projects",
    "/projects/P1",
    f"/batches/{BATCH}",
    f"/serials/{BATCH}-1",
    f"/serials/{BATCH}-31",
    "/entries/0",
    "/entries/11",
    "/retirements",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_each_page_answers_in_both_languages(
    client: FlaskClient, path: str, language: str, tag: str
) -> None:
    answer = client.get(path, query_string={"lang": language})
    assert answer.status_code == 200
    assert f'<html lang="{tag}">' in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    # What runs is a file of ours, and only where the policy of the page lets it.
    assert INLINE.search(answer.text) is None
    assert ("<script" in answer.text) is ("script-src 'self'" in policy) is ("/entries/" in path)


@pytest.mark.parametrize(("language", "words"), [("zh", "产生：项目"), ("en", "Made: Project")])
def test_an_entry_leads_to_what_it_made(client: FlaskClient, language: str, words: str) -> None:
    index = client.get("/v1/projects/P1").json["index"]
    page = client.get(f"/entries/{index}", query_string={"lang": language}).text
    assert words in page
    assert f'href="/projects/P1?lang={language}"' in page
    assert client.get(f"/v1/entries/{index}").json["made"] == [{"kind": "project", "id": "P1"}]


def test_chinese_unless_the_browser_asks_otherwise(client: FlaskClient) -> None:
    assert client.get("/").headers["Content-Language"] == "zh-CN"
    english = client.get("/", headers={"Accept-Language": "en-US,en;q=0.9"})
    assert english.headers["Content-Language"] == "en"


def test_both_catalogues_say_the_same_things() -> None:
    assert set(catalogue("zh")) == set(catalogue("en"))


def test_finding_leads_to_what_was_typed(client: FlaskClient) -> None:
    for typed, place in (("0", "/entries/0"), ("P1", "/projects/P1"), (BATCH, f"/batches/{BATCH}")):
        assert client.get("/find", query_string={"q": typed}).headers["Location"].startswith(place)


def test_a_serial_is_found_without_reading_the_rules(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explorer, "find_rule", None)
    answer = client.get("/find", query_string={"q": f"{BATCH}-1"})
    assert answer.headers["Location"].startswith(f"/serials/{BATCH}-1")


@pytest.mark.parametrize(
    "path", ["/nothing", "/projects/x", "/entries/x", "/serials/x", "/batches/x"]
)
def test_what_is_not_there_is_a_page_with_404(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
