"""Everybody sees which opinion was taken back, by whom, why; its owner, by when to replace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ledger.parties.parameters import business_date
from portal.app import create_app
from portal.deadlines import board
from tests.factories.scene import Scene, scene

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
