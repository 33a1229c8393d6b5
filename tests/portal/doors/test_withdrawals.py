"""Everybody sees which opinion was taken back, by whom, why; its owner, by when to replace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ledger.parties.parameters import business_date
from portal.app import create_app
from portal.desk.deadlines import board
from tests.factories.claims import BATCH
from tests.factories.scene import OFFICERS, Scene, scene

PART = {"report": "R1", "vintages": [{"year": 2024, "quantity": 100}], "reason": "一台设备停用"}
VALIDATION = {"project": "P1", "reason": "土地权属证明失实"}


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """Of 900 issued a part was withdrawn, and then the validation."""
    with scene(home, vacant_database_url) as opened:
        opened.issue(900)
        opened.do("vvb2", "report.withdraw-part", PART, "a", "b")
        opened.do("vvb1", "validation.withdraw", VALIDATION, "a", "b")
        yield opened


@pytest.fixture
def client(stage: Scene) -> FlaskClient:
    return create_app(stage.ledger, stage.clock).test_client()


def test_withdrawals_are_listed_and_read_by_name(client: FlaskClient) -> None:
    items = client.get("/v1/withdrawals").json["items"]
    found = {(item["subject"], item["name"], item["verifier"], item["reason"]) for item in items}
    assert found == {
        ("report", "R1", "vvb2", PART["reason"]),
        ("project", "P1", "vvb1", VALIDATION["reason"]),
    }
    for item in items:
        assert client.get(f"/v1/withdrawals/{item['withdrawal']}").json == item
    missing = client.get("/v1/withdrawals/nothing")
    assert (missing.status_code, missing.json["code"]) == (404, "withdrawal-unknown")


def test_each_duty_has_an_address(client: FlaskClient) -> None:
    items = client.get("/v1/duties").json["items"]
    assert sorted(item["quantity"] for item in items) == [100, 800]
    for item in items:
        assert client.get(f"/v1/duties/{item['duty']}").json == item


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("撤回的意见", "审定意见已撤回")), ("en", ("Opinions withdrawn", "Suspended"))],
)
def test_a_projects_page_says_what_was_withdrawn(
    client: FlaskClient, language: str, words: tuple[str, ...]
) -> None:
    told = client.get(f"/projects/P1?lang={language}").text
    for word in (*words, "2024: 100", str(PART["reason"]), VALIDATION["reason"]):
        assert word in told


def test_both_duties_are_on_the_owners_board(stage: Scene) -> None:
    today = business_date(stage.clock.time)
    with stage.ledger.record.reading() as connection:
        rows = [row for row in board(connection, "owner", today) if row["kind"] == "replacement"]
    assert [(row["last"], row["overdue"]) for row in rows] == [("2026-03-02", False)] * 2


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("待补足的数量", "依命令终结")), ("en", ("To be replaced", "Ended by order"))],
)
def test_a_batchs_page_says_what_is_owed_for_it_and_what_an_authority_ended(
    stage: Scene, client: FlaskClient, language: str, words: tuple[str, ...]
) -> None:
    name = max(client.get("/v1/duties").json["items"], key=lambda item: item["quantity"])["duty"]
    order = {"authority": "某省生态环境厅", "document": "函9号", "reason": "重新核查属实"}
    stated = {"duty": name, "quantity": 300, **order}
    stage.do("registrar", "duty.remit", stated, *OFFICERS)
    told = client.get(f"/batches/{BATCH}?lang={language}").text
    for word in (*words, *order.values(), ">800<", ">500<", PART["reason"], VALIDATION["reason"]):
        assert str(word) in told
    found = client.get(f"/v1/batches/{BATCH}/owed").json
    assert found["batch"] == BATCH
    assert [(item["owed"], item["missing"]) for item in found["items"]] == [(100, 100), (800, 500)]
    assert [len(item["remissions"]) for item in found["items"]] == [0, 1]
    missing = client.get("/v1/batches/nothing/owed")
    assert (missing.status_code, missing.json["code"]) == (404, "batch-unknown")


def test_a_batch_that_nothing_is_owed_for_says_nothing_of_it(
    home: Path, vacant_database_url: str
) -> None:
    with scene(home, vacant_database_url) as opened:
        opened.issue(900)
        client = create_app(opened.ledger, opened.clock).test_client()
        assert "To be replaced" not in client.get(f"/batches/{BATCH}?lang=en").text
        assert client.get(f"/v1/batches/{BATCH}/owed").json == {"batch": BATCH, "items": []}
