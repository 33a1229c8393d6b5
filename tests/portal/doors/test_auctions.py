"""Auctions, blocks and locks through the doors: what everybody sees, and what only a party does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from market.one_way.models import entry_table
from portal.app import create_app
from tests.factories.auctions import AuctionRoom, Blocks
from tests.factories.market import EXCHANGE, Floor
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import OFFICERS, scene

BATCH = "ZJ_FS-R1-2024"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuctionRoom]:
    """One auction that is cleared and one that takes bids, a block that waits, a lock."""
    with scene(tmp_path_factory.mktemp("doors") / "home", None) as stage:
        floor = Floor(stage)
        floor.prepare()
        blocks = Blocks(floor)
        floor.rule("zhejiang.20.hours", "09:30-11:30", "2025-12-31")
        made = AuctionRoom(floor)
        lock = {"batch": BATCH, "first": 1, "last": 20, "ground": "dispute", "reason": "权属争议"}
        stage.do("registrar", "serial.lock", {**lock, "document": "锁定1"}, *OFFICERS)
        floor.list("ONE", batch=BATCH)
        made.begin(made.sealed())
        first = made.commit("buyer", 7_000, 200)
        made.commit("third", 6_900, 10)
        made.at(30)
        made.reveal("buyer", first, 7_000, 200)
        made.clear()
        times = {"opens_at": made.instant(52), "closes_at": made.instant(75)}
        made.announce(made.open(auction="A2", **times))
        made.offer(auction="A2")
        made.at(52)
        bid = {"auction": "A2", "price_fen": 6_000, "quantity": 10}
        stage.do("third", "auction.bid", bid, "a")
        blocks.propose(other="third", quantity=100)
        yield made


@pytest.fixture
def client(room: AuctionRoom) -> FlaskClient:
    return create_app(room.stage.ledger, room.stage.clock).test_client()


def reader(room: AuctionRoom, client: FlaskClient, party: str) -> Headers:
    return sign_in(client, party, room.stage.key(f"{party}/a"))


def test_auctions_are_listed_with_terms_phase_and_result(client: FlaskClient) -> None:
    items = client.get("/v1/market/auctions").json["items"]
    assert [(row["auction"], row["state"]) for row in items] == [
        ("A1", "cleared"),
        ("A2", "offered"),
    ]
    assert client.get("/v1/market/auctions?instrument=XX").json["items"] == []
    row = client.get("/v1/market/auctions/A1").json
    assert (row["phase"], row["price_fen"], row["volume"]) == ("cleared", 7_000, 200)
    assert client.get("/v1/market/auctions/A2").json["phase"] == "bidding"
    assert client.get("/v1/market/auctions/A2/check").json["differences"] == []


@pytest.mark.parametrize("path", ["none", "none/entries", "none/check", "x" * 50, "a%00b"])
def test_what_is_not_there_is_a_problem_of_its_own(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/v1/market/auctions/{path}")
    assert (answer.status_code, answer.json["code"]) == (404, "auction-unknown")


def test_entries_show_bids_and_never_who(room: AuctionRoom, client: FlaskClient) -> None:
    items = client.get("/v1/market/auctions/A1/entries").json["items"]
    assert {(e["state"], e["price_fen"], e["awarded"]) for e in items} == {
        ("won", 7_000, 200),
        ("void", None, None),
    }
    for path in ("", "/A1", "/A1/entries", "/A2", "/A2/entries", "/A1/check"):
        text = client.get(f"/v1/market/auctions{path}").text
        assert '"buyer"' not in text and '"third"' not in text, path
    for path in ("/market/auctions", "/market/auctions/A1", "/market/auctions/A2"):
        text = client.get(path).text
        assert ">buyer" not in text and ">third" not in text, path


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("已成交", "结果与公开数据一致", "权属")),
        ("en", ("Cleared", "follows from", "dispute")),
    ],
)
def test_pages_tell_of_auctions_and_locks(
    client: FlaskClient, language: str, words: tuple[str, ...]
) -> None:
    one = client.get(f"/market/auctions/A1?lang={language}").text
    assert words[0] in one and words[1] in one
    board = client.get(f"/market/auctions?lang={language}").text
    assert "A2" in board and ("23 min" if language == "en" else "23 分钟") in board
    for path in (f"/serials/{BATCH}-20", f"/batches/{BATCH}"):
        assert words[2] in client.get(f"{path}?lang={language}").text
    assert words[2] not in client.get(f"/serials/{BATCH}-21?lang={language}").text


def test_a_page_says_when_a_result_does_not_follow(room: AuctionRoom, client: FlaskClient) -> None:
    with room.stage.ledger.record.database.begin() as connection:
        connection.execute(entry_table.update().values(awarded=199).where(entry_table.c.place == 1))
    try:
        assert 'data-result="bad"' in client.get("/market/auctions/A1").text
        found = client.get("/v1/market/auctions/A1/check").json["differences"]
        assert [text.partition(":")[0] for text in found] == ["award"]
    finally:
        with room.stage.ledger.record.database.begin() as connection:
            won = entry_table.c.state == "won"
            connection.execute(entry_table.update().values(awarded=200).where(won))


def test_locks_are_public_and_shown_before_a_purchase(client: FlaskClient) -> None:
    (lock,) = client.get("/v1/locks").json["items"]
    assert (lock["batch"], lock["first"], lock["last"], lock["state"]) == (BATCH, 1, 20, "standing")
    one = client.get("/v1/market/instruments/ONE").json
    assert (one["locked"], one["delivers_locked"]) == (20, False)
    assert client.get("/v1/market/instruments/FS").json["locked"] is None
    trace = client.get(f"/v1/serials/{BATCH}-1").json
    assert [row["ground"] for row in trace["locks"]] == ["dispute"]
    assert "20" in client.get("/market/ONE?lang=en").text


def test_a_party_reads_its_own_bids_blocks_and_transferable_units(
    room: AuctionRoom, client: FlaskClient
) -> None:
    def own(party: str, name: str) -> list[dict[str, Any]]:
        headers = reader(room, client, party)
        items: list[dict[str, Any]] = client.get(f"/v1/{name}", headers=headers).json["items"]
        return items

    assert [(b["auction"], b["state"]) for b in own("buyer", "bids")] == [("A1", "won")]
    assert [(b["auction"], b["state"]) for b in own("third", "bids")] == [
        ("A1", "void"),
        ("A2", "open"),
    ]
    assert own("buyer", "blocks") == []
    assert [b["counterparty"] for b in own("third", "blocks")] == ["third"]
    assert [row["auction"] for row in own("owner", "offers")] == ["A1", "A2"]
    assert all("salt" not in row for row in own("third", "bids") + own("third", "blocks"))
    (units,) = [r for r in own("owner", "accounts") if r["account"] == "owner/trading"][1:]
    # 900 less 200 sold: 300 and 100 frozen, 300 available, of which 20 are locked
    assert (units["available"], units["locked"], units["transferable"]) == (300, 20, 280)
    headers = reader(room, client, "owner")
    for path in ("/desk", "/desk/accounts"):
        assert "transferable 280" in client.get(f"{path}?lang=en", headers=headers).text


@pytest.mark.parametrize(
    ("party", "type", "body", "codes"),
    [
        (
            "buyer",
            "block.propose",
            {
                "instrument": "FS",
                "side": "sell",
                "counterparty": "buyer",
                "price_fen": 1,
                "quantity": 1,
                "until": "2026-02-01",
            },
            [
                "self-trade",
                "price-outside-band",
                "quantity-too-small",
                "block-until",
                "balance-short",
            ],
        ),
        (
            "owner",
            "auction.bid",
            {"auction": "A2", "price_fen": 5_999, "quantity": 5, "least": 6},
            ["self-trade", "price-beyond-reserve", "quantity-too-small", "bid-least"],
        ),
    ],
)
def test_a_rehearsal_names_every_rule_that_is_broken(
    room: AuctionRoom,
    client: FlaskClient,
    party: str,
    type: str,
    body: dict[str, Any],
    codes: list[str],
) -> None:
    headers = reader(room, client, party)
    told = client.post(f"/v1/rehearsals/{type}", json=body, headers=headers).json
    assert [fault["code"] for fault in told["faults"]] == codes
    assert room.stage.refused(party, type, body, "a") == codes[0]


def test_the_room_shows_a_reader_its_own_and_nobody_elses(
    room: AuctionRoom, client: FlaskClient
) -> None:
    own = client.get("/market/auctions/A1/room", headers=reader(room, client, "buyer"))
    other = client.get("/market/auctions/A1/room", headers=reader(room, client, "owner"))
    assert 'data-state="won"' in own.text
    assert own.headers["Cache-Control"] == "private, no-store"
    assert "data-bid=" not in other.text
    assert "data-bid=" not in client.get("/market/auctions/A1/room").text
    live = client.get("/market/auctions/A2/room").text
    assert 'data-phase="bidding"' in live
    assert "data-best>60.00<" in live


def test_who_may_not_trade_or_has_announced_is_shown_no_form_to_bid(
    room: AuctionRoom, client: FlaskClient
) -> None:
    def page(party: str) -> str:
        headers = reader(room, client, party) if party else {}
        return client.get("/market/auctions/A2", headers=headers).text

    assert 'data-state="auction.bid"' in page("buyer")
    for party in ("", "owner", "vvb1"):
        assert 'data-state="auction.bid"' not in page(party)


def test_costs_of_a_bid_are_those_of_the_announcement(client: FlaskClient) -> None:
    told = client.get("/v1/market/auctions/A1/costs?price_fen=7000&quantity=10").json
    assert (told["method"], told["amount_fen"], told["buyer_pays_fen"]) == ("21", 70_000, 70_000)
    for query in ("price_fen=0&quantity=1", "price_fen=1"):
        got = client.get(f"/v1/market/auctions/A1/costs?{query}")
        assert (got.status_code, got.json["code"]) == (400, "parameter-invalid")
    assert client.get("/v1/market/auctions/no/costs?price_fen=1&quantity=1").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_exchange_is_offered_the_instruments_that_it_operates_and_others_nothing(
    room: AuctionRoom, client: FlaskClient, language: str
) -> None:
    path = f"/desk/auctions/announce?lang={language}"
    headers = sign_in(client, "exchange", room.stage.keys[EXCHANGE[0]])
    text = client.get(path, headers=headers).text
    assert re.findall(r"<option>(\w+)</option>", text) == ["FS", "ONE"]
    assert not re.search(r"\b(announcing|auctions|acting|field|people)\.[a-z_.]+\b", text)
    assert not re.search(r"<script(?![^>]*src)|\son\w+=|style=", text)
    own = client.get(path, headers=reader(room, client, "owner")).text
    assert "<option>FS" not in own
    assert "data-state" not in own
