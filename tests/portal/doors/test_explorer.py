"""The pages answer in both languages, load nothing from elsewhere, and lead to proofs."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from portal.shell.texts import catalogue

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
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_chinese_unless_the_browser_asks_otherwise(client: FlaskClient) -> None:
    assert client.get("/").headers["Content-Language"] == "zh-CN"
    english = client.get("/", headers={"Accept-Language": "en-US,en;q=0.9"})
    assert english.headers["Content-Language"] == "en"


def test_both_catalogues_say_the_same_things() -> None:
    assert set(catalogue("zh")) == set(catalogue("en"))


def test_a_certificate_names_beneficiary_serials_and_key(client: FlaskClient) -> None:
    name = client.get("/v1/retirements").json["items"][0]["retirement"]
    text = client.get(f"/retirements/{name}").text
    assert "受益人甲" in text
    assert f"{BATCH}-1-30" in text
    assert "<svg" in text
    assert client.get("/log/vkey").text.strip().replace("+", "&#43;") in text.replace("+", "&#43;")


def test_finding_leads_to_what_was_typed(client: FlaskClient) -> None:
    for typed, place in (("0", "/entries/0"), ("P1", "/projects/P1"), (BATCH, f"/batches/{BATCH}")):
        assert client.get("/find", query_string={"q": typed}).headers["Location"].startswith(place)


@pytest.mark.parametrize(
    "path", ["/nothing", "/projects/x", "/entries/x", "/serials/x", "/batches/x"]
)
def test_what_is_not_there_is_a_page_with_404(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
