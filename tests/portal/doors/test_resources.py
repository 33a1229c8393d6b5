"""Public resources: paging, validators, and nothing but 404 for what is not there."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate


def test_pages_follow_each_other_without_gap(client: FlaskClient) -> None:
    whole = [row["party"] for row in client.get("/v1/parties").json["items"]]
    found, path = [], "/v1/parties?limit=2"
    while path:
        page = client.get(path).json
        found += [row["party"] for row in page["items"]]
        path = page["next"]
    assert found == whole == sorted(whole)
    assert 'rel="next"' in client.get("/v1/parties?limit=2").headers["Link"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "limit=501", "cursor=%00", "cursor=W10=", "cursor=WzFd"]
)
def test_bad_paging_is_a_bad_request(client: FlaskClient, query: str) -> None:
    assert client.get(f"/v1/parties?{query}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/v1/parties/none",
        "/v1/projects/%00",
        "/v1/batches/" + "x" * 500,
        "/v1/serials/ZJ_FS-MR1-2024-101",
        "/v1/serials/ZJ_FS-MR1-2024-01",
        "/v1/entries/-1",
        "/v1/entries/99999999999999999999",
        "/v1/entries/01/proof",
        "/v1/unknown",
    ],
)
def test_unknown_names_are_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_a_serial_leads_from_project_to_claim_and_hides_living_holders(client: FlaskClient) -> None:
    retired = client.get("/v1/serials/ZJ_FS-MR1-2024-30").json
    living = client.get("/v1/serials/ZJ_FS-MR1-2024-31").json
    assert (retired["state"], retired["retirement"]["beneficiary"]) == ("retired", "受益人甲")
    assert (living["state"], living["retirement"]) == ("held", None)


def test_a_read_is_revalidated_by_its_tag(client: FlaskClient) -> None:
    tag = client.get("/v1/entries/0").headers["ETag"]
    assert client.get("/v1/entries/0", headers={"If-None-Match": tag}).status_code == 304


def test_the_description_is_valid_openapi(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    validate(document)
    assert document["openapi"] == "3.1.0"
    assert {"/v1/statements", "/v1/entries/{text}/proof", "/log/checkpoint"} <= set(
        document["paths"]
    )


def test_the_description_says_who_may_read_and_how_to_sign_in(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    assert set(document["components"]["securitySchemes"]) == {"bearer", "cookie"}
    signed_in = [{"bearer": []}, {"cookie": []}]
    operations = {
        (method, path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    for name, operation in operations.items():
        public = operation["x-circle"] == "public"
        assert public or operation["security"] == signed_in, name
        assert public or {"401", "403"} <= set(operation["responses"]), name
        assert name[0] != "post" or "requestBody" in operation, name
    ids = [operation["operationId"] for operation in operations.values()]
    assert len(set(ids)) == len(ids)
    assert {("get", "/v1/parties"), ("get", "/v1/parties/{key}")} <= set(operations)
    assert operations["get", "/v1/entries/{text}"]["security"] == [{}, *signed_in]
    assert operations["delete", "/v1/sessions"]["x-circle"] == "party"
    assert operations["get", "/v1/supervision/deals"]["x-circle"] == "supervisor"
    own = {p["name"]: p["in"] for p in operations["get", "/v1/transfers"]["parameters"]}
    assert {"state": "query", "cursor": "query"}.items() <= own.items()
    assert document["components"]["schemas"]["Asking"]["required"] == ["key", "party"]


def test_the_running_house_says_so(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
    assert "qingzhang_writer_alive 1" in client.get("/metrics").text
