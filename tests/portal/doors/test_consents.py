"""A bank reads an enterprise's accounts by consent alone, and the enterprise sees every read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from ledger.parties.parameters import midnight
from ledger.writer.errors import Unavailable
from portal.app import create_app
from portal.ops.reads import Reads
from tests.factories.market import BANK
from tests.factories.readers import sign_in
from tests.factories.scene import Scene, scene

GIVEN = {"reader": "bank", "purpose": "pledge", "scope": ["accounts"], "until": "2026-01-01"}


class World:
    def __init__(self, stage: Scene) -> None:
        self.stage = stage
        self.client: FlaskClient = create_app(stage.ledger, stage.clock).test_client()
        keys = {"bank": stage.key(BANK[0])}
        keys |= {party: stage.key(f"{party}/a") for party in ("owner", "buyer", "vvb1")}
        self.readers = {party: sign_in(self.client, party, key) for party, key in keys.items()}

    def get(self, path: str, reader: str, status: int = 200) -> Any:
        answer = self.client.get(path, headers=self.readers[reader])
        assert answer.status_code == status, answer.text
        return answer.json

    def give(self, **changes: Any) -> str:
        return self.stage.do("owner", "consent.give", {**GIVEN, **changes}, "a")


@pytest.fixture
def world(home: Path) -> Iterator[World]:
    with scene(home, None) as stage:
        stage.issue(900)
        yield World(stage)


def test_under_a_consent_the_bank_reads_the_balances_and_only_the_givers(world: World) -> None:
    path = f"/v1/consents/{world.give()}/accounts"
    (balance,) = world.get(path, "bank")["items"]
    assert (balance["account"], balance["available"]) == ("owner/registry", 900)
    assert world.get(f"{path}?asset=CNY", "bank")["items"] == []
    for reader in ("owner", "buyer", "vvb1"):
        assert world.get(path, reader, 404)["code"] == "consent-unknown"
    assert world.get("/v1/accounts", "bank")["items"] == []


def test_each_read_is_told_to_the_giver_newest_first_and_to_nobody_else(world: World) -> None:
    consent = world.give()
    path = f"/v1/consents/{consent}/accounts"
    for more in ("", "?asset=CNY", "?limit=1"):
        world.get(path + more, "bank")
    world.get(path, "buyer", 404)
    reads = world.get("/v1/reads", "owner")["items"]
    assert [read["asked"] for read in reads] == ["limit=1", "asset=CNY", ""]
    first = reads[0]
    named = ("giver", "reader", "operator", "consent", "purpose", "what", "at")
    assert [first[name] for name in named] == [
        "owner", "bank", first["operator"], consent, "pledge", "accounts",
        "2026-01-01T00:00:00.000Z",
    ]  # fmt: skip
    assert world.get("/v1/reads", "bank")["items"] == []
    page = world.get("/v1/reads?limit=2", "owner")
    assert len(page["items"]) == 2
    assert [read["asked"] for read in world.get(page["next"], "owner")["items"]] == [""]
    for bad in ("0", "x", "-1", "9" * 19, "１"):
        assert world.get(f"/v1/reads?before={bad}", "owner", 400)["code"] == "parameter-invalid"


def test_both_sides_list_the_consent_and_no_one_sees_its_salt(world: World) -> None:
    consent = world.give()
    for reader in ("owner", "bank"):
        (row,) = world.get("/v1/consents?state=given", reader)["items"]
        assert (row["consent"], row["scope"], "salt" in row) == (consent, ["accounts"], False)
    assert world.get("/v1/consents", "buyer")["items"] == []


def test_a_consent_that_is_taken_back_opens_nothing(world: World) -> None:
    consent = world.give()
    path = f"/v1/consents/{consent}/accounts"
    world.get(path, "bank")
    world.stage.do("owner", "consent.withdraw", {"consent": consent}, "a")
    assert world.get(path, "bank", 404)["code"] == "consent-unknown"
    assert len(world.get("/v1/reads", "owner")["items"]) == 1


def test_it_is_over_with_its_last_day_though_nobody_has_said_so(world: World) -> None:
    path = f"/v1/consents/{world.give()}/accounts"
    world.stage.clock.time = midnight(GIVEN["until"], 1) - 1
    keys = world.stage.key(BANK[0])
    world.readers["bank"] = sign_in(world.client, "bank", keys)
    world.get(path, "bank")
    world.stage.clock.time += 1
    world.readers["bank"] = sign_in(world.client, "bank", keys)
    assert world.get(path, "bank", 404)["code"] == "consent-unknown"


def test_a_suspended_reader_reads_nothing_more(world: World) -> None:
    path = f"/v1/consents/{world.give(reader='vvb1', purpose='verification')}/accounts"
    world.get(path, "vvb1")
    body = {"party": "vvb1", "document": "d"}
    world.stage.do("regulator", "party.suspend", body, "regulator-1", "regulator-2")
    world.get(path, "vvb1", 404)


def test_what_cannot_be_noted_is_not_shown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/v1/consents/{world.give()}/accounts"

    def lost(self: Reads, **row: Any) -> None:
        raise Unavailable("ops-unavailable")

    monkeypatch.setattr(Reads, "note", lost)
    assert "items" not in world.get(path, "bank", 503)


def test_names_that_are_none_are_unknown(world: World) -> None:
    for id in ("none", "x" * 200, "a%00b"):
        world.get(f"/v1/consents/{id}/accounts", "bank", 404)
    world.get(f"/v1/consents/{world.give()}/deals", "bank", 404)
