"""Why would it be refused? Every rule that an order breaks, at once; nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from ledger.parties.authority import GENESIS
from portal.api.examples import bodies
from portal.app import create_app
from tests.factories.admission import agreement, approval
from tests.factories.auctions import AuctionRoom
from tests.factories.claims import BATCH
from tests.factories.market import EXCHANGE, Floor
from tests.factories.orders import Pit
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import OFFICERS, scene


@dataclass
class World:
    floor: Floor
    client: FlaskClient
    readers: dict[str, Headers]

    def ask(self, type: str, body: Any, reader: str = "owner", status: int = 200) -> Any:
        path = f"/v1/rehearsals/{type}"
        answer = self.client.post(path, json=body, headers=self.readers[reader])
        assert answer.status_code == status, answer.text
        return answer.json

    def faults(self, type: str, body: Any, reader: str = "owner") -> list[str]:
        return [fault["code"] for fault in self.ask(type, body, reader)["faults"]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with scene(tmp_path_factory.mktemp("rehearsals") / "home", None) as stage:
        floor = Floor(stage)
        floor.prepare()
        room = AuctionRoom(floor)
        room.announce(room.sealed(auction="A0"))
        floor.rule("else.methods", "10")
        floor.list("ELSE", venue="else")
        client = create_app(stage.ledger, stage.clock).test_client()
        readers = {p: sign_in(client, p, stage.key(f"{p}/a")) for p in ("owner", "buyer")}
        readers["registrar"] = sign_in(client, "registrar", stage.keys["registrar-1"])
        readers["exchange"] = sign_in(client, "exchange", stage.keys[EXCHANGE[0]])
        yield World(floor, client, {**readers, "nobody": {}})


def test_a_good_order_is_rehearsed_and_not_placed(world: World) -> None:
    head = world.client.get("/log/checkpoint").text
    told = world.ask("listing.place", world.floor.order(7_000, 100))
    assert (told["accepted"], told["faults"], told["people"]) == (True, [], 1)
    assert world.client.get("/log/checkpoint").text == head
    assert world.client.get("/v1/market/quotes?instrument=FS").json["levels"] == []


def test_every_broken_rule_is_named_at_once_in_both_languages(world: World) -> None:
    told = world.ask("listing.place", world.floor.order(7_783, 100_000))
    codes = [fault["code"] for fault in told["faults"]]
    assert codes == ["price-outside-band", "quantity-too-large", "balance-short"]
    assert told["accepted"] is False
    band = told["faults"][0]
    assert (band["params"]["low_fen"], band["params"]["high_fen"]) == (6_368, 7_782)
    assert set(band["title"]) == {"zh", "en"}
    assert band["title"]["zh"] != band["title"]["en"] != ""


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"auction": "A0"}, ["auction-exists"]),
        ({"instrument": "XX"}, ["instrument-unknown"]),
        ({"principal": "nobody"}, ["party-unknown"]),
        ({"batches": ["nothing"]}, ["batch-unknown"]),
        ({"instrument": "ELSE"}, ["method-not-open", "parameter-not-in-force"]),
    ],
)
def test_an_announcement_tells_every_broken_rule_whatever_the_first_is(
    world: World, change: dict[str, Any], codes: list[str]
) -> None:
    """Beside a step in a sealed auction, a lot that does not divide, a bid above the whole."""
    room = AuctionRoom(world.floor)
    wrong = {"lot": 7, "step_fen": 1, "bid_minimum": 301, "reserve_fen": 6_000}
    told = world.ask("auction.announce", room.sealed(**wrong, **change), "exchange")
    found = [fault["code"] for fault in told["faults"]]
    always = ["auction-field-extra", "quantity-off-lot", "auction-bid-sizes"]
    assert {*codes, *always} <= {*found}
    assert told["people"] == 2
    assert all(fault["title"]["zh"] and fault["title"]["en"] for fault in told["faults"])
    first = world.floor.stage.refused("exchange", "auction.announce",
                                      room.sealed(**wrong, **change), *EXCHANGE)  # fmt: skip
    assert found[0] == first


def test_the_commit_path_gives_the_first_of_the_same_rules(world: World) -> None:
    order = world.floor.order(7_783, 100_000)
    told = world.faults("listing.place", order)
    assert world.floor.stage.refused("owner", "listing.place", order, "a") == told[0]


def test_an_admission_is_told_all_that_its_papers_break_each_once(world: World) -> None:
    stage = world.floor.stage
    unproved = {**stage.entry("late", "a"), "proof": "00" * 64, "role": "maker"}
    body = {
        "party": "late",
        "name": "迟到",
        "uscc": "91330100MATET00010",
        "region": "990000",
        "roles": ["enterprise", "verifier"],
        "keys": [unproved, {**stage.entry("late", "b"), "proof": "00" * 64, "role": "maker"}],
        "agreement": agreement(covers=["fees"], signed_on="2199-01-01"),
        "approval": approval(domains=[], valid_to="2023-12-31"),
    }
    told = world.faults("party.admit", body, "registrar")
    assert told == [
        "region-unknown",
        "roles-apart",
        "uscc-invalid",
        "key-not-proved",
        "key-not-proved",  # each names its key
        "operators-one-sided",
        "agreement-short",
        "agreement-later",
        "approval-empty",
        "period-reversed",
    ]
    assert stage.refused("registrar", "party.admit", body, *OFFICERS) == told[0]
    taken = {**body, "party": "owner"}  # what followed would be judged as that party's
    assert world.faults("party.admit", taken, "registrar") == ["party-exists"]


def test_a_project_and_a_report_are_told_all_that_they_break(world: World) -> None:
    project = {**bodies()["project.submit"], "project": "P1", "construction_start": "2000-01-01"}
    project |= {"crediting_start": "2031-01-01", "crediting_end": "2030-12-31"}
    assert world.faults("project.submit", project) == [
        "project-exists",
        "construction-too-early",
        "period-reversed",
    ]


def test_every_field_of_a_malformed_body_is_named_at_once(world: World) -> None:
    broken = {"price_fen": 0, "quantity": "1", "odd": 1, "more": 1}
    told = world.ask("listing.place", broken, status=400)
    assert told["errors"] == [
        {"pointer": "/body/instrument", "code": "field-missing"},
        {"pointer": "/body/price_fen", "code": "out-of-range"},
        {"pointer": "/body/quantity", "code": "not-an-integer"},
        {"pointer": "/body/more", "code": "field-unknown"},
        {"pointer": "/body/odd", "code": "field-unknown"},
    ]
    assert (told["code"], told["params"]["field"]) == ("field-missing", "/body/instrument")


def test_whoever_may_not_state_a_type_is_told_that_and_nothing_else(world: World) -> None:
    """What follows could tell of others: a freeze names what somebody else holds."""
    for type in sorted({name for name, _ in world.floor.stage.ledger.engine.types} - {GENESIS}):
        told = _admitted(world, type)
        assert told in (None, ["role-not-allowed"]), (type, told)
    body = {"party": "owner", "asset": "ZJ_FS-R1-2024", "quantity": 10**6}
    order = {**body, "authority": "浙江省高级人民法院", "document": "冻1", "until": "2026-12-31"}
    assert world.faults("freeze.order", order, "buyer") == ["role-not-allowed"]


def _admitted(world: World, type: str) -> list[str] | None:
    """What the buyer is told of an example of a type; None where its role may state it."""
    declared = world.floor.stage.ledger.engine.types[type, 1]
    if "enterprise" in declared.signers or type not in bodies():
        return None
    return world.faults(type, bodies()[type], "buyer")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_that_rules_speak_of(world: World, day: str) -> None:
    block = {"instrument": "FS", "side": "sell", "counterparty": "buyer", "until": day}
    assert "block-until" in world.faults(
        "block.propose", {**block, "price_fen": 7_000, "quantity": 100}
    )


def test_people_are_counted_as_the_dated_table_asks(world: World) -> None:
    body = {"batch": "ZJ_FS-R1-2024", "quantity": 5, "receiver": "buyer"}
    told = world.ask("credit.transfer", body)
    assert "four-eyes" not in [fault["code"] for fault in told["faults"]]
    assert told["people"] == 2


def test_an_operation_is_judged_as_the_statement_would_be(world: World) -> None:
    """A batch asks for the people of its operations, and names each one that is refused."""
    move = {"batch": "ZJ_FS-R1-2024", "quantity": 9, "to": "registry"}
    much = {**move, "quantity": 10**9}
    give = {"batch": "ZJ_FS-R1-2024", "quantity": 5, "receiver": "buyer"}
    operations = [{"type": "credit.move", "body": move}, {"type": "credit.transfer", "body": give}]
    told = world.ask("batch", {"operations": operations})
    assert (told["accepted"], told["people"]) == (True, 2)
    operations.insert(1, {"type": "credit.move", "body": much})
    (fault,) = world.ask("batch", {"operations": operations})["faults"]
    assert fault["code"] == "operation-refused"
    assert (fault["params"]["operation"], fault["params"]["reason"]) == (1, "balance-short")


def test_what_this_software_does_not_know_is_told_and_no_defect(world: World) -> None:
    told = world.ask("batch", {"operations": [{"type": "nope", "body": {}}]})
    assert told["accepted"] is False
    assert [fault["code"] for fault in told["faults"]] == ["operation-unknown"]


def test_nobody_else_asks_and_odd_types_and_bodies_are_named(world: World) -> None:
    world.ask("listing.place", {}, "nobody", 401)
    assert world.ask("listing.steal", {}, status=404)["code"] == "type-unknown"
    assert world.ask("listing.place", [], status=400)["params"]["field"] == "/body"
    broken = world.ask("listing.place", {**world.floor.order(7_000, 1), "odd": 1}, status=400)
    assert broken["params"]["field"] == "/body/odd"


def test_an_order_is_told_what_would_become_of_it(tmp_path: Path) -> None:
    """It may be accepted and come to nothing: for want of the other side, or against one's own."""
    with scene(tmp_path / "home", None) as stage:
        pit = Pit(stage)
        pit.set_up()
        pit.sell(7_000, 100)
        client = create_app(stage.ledger, stage.clock).test_client()
        readers = {p: sign_in(client, p, stage.key(f"{p}/a")) for p in ("owner", "buyer")}
        world = World(pit, client, readers)

        def comes_to(reader: str, price_fen: int, quantity: int, kind: str = "limit") -> Any:
            told = world.ask("order.place", pit.body("buy", price_fen, quantity, kind=kind), reader)
            assert told["accepted"] is True
            return told["order"]

        open_ = {"state": "open", "quantity": 150, "filled": 100}
        assert comes_to("buyer", 7_000, 150) == open_
        assert comes_to("buyer", 7_000, 40) == {"state": "filled", "quantity": 40, "filled": 40}
        nothing = {"state": "cancelled", "quantity": 150, "filled": 0}
        assert comes_to("buyer", 7_000, 150, "fok") == nothing
        assert comes_to("owner", 7_000, 10) == {"state": "prevented", "quantity": 10, "filled": 0}
        body = {"batch": BATCH, "quantity": 1, "to": "registry"}
        assert world.ask("credit.move", body, "owner")["order"] is None
