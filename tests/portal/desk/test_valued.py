"""A pledge is worth what was paid for such units, less a haircut, beside what it secures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from tests.factories.claims import BATCH, pledge
from tests.factories.market import REGULATOR, TODAY, Floor
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import Scene, scene
from tests.portal.doors.test_desk import cells


@pytest.fixture
def stage(home: Path) -> Iterator[Scene]:
    """100 traded at 70.00; 400 pledged for 50,000.00."""
    with scene(home, None) as opened:
        floor = Floor(opened)
        opened.issue(900)
        floor.to_trading("owner", BATCH, 200)
        floor.pay_in("buyer", 10_000_000)
        floor.list()
        floor.open()
        floor.take(floor.place(7_000, 100), 100)
        pledge(opened, 400)
        yield opened


@pytest.fixture
def client(stage: Scene) -> FlaskClient:
    return create_app(stage.ledger, stage.clock).test_client()


@pytest.fixture
def bank(stage: Scene, client: FlaskClient) -> Headers:
    return sign_in(client, "bank", stage.keys["bank-1"])


def state(stage: Scene, **rules: str) -> None:
    for name, value in rules.items():
        body = {
            "code": f"valuation.ZJ_FS.{name.replace('_', '-')}",
            "valid_from": TODAY,
            "value": value,
            "unit": "test",
            "source": "某公告",
            "confidence": "low",
        }
        stage.do("regulator", "parameter.set", body, *REGULATOR)


def valuation(client: FlaskClient, reader: Headers) -> Any:
    (row,) = client.get("/v1/pledges", headers=reader).json["items"]
    return row["valuation"]


def test_a_bank_is_told_what_its_pledge_is_worth(
    stage: Scene, client: FlaskClient, bank: Headers
) -> None:
    """400 x 70.00 less 20 % are 22,400.00, which is 44.8 % of 50,000.00."""
    state(stage, days="30", haircut_percent="20")
    told = valuation(client, bank)
    assert (told["quantity"], told["value_fen"]) == (400, 2_240_000)
    assert (told["open_fen"], told["covers_percent"]) == (5_000_000, 44)
    for language, words in (
        ("zh", "50,000.00 按成交价估值 22,400.00 · 占未清偿的 44%"),
        ("en", "50,000.00 by trades 22,400.00 · 44 % of what is open"),
    ):
        text = client.get(f"/desk/pledges?lang={language}", headers=bank).text
        found = cells(text, "质登1")[3]
        assert found.startswith(words)
        assert "70.00" in found and "某公告" in found
        assert ("未核实" if language == "zh" else "unverified") in found


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "50,000.00 该类别尚未公布估值期间或折扣率"),
        ("en", "50,000.00 Window or haircut not stated for this class"),
    ],
)
def test_what_is_not_stated_is_told_and_is_no_value(
    client: FlaskClient, bank: Headers, language: str, words: str
) -> None:
    assert valuation(client, bank)["value_fen"] is None
    text = client.get(f"/desk/pledges?lang={language}", headers=bank).text
    assert cells(text, "质登1")[3] == words


def test_a_pledge_that_holds_nothing_has_no_value(
    stage: Scene, client: FlaskClient, bank: Headers
) -> None:
    state(stage, days="30", haircut_percent="20")
    (row,) = client.get("/v1/pledges", headers=bank).json["items"]
    stage.do("bank", "pledge.release", {"pledge": row["pledge"]}, *("bank-1", "bank-2"))
    assert valuation(client, bank) is None


def test_nobody_else_reads_it(stage: Scene, client: FlaskClient) -> None:
    buyer = sign_in(client, "buyer", stage.key("buyer/a"))
    assert client.get("/v1/pledges", headers=buyer).json["items"] == []
