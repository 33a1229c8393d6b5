"""The description is valid OpenAPI 3.1, complete, and what it shows as an example holds."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from ledger.statements.envelope import parse_submission
from portal.api import examples
from portal.house import make_engine
from portal.shell.operations import declared_at
from portal.shell.pages import MACHINE_PATHS
from tests.factories.ledger import Voices

BATCH = "ZJ_FS-MR1-2024"


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    return found


def validator(document: dict[str, Any], name: str) -> Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return Draft202012Validator(schema)


def test_the_description_is_valid(document: dict[str, Any]) -> None:
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document["openapi"] == "3.1.0"


def test_every_machine_route_is_described_and_declared(
    app: Flask, document: dict[str, Any]
) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(MACHINE_PATHS)]
    with app.app_context():
        assert [rule.rule for rule in rules if declared_at(rule.endpoint) is None] == []
    paths = set(document["paths"])
    assert {
        "/v1/statements",
        "/v1/statements/bulk",
        "/v1/entries/{index}",
        "/v1/entries/{index}/proof",
        "/v1/retirements/{retirement}",
        "/log/tile/{path}",
    } <= paths
    assert not any("<" in path for path in paths)


def test_the_description_says_who_may_read_and_how_to_sign_in(document: dict[str, Any]) -> None:
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
    assert {("get", "/v1/parties"), ("get", "/v1/parties/{party}")} <= set(operations)
    assert operations["get", "/v1/entries/{index}"]["security"] == [{}, *signed_in]
    assert operations["delete", "/v1/sessions"]["x-circle"] == "party"
    assert operations["get", "/v1/supervision/deals"]["x-circle"] == "supervisor"
    own = {p["$ref"] for p in operations["get", "/v1/transfers"]["parameters"]}
    assert {f"#/components/parameters/{name}" for name in ("state", "cursor")} <= own
    assert document["components"]["schemas"]["Asking"]["required"] == ["key", "party"]


NOT_THE_SINGULAR = {
    "entries": "index",  # the log numbers its entries
    "halts": "venue",  # a venue has one at a time
    "certificates": "retirement",
    "tickers": "instrument",
    "quotas": "plan",
    "recorded": "answer",
    "simulations": "rule",
    "mirrors": "project",
    "rehearsals": "type",
    "tile": "path",
    "registry": "asset",
    "trading": "asset",
}
"""Collections whose members are called otherwise than the collection itself."""
PAIRS = {
    "/v1/market/composites/{venue}/{credit_class}",
    "/v1/supervision/reports/{party}/{report}",
}


def singular(collection: str) -> str:
    return (
        f"{collection[:-3]}y"
        if collection.endswith("ies")
        else collection.removesuffix("es" if collection.endswith("ches") else "s")
    )


def test_each_variable_of_a_path_is_called_what_its_collection_holds(
    document: dict[str, Any],
) -> None:
    wrong = []
    for path in document["paths"]:
        if path.startswith(tuple(PAIRS)):
            continue
        segments = path.split("/")
        for before, segment in pairwise(segments):
            if segment.startswith("{"):
                named = segment[1:].partition("}")[0]
                if named != NOT_THE_SINGULAR.get(before, singular(before)):
                    wrong.append(path)
    assert wrong == []
    assert singular("batches") == "batch"
    assert {"/v1/batches/{batch}/owed", "/v1/incentives/grants/{grant}"} <= set(document["paths"])
    assert all(any(path.startswith(pair) for path in document["paths"]) for pair in PAIRS)


def test_each_variable_of_a_path_is_declared_once_and_described(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for operation in item.values():
            declared = [p for p in operation["parameters"] if p.get("in") == "path"]
            assert [p["name"] for p in declared] == re.findall(r"{(\w+)}", path), path
            assert all(p["description"].endswith(".") for p in declared), path


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    ]
    assert len(names) == len(set(names)) > 20


def test_each_answer_says_its_shape(document: dict[str, Any]) -> None:
    for path in document["paths"].values():
        for operation in path.values():
            assert {"400", "406", "500", "503"} <= set(operation["responses"])
            for status, response in operation["responses"].items():
                assert status == "304" or response["content"]


def test_what_must_be_asked_with_is_said(document: dict[str, Any], client: FlaskClient) -> None:
    stated = document["paths"]["/v1/market/quotes"]["get"]["parameters"]
    assert [p["name"] for p in stated if p.get("required")] == ["instrument"]
    answer = client.get("/v1/market/quotes")
    assert answer.json["errors"] == [{"parameter": "instrument", "code": "needed"}]


def test_every_statement_type_has_its_body_described(document: dict[str, Any]) -> None:
    names = {f"{name}.v{version}" for name, version in make_engine().types}
    schemas = document["components"]["schemas"]
    assert names <= set(schemas)
    union = {member["$ref"].rpartition("/")[2] for member in schemas["Body"]["anyOf"]}
    assert union == names


def test_examples_of_bodies_are_taken_by_the_ledgers_own_check() -> None:
    engine = make_engine()
    assert set(examples.bodies()) == {name for name, _ in engine.types}
    for (name, _), declared in engine.types.items():
        body = examples.bodies()[name]
        assert declared.check(body) == body


def test_examples_agree_with_the_schemas_beside_them(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    shown = {name: schema["examples"] for name, schema in schemas.items() if "examples" in schema}
    assert len(shown) == len(examples.bodies()) + 1  # and the problem
    for name, (example,) in shown.items():
        assert list(validator(document, name).iter_errors(example)) == []


def test_the_example_of_a_statement_is_signed_and_of_no_ledger(
    document: dict[str, Any], client: FlaskClient
) -> None:
    example = document["components"]["examples"]["Submission"]["value"]
    assert list(validator(document, "Submission").iter_errors(example)) == []
    answer = client.post("/v1/statements", json=example)
    assert (answer.status_code, answer.json["code"]) == (400, "ledger-differs")
    assert parse_submission(orjson.dumps(example)).envelope.payload.type == examples.TYPE


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/parties", "Page.parties"),
        ("/v1/projects/P1", "Row.projects"),
        (f"/v1/batches/{BATCH}", "Row.batches"),
        ("/v1/retirements", "Page.retirements"),
        (f"/v1/serials/{BATCH}-1", "Trace"),
        (f"/v1/serials/{BATCH}-31", "Trace"),
        ("/v1/entries/0", "Entry"),
        ("/v1/entries/11", "Entry"),
        ("/log/keys", "KeyHistory"),
        ("/readyz", "Readiness"),
        ("/v1/parties/none", "Problem"),
        ("/v1/parties?limit=0", "Problem"),
    ],
)
def test_answers_have_the_shape_that_is_described(
    document: dict[str, Any], client: FlaskClient, path: str, name: str
) -> None:
    value = client.get(path).json
    assert [error.message for error in validator(document, name).iter_errors(value)] == []


def test_an_answer_of_another_shape_is_found(document: dict[str, Any]) -> None:
    assert list(validator(document, "Entry").iter_errors({"index": -1}))
    assert list(validator(document, "Problem").iter_errors({"type": 1}))


def test_the_answer_to_a_statement_has_its_shape(
    document: dict[str, Any], client: FlaskClient, voices: Voices
) -> None:
    good = voices.sign("registrar", "party.admit", voices.admission("shaped", number=40)).encode()
    answer = client.post("/v1/statements", data=good, content_type="application/json")
    assert list(validator(document, "Answer").iter_errors(answer.json)) == []
    bad = voices.sign("registrar", "party.admit", voices.admission("shaped", number=41)).encode()
    refusal = client.post("/v1/statements", data=bad, content_type="application/json")
    assert refusal.status_code == 422
    assert list(validator(document, "Problem").iter_errors(refusal.json)) == []


def test_each_list_names_what_narrows_it_and_no_more(document: dict[str, Any]) -> None:
    def asked(path: str) -> set[str]:
        parameters = document["paths"][path]["get"]["parameters"]
        return {one["$ref"].rpartition("/")[2] for one in parameters}

    always = {"limit", "cursor", "lang"}
    assert asked("/v1/pledges") == {"state", "batch", *always}
    assert asked("/v1/accounts") == {"account", "asset", *always}
    assert asked("/v1/supervision/pledges") == {"party", "state", "batch", *always}
