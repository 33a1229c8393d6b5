"""A retirement is previewed by whoever holds the credits, and nobody's record changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import Scene, scene

BATCH = "ZJ_FS-R1-2024"
PATH = "/v1/retirements/preview"
CLAIM = {"batch": BATCH, "quantity": 5, "purpose": "public-good", "beneficiary": "甲"}


@dataclass
class World:
    stage: Scene
    client: FlaskClient
    readers: dict[str, Headers]

    def ask(self, body: Any, reader: str, status: int = 200, language: str = "zh") -> Any:
        path = f"{PATH}?lang={language}"
        answer = self.client.post(path, json=body, headers=self.readers[reader])
        assert answer.status_code == status, answer.text
        return answer.json


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with scene(tmp_path_factory.mktemp("previews") / "home", None) as stage:
        stage.issue(900)
        client = create_app(stage.ledger, stage.clock).test_client()
        readers = {p: sign_in(client, p, stage.key(f"{p}/a")) for p in ("owner", "buyer")}
        yield World(stage, client, {**readers, "nobody": {}})


def test_it_says_what_goes_what_stays_and_that_it_cannot_be_undone(world: World) -> None:
    size = world.client.get("/v1/entries/0").json["index"]
    head = world.client.get("/log/checkpoint").text
    told = world.ask(CLAIM, "owner")
    assert (told["outcome"], told["serials"]) == ({"result": "accepted"}, [f"{BATCH}-1-5"])
    assert (told["available"], told["left"], told["people"]) == (900, 895, 2)
    assert (told["mass"]["mass_kg"], told["mass"]["tonnes"]) == (5_000, "5")
    assert told["irrevocable"] is True
    assert "不可撤销" in told["notice"]
    assert "cannot be undone" in world.ask(CLAIM, "owner", language="en")["notice"]
    assert world.client.get("/log/checkpoint").text == head
    assert size == 0
    assert world.client.get("/v1/retirements").json["items"] == []


def test_a_refusal_is_the_answer_to_the_question(world: World) -> None:
    told = world.ask({**CLAIM, "quantity": 901}, "owner")
    assert (told["outcome"]["code"], told["serials"], told["left"]) == ("balance-short", [], 900)
    assert world.ask(CLAIM, "buyer")["outcome"]["code"] == "balance-short"


def test_nobody_else_asks(world: World) -> None:
    world.ask(CLAIM, "nobody", 401)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": "5"}, "/quantity"),
        ({"purpose": "profit"}, "/purpose"),
        ({"odd": 1}, "/odd"),
        ({"attachments": {"other": "0" * 64}}, "/body/attachments/other"),
    ],
)
def test_a_body_at_fault_names_its_field(world: World, change: dict[str, Any], field: str) -> None:
    assert world.ask({**CLAIM, **change}, "owner", 400)["params"]["field"] == field
