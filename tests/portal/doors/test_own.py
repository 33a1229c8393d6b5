"""Private reads: each party its own, the other side its part, the supervisor all; else 404."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

from ledger.accounts.commitments.certificate import check
from ledger.log.note import parse_vkey
from ledger.log.receipt import verify_receipt
from ledger.parties.key_history import follow
from ledger.statements.canonical import encode
from ledger.statements.envelope import body_digest, parse_envelope
from portal.app import create_app
from tests import databases
from tests.factories.market import REGULATOR, Floor
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import HOUR_MS, Scene, scene

pytestmark = pytest.mark.database

BATCH = "ZJ_FS-R1-2024"
PARTIES = ("owner", "buyer", "third")


@dataclass
class World:
    stage: Scene
    client: FlaskClient
    readers: dict[str, Headers]
    listing: str
    transfer: str
    retirement: str
    refused: str

    def get(self, path: str, reader: str, status: int = 200) -> Any:
        answer = self.client.get(path, headers=self.readers[reader])
        assert answer.status_code == status, answer.text
        return answer.json

    def index(self, id: str, reader: str = "owner") -> int:
        return int(self.get(f"/v1/statements/{id}", reader)["index"])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """900 issued; 100 in transfer to buyer, 5 retired, 300 to trading: 40 of them sold."""
    folder = tmp_path_factory.mktemp("own")
    with databases.vacant(folder) as url, scene(folder / "home", url) as stage:
        floor = Floor(stage)
        batch = stage.issue(900)
        body = {"batch": batch, "quantity": 100, "receiver": "buyer"}
        transfer = stage.do("owner", "credit.transfer", body, "a", "b")
        retired = {"batch": batch, "quantity": 5, "purpose": "public-good", "beneficiary": "甲"}
        retirement = stage.do("owner", "credit.retire", retired, "a", "b")
        floor.to_trading("owner", batch, 300)
        stage.admit("third", "enterprise", 7)
        floor.pay_in("buyer", 10_000_000)
        floor.list()
        floor.open()
        listing = floor.place(7_000, 100)
        floor.take(listing, 40)
        too_much = stage.write(
            "owner", "credit.move", {**body_of_move(batch), "quantity": 9_999}, "a"
        )
        assert stage.ledger.entrance.submit(too_much.encode()).status == "refused"
        stage.clock.time += 24 * HOUR_MS
        stage.ledger.writer.tick().result(30)
        client = create_app(stage.ledger, stage.clock).test_client()
        readers = {party: sign_in(client, party, stage.key(f"{party}/a")) for party in PARTIES}
        readers["supervisor"] = sign_in(client, "regulator", stage.keys[REGULATOR[0]])
        readers["bank"] = sign_in(client, "bank", stage.keys["bank-1"])
        readers["nobody"] = {}
        refused = too_much.envelope.payload.id
        yield World(stage, client, readers, listing, transfer, retirement, refused)


def body_of_move(batch: str) -> dict[str, Any]:
    return {"batch": batch, "to": "trading"}


def test_accounts_show_what_is_held_in_each_state(world: World) -> None:
    rows = {(r["account"], r["asset"]): r for r in world.get("/v1/accounts", "owner")["items"]}
    registry = rows["owner/registry", BATCH]
    assert (registry["available"], registry["in_transfer"]) == (495, 100)
    assert rows["owner/trading", BATCH]["available"] == 260
    assert {account.partition("/")[0] for account, _ in rows} == {"owner"}
    cash = world.get("/v1/accounts?asset=CNY", "buyer")["items"]
    assert [row["asset"] for row in cash] == ["CNY"]
    assert world.get("/v1/accounts", "third")["items"] == []


def test_both_sides_see_a_transfer_and_its_secret_stays_hidden(world: World) -> None:
    for side in ("owner", "buyer"):
        (row,) = world.get("/v1/transfers?state=proposed", side)["items"]
        assert (row["transfer"], row["quantity"]) == (world.transfer, 100)
        assert "salt" not in row
    assert world.get("/v1/transfers?state=accepted", "owner")["items"] == []
    assert world.get("/v1/transfers", "third")["items"] == []


def test_a_listing_is_its_sellers_and_a_deal_both_sides(world: World) -> None:
    (listing,) = world.get("/v1/listings", "owner")["items"]
    assert (listing["listing"], listing["quantity"]) == (world.listing, 100)
    assert not {"salt", "persons"} & set(listing)
    assert world.get("/v1/listings", "buyer")["items"] == []
    (sold,) = world.get("/v1/deals", "owner")["items"]
    (bought,) = world.get("/v1/deals?instrument=FS", "buyer")["items"]
    assert sold["deal"] == bought["deal"]
    assert ("seller_fee_fen" in sold, "buyer_fee_fen" in sold) == (True, False)
    assert ("seller_fee_fen" in bought, "buyer_fee_fen" in bought) == (False, True)


def test_statements_come_with_their_answers(world: World) -> None:
    one = world.get(f"/v1/statements/{world.transfer}", "owner")
    assert (one["type"], one["state"]) == ("credit.transfer", "accepted")
    assert one["at"] == "2026-01-01T02:00:00.000Z"
    (refused,) = world.get("/v1/statements?state=refused", "owner")["items"]
    assert (refused["id"], refused["answer"]["result"]) == (world.refused, "refused")
    assert refused["answer"]["code"]
    moves = world.get("/v1/statements?type=credit.move", "owner")["items"]
    assert sorted(row["state"] for row in moves) == ["accepted", "refused"]
    for party in ("buyer", "third", "supervisor"):
        world.get(f"/v1/statements/{world.transfer}", party, 404)
    world.get("/v1/statements/%00", "owner", 404)


def test_pages_of_statements_follow_each_other(world: World) -> None:
    whole = [row["id"] for row in world.get("/v1/statements", "owner")["items"]]
    found, path = [], "/v1/statements?limit=2"
    while path:
        page = world.get(path, "owner")
        found += [row["id"] for row in page["items"]]
        path = page["next"]
    assert found == whole == sorted(whole)
    assert len(whole) >= 6


@pytest.mark.parametrize(
    "path",
    [
        "/v1/transfers?state=odd",
        "/v1/listings?state=accepted",
        "/v1/statements?state=waiting",
        "/v1/accounts?asset=%00",
        "/v1/accounts?asset=" + "x" * 400,
        "/v1/accounts?limit=0",
        "/v1/accounts?cursor=x",
        f"/v1/accounts/registry/{BATCH}/certificate?known_at=0",
        f"/v1/accounts/registry/{BATCH}/certificate?known_at=x",
    ],
)
def test_a_query_at_fault_names_its_parameter(world: World, path: str) -> None:
    refused = world.get(path, "owner", 400)
    assert refused["params"]["field"] in path


def test_the_supervisor_sees_everybodys(world: World) -> None:
    accounts = world.get("/v1/supervision/accounts", "supervisor")["items"]
    assert {"owner/registry", "buyer/trading"} <= {row["account"] for row in accounts}
    one = world.get("/v1/supervision/accounts?party=buyer", "supervisor")["items"]
    assert {row["account"].partition("/")[0] for row in one} == {"buyer"}
    (deal,) = world.get("/v1/supervision/deals", "supervisor")["items"]
    assert {"buyer_fee_fen", "seller_fee_fen"} <= set(deal)
    (refused,) = world.get("/v1/supervision/statements?state=refused", "supervisor")["items"]
    assert refused["party"] == "owner"
    world.get("/v1/supervision/accounts?party=none", "supervisor", 404)


def test_an_entry_shows_its_author_all_and_the_other_side_its_part(world: World) -> None:
    path = f"/v1/entries/{world.index(world.transfer)}"
    mine, theirs = world.get(path, "owner"), world.get(path, "buyer")
    assert mine["body"]["quantity"] == 100
    assert mine["answer"] == {"result": "accepted"}
    assert parse_envelope(mine["envelope"]).payload.party == "owner"
    assert parse_envelope(mine["envelope"]).sha256 == mine["leaf"]["envelope_sha256"]
    assert [p["part"]["party"] for p in mine["parts"]] == ["owner"]
    assert [p["part"]["party"] for p in theirs["parts"]] == ["buyer"]
    assert not {"body", "envelope", "answer"} & set(theirs)
    for view in (mine, theirs):
        for shown in view["parts"]:
            digest = hashlib.sha256(encode(shown["part"])).hexdigest()
            assert view["outcome"]["parts"][shown["place"]] == digest
    everything = world.get(path, "supervisor")
    assert len(everything["parts"]) == len(everything["outcome"]["parts"])
    assert everything["body"] == mine["body"]
    named = [{"kind": "transfer", "id": world.transfer}]
    assert mine["made"] == everything["made"] == named


def test_an_entry_shows_strangers_what_it_shows_everybody(world: World) -> None:
    path = f"/v1/entries/{world.index(world.transfer)}"
    assert world.get(path, "third") == world.get(path, "nobody")
    plain = world.client.get(path)
    assert plain.headers["Cache-Control"] == "no-cache"
    assert {"Authorization", "Cookie"} <= set(plain.vary)
    assert not {"body", "envelope", "parts"} & set(plain.json)
    assert plain.json["made"] == []  # nobody else is told what a confidential act made


def test_a_deposit_is_the_banks_words_and_the_traders_part(world: World) -> None:
    (row,) = world.get("/v1/statements?type=cash.deposit", "bank")["items"]
    bank, buyer = (world.get(f"/v1/entries/{row['index']}", who) for who in ("bank", "buyer"))
    assert bank["body"]["amount_fen"] == 10_000_000
    assert "body" not in buyer
    (shown,) = buyer["parts"]
    added = shown["part"]["changes"]["add"]
    assert added == [["balance", ["buyer/trading", "CNY"], {"available": 10_000_000}]]


def test_a_packet_proves_itself_offline(world: World) -> None:
    index = world.index(world.transfer)
    made = world.get(f"/v1/entries/{index}/disclosure", "owner")
    verifier = parse_vkey(world.stage.ledger.record.vkey)
    assert verify_receipt(made["leaf"].encode(), made["receipt"], [verifier]).index == index
    leaf = json.loads(made["leaf"])
    envelope = parse_envelope(made["envelope"])
    assert envelope.sha256 == leaf["envelope_sha256"]
    assert body_digest(made["body"]) == envelope.payload.body_sha256
    assert hashlib.sha256(encode(made["outcome"])).hexdigest() == leaf["outcome_sha256"]
    other = world.get(f"/v1/entries/{index}/disclosure", "buyer")
    assert "body" not in other
    world.get(f"/v1/entries/{index}/disclosure", "third", 404)
    world.get("/v1/entries/99999/disclosure", "owner", 404)


def test_a_retirement_is_certified_to_its_party(world: World) -> None:
    made = world.get(f"/v1/retirements/{world.retirement}/certificate", "owner")
    assert made["retirement"]["beneficiary"] == "甲"
    assert made["body"]["quantity"] == 5
    verifier = parse_vkey(world.stage.ledger.record.vkey)
    assert verify_receipt(made["leaf"].encode(), made["receipt"], [verifier]).index == made["index"]
    world.get(f"/v1/retirements/{world.retirement}/certificate", "buyer", 404)
    world.get("/v1/retirements/none/certificate", "owner", 404)


def test_a_holding_is_certified_to_its_party(world: World) -> None:
    path = f"/v1/accounts/registry/{BATCH}/certificate"
    made = world.client.get(path, headers=world.readers["owner"])
    pinned = parse_vkey(world.stage.ledger.record.vkey)
    good = check(made.data, follow(pinned).verify_receipt)
    assert (good.account, good.units["available"]) == ("owner/registry", 495)
    assert made.headers["Cache-Control"] == "private, no-store"
    assert world.get(path, "third", 404)["code"] == "holding-unknown"
    early = world.get(f"{path}?known_at=1", "owner", 404)
    assert early["code"] == "commitment-missing"
    world.get("/v1/accounts/registry/%00/certificate", "owner", 404)
    world.get(f"/v1/accounts/other/{BATCH}/certificate", "owner", 404)


def test_a_party_sees_its_own_keys_and_whose_they_are(world: World) -> None:
    keys = world.get("/v1/keys", "owner")["items"]
    assert sorted((key["operator"], key["person"], key["until"]) for key in keys) == [
        ("a", "owner.a", None),
        ("b", "owner.b", None),
    ]
    (one,) = world.get("/v1/keys?operator=b", "owner")["items"]
    assert one["party"] == "owner"
    everybodys = world.get("/v1/supervision/keys?party=buyer", "supervisor")["items"]
    assert {key["party"] for key in everybodys} == {"buyer"}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/pledges?asset=zzz", "asset"),
        ("/v1/transfers?operator=zzz", "operator"),
        ("/v1/accounts?state=open", "state"),
        ("/v1/supervision/freezes?batch=zzz", "batch"),
    ],
)
def test_a_list_does_not_take_what_would_not_narrow_it(world: World, path: str, field: str) -> None:
    answer = world.get(path, "supervisor" if "supervision" in path else "owner", 400)
    assert (answer["code"], answer["params"]["field"]) == ("parameter-unknown", field)
