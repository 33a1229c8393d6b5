"""Claims are read by those whom they concern: holder, bank and buyer; everybody sees duties."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from tests.factories.claims import freeze, pledge
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import Scene, scene


@pytest.fixture
def stage(home: Path) -> Iterator[Scene]:
    with scene(home, None) as opened:
        opened.issue(900)
        pledge(opened, 400)
        freeze(opened, 600)
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
    [("claims", 3, 1, 0), ("freezes", 2, 0, 0), ("pledges", 1, 1, 0), ("disposals", 0, 0, 0)],
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
    (claim,) = client.get("/v1/claims?state=standing", headers=readers["bank"]).json["items"]
    assert (claim["registry"], claim["quantity"], claim["bucket"]) == (400, 400, "pledged")
    (row,) = client.get("/v1/pledges?state=registered", headers=readers["bank"]).json["items"]
    assert (row["number"], row["rank"], "salt" in row) == ("质登1", 1, False)


def test_everybody_sees_the_duty_and_nobody_who_holds_what(client: FlaskClient) -> None:
    (duty,) = client.get("/v1/duties").json["items"]
    assert (duty["quantity"], duty["discharged"], duty["state"]) == (900, 0, "open")
    assert client.get(f"/v1/duties/{duty['duty']}").json == duty
    assert set(duty) & {"frozen", "held"} == set()
