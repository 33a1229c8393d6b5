"""Circles: every route says who may read it, and each reader gets what is its own and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ledger.statements.ed25519 import key_id, public_bytes
from ledger.statements.types import Circle
from portal.app import create_app
from portal.ops.sessions import SESSION_MS
from portal.shell.circles import declared
from portal.shell.operations import COLLECTION, DECLARED
from tests.factories.market import REGULATOR, Floor
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import HOUR_MS, Scene, scene

BATCH = "ZJ_FS-R1-2024"


def undeclared(app: Flask) -> list[str]:
    return [r.rule for r in app.url_map.iter_rules() if declared(app, r.endpoint) is None]


@dataclass
class World:
    """A ledger with trades, a transfer and a retirement, and its readers."""

    stage: Scene
    app: Flask
    client: FlaskClient
    readers: dict[str, Headers]
    listing: str
    transfer: str
    retirement: str
    deal: str


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with scene(tmp_path_factory.mktemp("circles") / "home", None) as stage:
        floor = Floor(stage)
        batch = stage.issue(900)
        body = {"batch": batch, "quantity": 100, "receiver": "buyer"}
        transfer = stage.do("owner", "credit.transfer", body, "a", "b")
        retired = {"batch": batch, "quantity": 5, "purpose": "public-good", "beneficiary": "甲"}
        retirement = stage.do("owner", "credit.retire", retired, "a", "b")
        floor.to_trading("owner", batch, 300)
        stage.admit("third", "enterprise", 7)
        stage.admit("leaving", "enterprise", 8)
        floor.pay_in("buyer", 10_000_000)
        floor.list()
        floor.open()
        listing = floor.place(7_000, 100)
        deal = floor.take(listing, 40)
        stage.clock.time += 24 * HOUR_MS
        stage.ledger.writer.tick().result(30)
        app = create_app(stage.ledger, stage.clock)
        client = app.test_client()
        readers: dict[str, Headers] = {"nobody": {}, "unknown": {"Authorization": "Bearer qzs_no"}}
        readers["expired"] = sign_in(client, "owner", stage.key("owner/a"))
        stage.clock.time += SESSION_MS
        for party in ("owner", "buyer", "third"):
            readers[party] = sign_in(client, party, stage.key(f"{party}/a"))
        regulator = stage.keys[REGULATOR[0]]
        readers["supervisor"] = sign_in(client, "regulator", regulator)
        key = stage.key("leaving/a")
        readers["revoked"] = sign_in(client, "leaving", key)
        revoked = {"key": key_id(public_bytes(key)), "reason": "test"}
        stage.do("leaving", "key.revoke", revoked, "b")
        yield World(stage, app, client, readers, listing, transfer, retirement, deal)


def test_a_route_that_says_nothing_is_found_and_answers_nobody(world: World) -> None:
    app = create_app(world.stage.ledger, world.stage.clock)
    app.add_url_rule("/v1/planted", "planted", lambda: "secret")
    assert undeclared(app) == ["/v1/planted"]
    answer = app.test_client().get("/v1/planted", headers=world.readers["supervisor"])
    assert (answer.status_code, answer.json["code"]) == (403, "circle-undeclared")


def test_every_route_says_who_may_read_it(world: World) -> None:
    assert undeclared(world.app) == []
    assert len(list(world.app.url_map.iter_rules())) > 40


PRIVATE = {
    "/v1/accounts/registry/{batch}/certificate": {"owner": 200, "buyer": 404, "third": 404},
    "/accounts/registry/{batch}/certificate": {"owner": 200, "buyer": 404, "third": 404},
    "/v1/confirmation": {"owner": 200, "buyer": 200, "third": 404},
    "/confirmation": {"owner": 200, "buyer": 200, "third": 404},
    "/v1/retirements/{retirement}/certificate": {"owner": 200, "buyer": 404, "third": 404},
    "/v1/statements/{transfer}": {"owner": 200, "buyer": 404, "third": 404},
    "/v1/entries/{transfer_index}/disclosure": {"owner": 200, "buyer": 200, "third": 404},
    "/v1/entries/{transfer_index}/attachments": {"owner": 200, "buyer": 404, "supervisor": 200},
    "/v1/entries/{transfer_index}/attachments/x": {},
    "/v1/consents/{transfer}/accounts": {},
    "/desk/consents/{transfer}/accounts": {},
    "/desk/drafts/{transfer}": {"owner": 404, "buyer": 404, "third": 404},
    "/desk/orders/{transfer}": {"owner": 404, "buyer": 404, "third": 404},
    "/v1/deals/{deal}/confirmation": {"owner": 200, "buyer": 200, "third": 404},
    "/deals/{deal}/confirmation": {"owner": 200, "buyer": 200, "third": 404},
    "/v1/drafts/{transfer}": {"owner": 404, "buyer": 404, "third": 404},
    "/v1/incentives/recorded/{transfer}": {},
    "/v1/incentives/certificates/{transfer}": {},
    "/v1/incentives/grants/{transfer}": {},
    "/v1/supervision/simulations/none": {"owner": 403, "buyer": 403, "third": 403},
    "/desk/answers/{transfer}": {},
    "/desk/incentives/bulk/none": {},
    "/desk/incentives/bulk/none/answers.csv": {},
}
"""Private routes whose answer depends on whose thing is asked for; all others answer 200."""
ENDED = ("nobody", "unknown", "expired", "revoked")
PARTIES = ("owner", "buyer", "third", "supervisor")
FILLED = {
    "books.lines": {"side": "registry"},
    "books.table": {"side": "registry"},
    "entries.read": {"text": "3"},
    "entries.leaf": {"text": "3"},
    "entries.proof": {"text": "3"},
    "entries.disclosure": {"text": "{transfer_index}"},
    "attachments.listed": {"text": "{transfer_index}"},
    "attachments.content": {"text": "{transfer_index}", "name": "x"},
    "log.tile": {"path": "0/000.p/1"},
    "log.cosigned_tile": {"path": "0/000.p/1"},
    "facts.fact": {"fact_name": "none"},
    "facts.sheet": {"name": "none"},
    "grants.answer": {"name": "{transfer}"},
    "grants.certificate": {"name": "{transfer}"},
    "grants.grant": {"name": "{transfer}"},
    "grants.answer_sheet": {"name": "{transfer}"},
    "policy.rule": {"rule_name": "none"},
    "policy.rule_sheet": {"name": "none"},
    "simulations.invented": {"rule_name": "none"},
    "simulations.over_record": {"rule_name": "none"},
    "policy.quota": {"plan_name": "none"},
    "policy.plan": {"name": "none"},
    "certificates.proof": {"name": "{retirement}"},
    "certificates.archive": {"name": "{retirement}"},
    "mirrors.project": {"project": "none"},
    "mirrors.sheet": {"project": "none"},
    "mirrors.part": {"project": "none", "part": "blocks"},
    "guide.one": {"type_name": "credit.retire"},
    "faults.one": {"code": "four-eyes"},
    "parties.dossier": {"party": "owner"},
    "parties.sheet": {"party": "vvb1"},
    "resources.listed": {"name": "parties"},
    "resources.read": {"name": "batches", "key": BATCH},
    "resources.owed": {"name": BATCH},
    "resources.steps": {"name": "P1"},
    "resources.serial_trace": {"serial": f"{BATCH}-1"},
    "auctions.auction": {"code": "none"},
    "auctions.entries": {"code": "none"},
    "auctions.check": {"code": "none"},
    "auctions.sheet": {"code": "none"},
    "auctions.room": {"code": "none"},
    "auctions.cost": {"code": "none"},
    "market.instrument": {"code": "FS"},
    "market.sheet": {"code": "FS"},
    "market.chart": {"code": "FS"},
    "trading.own": {"code": "FS"},
    "quotes.one_ticker": {"code": "FS"},
    "quotes.venue": {"venue": "zhejiang"},
    "quotes.composite": {"venue": "zhejiang", "credit_class": "ZJ_FS"},
    "quotes.composite_candles": {"venue": "zhejiang", "credit_class": "ZJ_FS"},
    "quotes.lines": {"name": "trades"},
    "quotes.table": {"name": "days"},
    "explorer.project": {"name": "P1"},
    "explorer.batch": {"name": BATCH},
    "explorer.serial": {"serial": f"{BATCH}-1"},
    "explorer.entry": {"text": "3"},
    "certificates.sheet": {"name": "{retirement}"},
    "own.listed": {"name": "accounts"},
    "own.statement": {"id": "{transfer}"},
    "proofs.holding": {"side": "registry", "asset": "{batch}"},
    "own.holding": {"side": "registry", "asset": "{batch}"},
    "own.retirement": {"name": "{retirement}"},
    "consents.opened": {"id": "{transfer}", "name": "accounts"},
    "supervision.listed": {"name": "accounts"},
    "overseeing.finding": {"digest": "none"},
    "inquiries.progress": {"id": "none"},
    "inquiries.results": {"id": "none", "suffix": ".csv"},
    "desk.listed": {"name": "consents"},
    "desk.supervised": {"name": "claims"},
    "desk.opened": {"id": "{transfer}"},
    "desk.draft": {"id": "{transfer}"},
    "orders.sheet": {"order": "{transfer}"},
    "drafts.read": {"id": "{transfer}"},
    "reports.told_own": {"report": "account"},
    "reports.own_csv": {"report": "account"},
    "reports.own_xlsx": {"report": "confirmations"},
    "reports.told_any": {"party": "owner", "report": "fees"},
    "reports.any_csv": {"party": "owner", "report": "account"},
    "reports.any_xlsx": {"party": "owner", "report": "account"},
    "reports.confirmation": {"deal": "{deal}"},
    "reports.sheet": {"deal": "{deal}"},
    "static": {"filename": "site.css"},
}
NOT_HERE = {
    "/v1/market/auctions/none",
    "/v1/market/auctions/none/entries",
    "/v1/market/auctions/none/check",
    "/market/auctions/none",
    "/market/auctions/none/room",
    "/v1/market/auctions/none/costs?price_fen=7000&quantity=1",
    "/v1/facts/none",
    "/facts/none",
    "/v1/incentives/rules/none",
    "/v1/incentives/simulations/none",
    "/v1/supervision/simulations/none",
    "/supervision/findings/none",
    "/incentives/none",
    "/v1/quotas/none",
    "/quotas/none",
    "/log/cosigned/checkpoint",
    "/v1/mirrors/none",
    "/v1/mirrors/none/blocks",
    "/mirrors/none",
}
"""What this ledger does not have, and says so to everybody alike."""
ASKED = {
    "market.quotes": "?instrument=FS",
    "quotes.instrument_candles": "?instrument=FS",
    "quotes.vwap": "?instrument=FS",
    "stream.listen": "?instrument=FS",
    "explorer.find": "?q=P1",
    "auctions.cost": "?price_fen=7000&quantity=1",
    "trading.cost": "?instrument=FS&price_fen=7000&quantity=1",
}


def names_of(world: World) -> dict[str, str]:
    return {
        "batch": BATCH,
        "retirement": world.retirement,
        "transfer": world.transfer,
        "deal": world.deal,
        "transfer_index": str(index_of(world, world.transfer)),
    }


DAYS_ASKED = {"from", "to", "as_of", "date"}
"""Query parameters that are days."""


def routes(app: Flask) -> Iterator[tuple[str, Circle | None]]:
    """Each GET route of the map as a template of a path, with its circle; none may be left out."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            values = FILLED.get(rule.endpoint, {})
            assert set(values) == set(rule.arguments), f"no example for {rule.rule}"
            path = re.sub(r"<(?:[^<>:]+:)?(\w+)>", lambda m, v=values: v[m[1]], rule.rule)
            yield path + ASKED.get(rule.endpoint, ""), declared(app, rule.endpoint)


