"""What every route keeps to: problems, validators, types, methods, parameters, links."""

from __future__ import annotations

import gzip

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.shell.pages import MACHINE_PATHS
from tests.factories.ledger import Voices

READS = [
    "/v1/parties",
    "/v1/parties/maker",
    "/v1/serials/ZJ_FS-MR1-2024-1",
    "/v1/entries/0",
    "/v1/entries/0/leaf",
    "/v1/entries/0/proof",
    "/v1/market/instruments",
    "/v1/market/trades",
    "/log/tile/0/000.p/1",
    "/log/tile/entries/000.p/1",
    "/openapi.json",
]
UNKEPT = ["/log/checkpoint", "/log/vkey", "/log/keys", "/healthz", "/readyz", "/metrics"]


@pytest.mark.parametrize("path", READS)
def test_a_read_has_a_strong_validator_and_is_revalidated(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    for sent in (tag, f'"other", {tag}', "*", f"W/{tag}"):
        again = client.get(path, headers={"If-None-Match": sent})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
    assert client.get(path, headers={"If-None-Match": '"other"'}).data == first.data


@pytest.mark.parametrize("path", READS + UNKEPT)
def test_head_gives_the_headers_of_get_and_no_content(client: FlaskClient, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.data))
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


@pytest.mark.parametrize("path", READS + UNKEPT)
def test_an_unknown_query_parameter_is_refused_and_named(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?limits=3")
    assert (answer.status_code, answer.json["code"]) == (400, "parameter-unknown")
    assert answer.json["errors"] == [{"parameter": "limits", "code": "unknown"}]


def test_a_parameter_stands_once(client: FlaskClient) -> None:
    answer = client.get("/v1/parties?limit=1&limit=2")
    assert (answer.status_code, answer.json["code"]) == (400, "parameter-repeated")


def test_a_language_that_is_not_spoken_is_refused(client: FlaskClient) -> None:
    answer = client.get("/v1/parties?lang=fr")
    assert answer.json["errors"] == [{"parameter": "lang", "code": "zh|en"}]
    assert client.get("/v1/parties?lang=en").status_code == 200


def test_a_statement_is_not_taken_with_a_query(client: FlaskClient, voices: Voices) -> None:
    body = voices.admission("queried", number=60)
    data = voices.sign("registrar", "party.admit", body).encode()
    sent = {"data": data, "content_type": "application/json"}
    assert client.post("/v1/statements?dry_run=1", **sent).status_code == 400
    assert client.get("/v1/parties/queried").status_code == 404


@pytest.mark.parametrize("path", READS + UNKEPT)
def test_a_type_that_is_not_given_is_not_acceptable(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "image/png"})
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    for wanted in ("*/*", "image/png, */*;q=0.1", "application/*, text/*"):
        assert client.get(path, headers={"Accept": wanted}).status_code == 200
    assert client.get(path, headers={"Accept": "*/*;q=0"}).status_code == 406


def test_what_is_not_acceptable_is_not_done(client: FlaskClient, voices: Voices) -> None:
    body = voices.admission("unacceptable", number=61)
    data = voices.sign("registrar", "party.admit", body).encode()
    sent = {"data": data, "content_type": "application/json"}
    assert client.post("/v1/statements", headers={"Accept": "text/css"}, **sent).status_code == 406
    assert client.get("/v1/parties/unacceptable").status_code == 404


@pytest.mark.parametrize("path", ["/v1/statements", "/v1/statements/bulk"])
def test_coded_content_is_refused(client: FlaskClient, path: str) -> None:
    sent = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = client.post(path, data=gzip.compress(b"{}"), headers=sent)
    assert (answer.status_code, answer.json["code"]) == (415, "content-encoding")


@pytest.mark.parametrize("path", READS + UNKEPT)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_another_method_is_refused_with_those_that_are_allowed(
    client: FlaskClient, path: str, method: str
) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.json["code"]) == (405, "method-not-allowed")
    assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", "))


def test_the_door_for_statements_is_not_put_to(client: FlaskClient) -> None:
    for path in ("/v1/statements", "/v1/statements/bulk"):
        answer = client.put(path)
        assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
        assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/v1/parties/", "/v1/entries/0/", "/healthz/", "/v1//parties"])
def test_a_path_is_written_in_one_way(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_fault_in_a_body_is_pointed_at(client: FlaskClient, voices: Voices) -> None:
    body = {"party": "maker", "document": "test document"}
    data = voices.sign("regulator", "party.suspend", body).encode()
    answer = client.post("/v1/statements", data=data.replace(b'"envelope":', b'"envelop":'))
    assert answer.json["errors"] == [{"pointer": "/envelop", "code": "field-unknown"}]
    assert answer.json["type"] == "/problems/field-unknown"


def test_a_bulk_has_a_limit_of_lines(client: FlaskClient) -> None:
    answer = client.post("/v1/statements/bulk", data=b"{\n" * 5_001)
    assert (answer.status_code, answer.json["code"]) == (413, "too-many-lines")
    whole = client.post("/v1/statements/bulk", data=b"{\n" * 5_000)
    assert (whole.status_code, whole.text.count("\n")) == (200, 5_000)


def test_lines_of_a_bulk_are_told_where_they_fail(client: FlaskClient) -> None:
    answer = client.post("/v1/statements/bulk", data=b'{"a":1}\n')
    assert '"errors":[{"pointer":"/a","code":"field-unknown"}]' in answer.text


@pytest.mark.parametrize("path", ["/v1/entries/99999", "/v1/parties?limit=0"])
@pytest.mark.parametrize(("asked", "given"), [("en", "en"), ("zh-TW", "zh-CN"), ("fr", "zh-CN")])
def test_problems_name_their_language_and_what_it_depends_on(
    client: FlaskClient, path: str, asked: str, given: str
) -> None:
    answer = client.get(path, headers={"Accept-Language": asked})
    assert answer.headers["Content-Language"] == given
    assert "Accept-Language" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_type_of_a_problem_leads_to_its_page(client: FlaskClient) -> None:
    kind = client.get("/v1/entries/99999").json["type"]
    for language, words in (("zh", "没有此条目"), ("en", "There is no such entry")):
        page = client.get(f"{kind}?lang={language}")
        assert (page.status_code, words in page.text) == (200, True)
    assert kind in client.get("/problems").text
    assert client.get("/problems/none-such").status_code == 404


def test_routes_of_machines_answer_problems_and_never_pages(voices: Voices) -> None:
    app: Flask = create_app(voices.ledger)
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(MACHINE_PATHS) and "<" not in rule.rule:
            answer = app.test_client().open(rule.rule, method="DELETE")
            assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("depth", [33, 2_000])
@pytest.mark.parametrize("place", ["/v1/statements", "/v1/sessions/challenges", "/v1/sessions"])
def test_json_that_is_nested_too_deeply_is_told_the_limit(
    client: FlaskClient, place: str, depth: int
) -> None:
    data = b"[" * depth + b"]" * depth
    answer = client.post(place, data=data, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "too-deep")
    assert answer.json["params"]["limit"] == 32


def test_a_line_that_is_nested_too_deeply_is_told_the_limit(client: FlaskClient) -> None:
    line = b"[" * 2_000 + b"]" * 2_000
    answer = client.post("/v1/statements/bulk", data=line, content_type="application/x-ndjson")
    told = orjson.loads(answer.data)
    assert (told["code"], told["params"]) == ("too-deep", {"limit": 32})
