"""A party's page and dossier: approvals, duties, history; no person's name or code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from portal.app import create_app
from tests.factories.admission import APPROVAL
from tests.factories.people import REGULATORS, TODAY, admit_pair, key_of
from tests.factories.scene import OFFICERS, Scene, scene


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("parties") / "home", None) as made:
        admit_pair(made, "moon")
        made.admit("vvb", "verifier", 2)
        change = {"party": "moon", "name": "新<名称>", "document": "notice 1"}
        made.do("registrar", "party.change", change, *OFFICERS)
        speaks = {"party": "moon", "person": "secret-person", "since": TODAY, "document": "l 1"}
        made.do("registrar", "party.authorise", speaks, *OFFICERS)
        lost = {"key": key_of(made, "moon/b"), "document": "loss 1", "reason": "lost"}
        made.do("registrar", "key.block", lost, *OFFICERS)
        end = {"party": "vvb", "approval": APPROVAL, "document": "decision 1"}
        made.do("regulator", "approval.end", end, *REGULATORS)
        made.admit("vvb2", "verifier", 3)
        yield made


@pytest.fixture
def client(stage: Scene) -> FlaskClient:
    return create_app(stage.ledger, stage.clock).test_client()


def test_a_dossier_tells_duties_papers_and_history(client: FlaskClient) -> None:
    found = client.get("/v1/parties/moon/dossier").json
    duties = [(o["operator"], o["role"], o["keys"]) for o in found["operators"]]
    assert duties == [("a", "maker", 1), ("b", "checker", 0)]
    assert (found["operators_max"]["max"], found["as_of"]) == (5, TODAY)
    assert found["operators_max"]["confidence"] == "low"
    assert found["agreements"][0]["document"] == "agreement 1"
    assert found["authorised"]["since"] == TODAY
    types = [act["type"] for act in found["history"]]
    assert types == ["key.block", "party.authorise", "party.change", "party.admit"]


@pytest.mark.parametrize("path", ["/v1/parties/moon/dossier", "/parties/moon", "/parties"])
def test_no_person_is_named(client: FlaskClient, path: str) -> None:
    text = client.get(path).text
    assert "secret-person" not in text
    assert "moon.a" not in text and '"person"' not in text


@pytest.mark.parametrize(
    ("party", "day", "standing"),
    [
        ("vvb2", "2023-12-31", "not-yet"),
        ("vvb2", "2024-01-01", "valid"),
        ("vvb2", "2099-12-31", "valid"),
        ("vvb2", "2100-01-01", "expired"),
        ("vvb", "2024-01-01", "ended"),
    ],
)
def test_an_approval_stands_as_of_a_day(
    client: FlaskClient, party: str, day: str, standing: str
) -> None:
    found = client.get(f"/v1/parties/{party}/dossier?as_of={day}").json
    assert [approval["standing"] for approval in found["approvals"]] == [standing]


def test_a_dossier_has_the_shape_that_is_described(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    schema = {"$ref": "#/components/schemas/Dossier", "components": document["components"]}
    for party in ("moon", "vvb", "regulator", "scheduler"):
        found = client.get(f"/v1/parties/{party}/dossier").json
        assert list(Draft202012Validator(schema).iter_errors(found)) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("待核实", "经办", "复核", "密钥挂失", "开户协议", "变更记录", "新&lt;名称&gt;")),
        ("en", ("Maker", "Checker", "Block a lost key", "Account agreements", "History")),
    ],
)
def test_a_page_speaks_both_languages(
    client: FlaskClient, language: str, words: tuple[str, ...]
) -> None:
    answer = client.get(f"/parties/moon?lang={language}")
    assert answer.status_code == 200
    assert [word for word in words if word not in answer.text] == []
    assert "新<名称>" not in answer.text
    assert "people." not in answer.text  # every word was found


@pytest.mark.parametrize(("language", "word"), [("zh", "已终止"), ("en", "Ended early")])
def test_a_verifiers_page_tells_its_approvals(
    client: FlaskClient, language: str, word: str
) -> None:
    text = client.get(f"/parties/vvb?lang={language}").text
    assert word in text and APPROVAL in text and "decision 1" in text
    assert "people." not in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/parties/none/dossier", 404),
        ("/v1/parties/%00/dossier", 404),
        ("/parties/none", 404),
        ("/parties/" + "x" * 300, 404),
        ("/v1/parties/moon/dossier?as_of=2026-02-30", 400),
        ("/parties/moon?as_of=x", 400),
        ("/v1/parties/moon/dossier?limit=3", 400),
    ],
)
def test_what_is_not_there_or_not_asked_rightly(
    client: FlaskClient, path: str, status: int
) -> None:
    assert client.get(path).status_code == status


def test_the_list_leads_to_each_party(client: FlaskClient) -> None:
    text = client.get("/parties?limit=2&lang=en").text
    assert 'rel="next"' in text
    assert '<a href="/parties/moon?lang=en">' in client.get("/parties?lang=en").text


def test_who_is_looked_for_is_found(client: FlaskClient) -> None:
    answer = client.get("/find?q=moon&lang=en")
    assert answer.headers["Location"] == "/parties/moon?lang=en"