def expected(template: str, which: Circle | None, reader: str) -> tuple[int, ...]:
    if which is Circle.PUBLIC:
        dead = reader in ENDED and reader != "nobody" and template == "/v1/entries/3"
        if template in NOT_HERE:
            return (404,)
        return (401,) if dead else (200, 302)
    if reader in ENDED:
        return (401,)
    if which is Circle.SUPERVISOR:
        if template in NOT_HERE and reader == "supervisor":
            return (404,)
        return (200,) if reader == "supervisor" else (403,)
    return (PRIVATE.get(template, {}).get(reader, 200 if template not in PRIVATE else 404),)


@pytest.mark.parametrize("reader", [*ENDED, *PARTIES])
def test_every_route_answers_each_reader_as_its_circle_says(world: World, reader: str) -> None:
    names = names_of(world)
    seen: dict[str, int] = {}
    for template, which in routes(world.app):
        path = template.format(**names)
        answer = world.client.get(path, headers=world.readers[reader])
        wanted = expected(template, which, reader)
        if reader == "supervisor" and template.endswith("/disclosure"):
            wanted = (404,)  # a packet is for one's own acts; the entry itself shows all
        assert answer.status_code in wanted, (template, answer.status_code, answer.text[:200])
        answer.close()  # a file of the package is open until then
        seen[template] = answer.status_code
        if which is not Circle.PUBLIC and answer.status_code < 400:
            assert answer.headers["Cache-Control"] == "private, no-store", template
            assert {"Authorization", "Cookie"} <= set(answer.vary), template
    assert set(PRIVATE) <= set(seen)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_on_every_route_that_takes_one(
    world: World, day: str
) -> None:
    tried = 0
    for template, which in routes(world.app):
        path = template.format(**names_of(world))
        endpoint, within = world.app.url_map.bind("").match(path.partition("?")[0])
        stated = getattr(world.app.view_functions[endpoint], DECLARED, None)
        taken = stated.asked(within.get(COLLECTION, "")) if stated else ()
        asked = {*taken, *(stated.needs if stated else ())} & DAYS_ASKED
        for words in {*asked, "&".join(sorted(asked))} - {""}:
            query = "&".join(f"{name}={day}" for name in words.split("&"))
            link = f"{path}{'&' if '?' in path else '?'}{query}"
            reader = "supervisor" if which is Circle.SUPERVISOR else "owner"
            answer = world.client.get(link, headers=world.readers[reader])
            assert answer.status_code in (200, 400, 404), (link, answer.text[:200])
            # A first day behind the head's, or one that the record has not reached.
            assert answer.status_code != 400 or "parameter-invalid" in answer.text, link
            answer.close()
            tried += 1
    assert tried > 50


def index_of(world: World, id: str) -> int:
    answer = world.client.get(f"/v1/statements/{id}", headers=world.readers["owner"])
    return int(answer.json["index"])


def test_acts_that_write_need_a_reader_too(world: World) -> None:
    rules = [
        (r.rule, method)
        for r in world.app.url_map.iter_rules()
        for method in (r.methods or set()) & {"POST", "DELETE"}
        if declared(world.app, r.endpoint) is not Circle.PUBLIC
    ]
    assert len(rules) >= 5
    for rule, method in rules:
        path = rule.replace("<id>", world.transfer)
        for reader in ENDED:
            answer = world.client.open(path, method=method, headers=world.readers[reader])
            assert answer.status_code == 401, (path, method, reader)
            assert answer.headers["WWW-Authenticate"] == "Bearer"
