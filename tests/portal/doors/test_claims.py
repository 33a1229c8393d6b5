"""Claims are read by those whom they concern: holder, bank and buyer; everybody sees duties."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ledger.restraints.models import duty_table
from portal.app import create_app
from tests.factories.claims import COURT, freeze, pledge
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import Scene, scene
from tests.portal.doors.test_desk import cells


@pytest.fixture
def stage(home: Path) -> Iterator[Scene]:
    with scene(home, None) as opened:
        opened.issue(900)
        pledge(opened, 400)
        freeze(opened, 600)
        pledge(opened, 200, "质登2", rank=3)
        withdrawal = {"report": "R1", "reason": "监测数据失实"}
        opened.do("vvb2", "report.withdraw", withdrawal, "a", "b")
        yield opened


@pytest.fixture
def client(stage: Scene) -> FlaskClient:
    return create_app(stage.ledger, stage.clock).test_client()


@pytest.fixture
def readers(stage: Scene, client: FlaskClient) -> dict[str, Headers]:
    found = {party: sign_in(client, party, stage.key(f"{party}/a")) for party in ("owner", "buyer")}
    return {**found, "bank": sign_in(client, "bank", stage.keys["bank-1"])}


@pytest.mark.parametrize(
    ("name", "owner", "bank", "buyer"),
    [("claims", 4, 2, 0), ("freezes", 2, 0, 0), ("pledges", 2, 2, 0), ("disposals", 0, 0, 0)],
)
def test_each_side_reads_its_own(
    client: FlaskClient,
    readers: dict[str, Headers],
    name: str,
    owner: int,
    bank: int,
    buyer: int,
) -> None:
    found = [
        len(client.get(f"/v1/{name}", headers=readers[party]).json["items"])
        for party in ("owner", "bank", "buyer")
    ]
    assert found == [owner, bank, buyer]
    assert client.get(f"/v1/{name}").status_code == 401


def test_a_bank_sees_what_its_pledge_holds_and_no_secret(
    client: FlaskClient, readers: dict[str, Headers]
) -> None:
    claims = client.get("/v1/claims?state=standing", headers=readers["bank"]).json["items"]
    found = sorted((row["registry"], row["quantity"], row["bucket"]) for row in claims)
    assert found == [(0, 200, "pledged"), (400, 400, "pledged")]
    rows = client.get("/v1/pledges?state=registered", headers=readers["bank"]).json["items"]
    names = ("number", "rank", "held", "waiting")
    told = sorted(tuple(row[name] for name in names) for row in rows)
    assert told == [("质登1", 1, 400, 0), ("质登2", 3, 0, 200)]
    assert not any("salt" in row for row in rows)


@pytest.mark.parametrize(
    ("language", "nothing"),
    [
        ("zh", "已登记 尚未控制任何数量 · 轮候 200"),
        ("en", "Registered holds nothing yet · Waiting 200"),
    ],
)
def test_a_registered_pledge_that_holds_nothing_is_shown_so(
    client: FlaskClient, readers: dict[str, Headers], language: str, nothing: str
) -> None:
    for path in ("/desk", "/desk/pledges"):
        text = client.get(f"{path}?lang={language}", headers=readers["bank"]).text
        assert cells(text, "质登2")[5] == nothing
        assert cells(text, "质登1")[5] == nothing.split(" ", maxsplit=1)[0]


def test_the_freeze_of_a_duty_names_no_authority_but_the_withdrawal(
    stage: Scene, client: FlaskClient, readers: dict[str, Headers]
) -> None:
    """900 are owed; 400 are pledged, 500 frozen, 200 waited for before: it is the fourth."""
    (duty,) = stage.rows(duty_table)
    rows = client.get("/v1/freezes?state=standing", headers=readers["owner"]).json["items"]
    names = ("authority", "document", "verifier", "withdrawal", "rank", "held", "waiting")
    told = {row["duty"]: tuple(row[name] for name in names) for row in rows}
    assert told == {
        None: (COURT["authority"], COURT["document"], None, None, 2, 500, 100),
        duty["duty"]: (None, "监测数据失实", "vvb2", duty["index"], 4, 0, 900),
    }
    for language, words in (
        ("zh", "登记系统依职责冻结：意见撤回，须补足 撤回人 vvb2"),
        ("en", "The register's own freeze: an opinion was withdrawn, units are to be replaced"),
    ):
        text = client.get(f"/desk/freezes?lang={language}", headers=readers["owner"]).text
        assert unescape(cells(text, "监测数据失实")[1]).startswith(words)
        assert f'href="/entries/{duty["index"]}?' in text


def test_everybody_sees_the_duty_and_nobody_who_holds_what(client: FlaskClient) -> None:
    (duty,) = client.get("/v1/duties").json["items"]
    assert (duty["quantity"], duty["discharged"], duty["state"]) == (900, 0, "open")
    assert client.get(f"/v1/duties/{duty['duty']}").json == duty
    assert set(duty) & {"frozen", "held"} == set()
