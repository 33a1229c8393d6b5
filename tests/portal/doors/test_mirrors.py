"""Mirrors for everybody: listed, named, followed to their ends; never taken for our own."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from ledger.mirrors.cells import CELL_BITS
from portal.app import create_app
from tests.factories.mirrors import (
    MIRROR,
    SCOPE,
    batch,
    holding,
    opening,
    project,
    retirement,
    span,
    transaction,
)
from tests.factories.scene import scene

BORDER = 1 << CELL_BITS
BIG = "GS1-1-GH-GS502-16-2023-901"
ONE = "/mirrors/gold-standard:501"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Projects 501 to 505 of one registry, one of them also of another, and some transfers."""
    with scene(tmp_path_factory.mktemp("mirrors") / "home", None) as stage:

        def say(kind: str, body: dict[str, object]) -> None:
            stage.do("mirror", f"mirror.{kind}", body, *MIRROR)

        for number in range(501, 506):
            say("project", project(project=str(number), name=f"Stoves {number} <b>"))
        say("project", project(registry="verra", project="503", origin="seen"))
        say("batch", batch())
        say("block", holding(1, 100))
        say("retirement", retirement(20, 30, reason="Voluntary"))
        say("batch", batch(batch=BIG, project="502", quantity=None, origin="seen"))
        wide = {"batch": BIG, "block": span(BORDER - 5, BORDER + 4, BIG)}
        say("block", holding(1, 1, **wide))
        say("project", project(registry="ccer", project="777"))
        say("opening", opening(["EUA", "1", 5]))
        say("transaction", transaction("AT1", "transfer", ["7", "1", "2", "EUA", 5]))
        yield create_app(stage.ledger).test_client()


def test_the_search_finds_a_project_of_another_registry(client: FlaskClient) -> None:
    for asked in ("verra:503", "ccer:777"):
        answer = client.get(f"/find?q={asked}")
        assert answer.location == f"/mirrors/{asked}?lang=zh"
    assert client.get("/find?q=verra:999").status_code == 404


def test_projects_follow_each_other_over_registries(client: FlaskClient) -> None:
    found, path = [], "/v1/mirrors?limit=2"
    while path:
        answer = client.get(path).json
        found += [(row["registry"], row["project"]) for row in answer["items"]]
        path = answer["next"]
    assert found == [
        ("ccer", "777"),
        *(("gold-standard", str(n)) for n in range(501, 506)),
        ("verra", "503"),
    ]
    narrowed = client.get("/v1/mirrors?registry=verra").json["items"]
    assert [row["project"] for row in narrowed] == ["503"]


def test_registries_add_up(client: FlaskClient) -> None:
    told = client.get("/v1/mirrors/registries").json
    assert told["units"] == [
        {
            "registry": "gold-standard",
            "unit": "VER",
            "batches": 2,
            "listed": 110,
            "retired": 11,
            "cancelled": 0,
        }
    ]
    assert told["transactions"] == [
        {"registry": "eutl", "transactions": 1, "legs": 1, "quantity": 5}
    ]
    moved = client.get("/v1/mirrors/transactions?registry=eutl").json["items"]
    assert [row["transaction"] for row in moved] == ["AT1"]


def test_a_project_has_its_batches_blocks_and_ends(client: FlaskClient) -> None:
    told = client.get(f"/v1{ONE}").json
    assert (told["mirror"], told["project"]["name"]) == (True, "Stoves 501 <b>")
    assert [row["batch"] for row in told["batches"]] == [SCOPE]
    blocks = [(row["first"], row["last"], row["state"]) for row in told["blocks"]]
    assert blocks == [(1, 19, "held"), (20, 30, "retired"), (31, 100, "held")]
    assert [row["serial"] for row in told["retirements"]] == [f"{SCOPE}-20-30"]
    for name, path in told["pages"].items():
        listed = client.get(f"{path}?limit=1").json
        assert (len(listed["items"]), listed["next"] is not None) == (1, name == "blocks")
    assert client.get("/v1/mirrors/501").json == told


def test_a_block_that_a_cell_cuts_is_shown_whole(client: FlaskClient) -> None:
    blocks = client.get("/v1/mirrors/502").json["blocks"]
    assert [(row["first"], row["last"]) for row in blocks] == [(BORDER - 5, BORDER + 4)]
    assert len(client.get("/v1/mirrors/502/blocks").json["items"]) == 2


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/mirrors/503", "mirror-project-ambiguous"),
        ("/v1/mirrors/none", "mirror-project-unknown"),
        ("/v1/mirrors/verra:501", "mirror-project-unknown"),
        ("/v1/mirrors/" + "x" * 300, "mirror-project-unknown"),
        ("/v1/mirrors/%00", "mirror-project-unknown"),
        ("/v1/mirrors/none/blocks", "mirror-project-unknown"),
        ("/v1/mirrors/501/holders", "not-found"),
    ],
)
def test_what_is_not_mirrored_or_not_told_apart_is_not_found(
    client: FlaskClient, path: str, code: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json["code"]) == (404, code)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/mirrors?registry=" + "x" * 50,
        "/v1/mirrors?registry=%00",
        "/v1/mirrors?cursor=WyJhIl0=",
        "/v1/mirrors/501/blocks?limit=0",
    ],
)
def test_bad_parameters_are_a_bad_request(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_a_foreign_serial_is_traced_like_our_own(client: FlaskClient) -> None:
    ended = client.get(f"/v1/serials/{SCOPE}-25").json
    assert (ended["mirror"], ended["registry"], ended["state"]) == (
        True,
        "gold-standard",
        "retired",
    )
    assert [row["reason"] for row in ended["ends"]] == ["Voluntary"]
    assert client.get(f"/v1/serials/{SCOPE}-20-31").json["state"] == "mixed"
    assert client.get(f"/v1/serials/{SCOPE}-101").status_code == 404


PAGES = ("/mirrors", "/mirrors?registry=verra", ONE, "/mirrors/502", f"/serials/{SCOPE}-25")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "words"), [("zh", "镜像"), ("en", "Mirrors")])
def test_each_page_answers_in_both_languages_and_says_whose_it_is(
    client: FlaskClient, path: str, language: str, words: str
) -> None:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert answer.status_code == 200
    assert words in answer.text
    assert "mirrors." not in answer.text.replace("/mirrors", "")  # every key has its words
    assert "<b>" not in answer.text


def test_the_pages_lead_to_each_other(client: FlaskClient) -> None:
    first = client.get("/mirrors?limit=4&lang=en").text
    assert f'href="{ONE}?lang=en"' in first
    assert 'rel="next"' in first
    one = client.get(f"{ONE}?lang=en").text
    assert f'href="/serials/{quote(f"{SCOPE}-20-30")}?lang=en"' in one
    serial = client.get(f"/serials/{SCOPE}-25?lang=en").text
    assert "/mirrors/gold-standard%3A501?lang=en" in serial or f"{ONE}?lang=en" in serial


def test_a_page_leads_to_the_registry_where_its_address_is_on_record(client: FlaskClient) -> None:
    text = client.get("/mirrors/ccer:777?lang=zh").text
    assert 'href="https://ccer.cets.org.cn"' in text
    assert "待核实" in text
    assert 'href="https://' not in client.get(f"{ONE}?lang=zh").text


def test_an_ambiguous_project_is_a_page_with_404(client: FlaskClient) -> None:
    answer = client.get("/mirrors/503")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
