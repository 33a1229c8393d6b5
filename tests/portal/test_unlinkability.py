"""From public answers alone nobody can tie an order, a transfer or a draft to a party.

A crawler reads every public route and wherever it leads.  Nothing of a confidential act may
appear: neither its id, its salt, its keys' signatures nor a digest that somebody who guesses
could make for himself.  The entry that stands for it may not name a party or a key at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import Connection, select

from ledger.accounts.models import balance_table
from ledger.parties.models import key_table, party_table
from ledger.statements.canonical import encode, parse
from ledger.statements.envelope import Payload, parse_envelope
from ledger.writer.store import StoredEntry, read_entries
from market import queries
from market.quotes import feed
from market.settlement.models import deal_table
from portal.app import create_app
from portal.ops.limits import parse_limits
from tests.factories.crawler import Page, asked, crawl
from tests.factories.market import REGULATOR, Floor
from tests.factories.readers import sign_in
from tests.factories.scene import Scene, scene

CLAIMS = ("credit.retire",)
"""Acts whose outcome is a public claim with its party: their ids are told on purpose."""
QUOTED = (
    "/v1/market/quotes?instrument=FS",
    "/v1/market/tickers",
    "/v1/market/tickers/FS",
    "/v1/market/trades",
    "/v1/market/days",
    "/v1/market/candles?instrument=FS",
    "/v1/market/vwap?instrument=FS",
    "/v1/market/composites",
    "/v1/market/composites/zhejiang/ZJ_FS",
    "/v1/market/composites/zhejiang/ZJ_FS/candles",
    "/v1/market/trades.csv",
    "/v1/market/trades.ndjson",
    "/v1/market/days.csv",
    "/v1/market/days.ndjson",
    "/market/FS/chart",
)
"""Market data; an instrument's own answer and pages also name its operator and its listing."""
TOO_COMMON = 6
"""Shorter texts than this are words, not traces."""


@dataclass
class Secret:
    """A confidential entry and what may be said of it nowhere."""

    index: int
    payload: Payload
    traces: set[str]


@dataclass
class World:
    stage: Scene
    client: FlaskClient
    secrets: list[Secret]
    names: set[str]
    """Party and key ids, and digests of them that anyone could make."""

    @cached_property
    def pages(self) -> list[Page]:
        """What a crawler is told: read once, since nothing is written meanwhile."""
        return crawl(self.client, paths(self.stage))

    def again(self, client: FlaskClient, *changed: str) -> list[Page]:
        """What it is told where these answers are no longer those that it has read."""
        assert set(changed) <= {page.path for page in self.pages}
        return [asked(client, path)[0] for path in changed]


def play(stage: Scene) -> str:
    """A day with transfers, orders, cash, refusals, sealed reactions and a waiting draft."""
    floor = Floor(stage)
    batch = stage.issue(900)
    body = {"batch": batch, "quantity": 300, "receiver": "buyer"}
    transfer = stage.do("owner", "credit.transfer", body, "a", "b")
    stage.do("buyer", "credit.accept", {"transfer": transfer}, "a")
    declined = stage.do("owner", "credit.transfer", {**body, "quantity": 7}, "a", "b")
    stage.do("buyer", "credit.decline", {"transfer": declined}, "a")
    stage.refused("owner", "credit.transfer", {**body, "quantity": 99_999}, "a", "b")
    for party, quantity in (("owner", 300), ("buyer", 100)):
        floor.to_trading(party, batch, quantity)
    stage.admit("third", "enterprise", 7)
    shown = {"reader": "bank", "purpose": "pledge", "scope": ["accounts"], "until": "2026-06-30"}
    consent = stage.do("owner", "consent.give", shown, "a")
    stage.do("owner", "consent.withdraw", {"consent": consent}, "a")
    for party in ("owner", "buyer", "third"):
        floor.pay_in(party, 10_000_000)
    floor.list()
    floor.open()
    first, second = floor.place(7_000, 100), floor.place(7_010, 50, "buyer")
    floor.take(first, 40)
    floor.take(second, 10, "third")
    floor.withdraw(second, "buyer")
    retired = {"batch": batch, "quantity": 5, "purpose": "public-good", "beneficiary": "甲"}
    stage.do("owner", "credit.retire", retired, "a", "b")
    stage.do("regulator", "party.suspend", {"party": "owner", "document": "d"}, *REGULATOR)
    floor.close()
    return batch


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with scene(tmp_path_factory.mktemp("unlinkable") / "home", None) as stage:
        play(stage)
        client = application(stage).test_client()
        headers = sign_in(client, "buyer", stage.key("buyer/a"))
        draft = half_signed(stage)
        left = client.post("/v1/drafts", data=draft.encode(), headers=headers)
        assert left.status_code == 201, left.text
        payload = draft.envelope.payload
        hidden = Secret(-1, payload, traces(payload, draft.body, draft.envelope.bytes))
        yield World(stage, client, [*secrets_of(stage), hidden], names_of(stage))


def application(stage: Scene) -> Flask:
    """The application without a limit on how much a stranger reads."""
    settings = replace(stage.ledger.settings, limits=parse_limits("read=0"))
    return create_app(replace(stage.ledger, settings=settings), stage.clock)


def half_signed(stage: Scene) -> Any:
    body = {"batch": "ZJ_FS-R1-2024", "quantity": 3, "receiver": "third"}
    whole = stage.write("buyer", "credit.transfer", body, "a", "b")
    envelope = whole.envelope
    return type(whole)(
        type(envelope)(envelope.payload_bytes, envelope.payload, envelope.signatures[:1]),
        whole.body,
        whole.attachments,
    )


def paths(stage: Scene) -> list[str]:
    """What a stranger can name without being led there: entries, tiles, parties' own pages."""
    size = size_of(stage)
    found = [f"/log/tile/{level}/000.p/{n}" for level in ("0", "entries") for n in (1, size)]
    for index in range(size):
        found += [f"/v1/entries/{index}", f"/v1/entries/{index}/proof", f"/entries/{index}"]
        found += [f"/entries/{index}/leaf", f"/v1/entries/{index}/disclosure"]
    for name in ("parties", "projects", "batches", "retirements"):
        found.append(f"/v1/{name}?limit=1")
    for party in ("owner", "buyer", "third", "bank"):
        found += [f"/v1/parties/{party}", f"/v1/supervision/accounts?party={party}"]
    batch = "ZJ_FS-R1-2024"
    found += [f"/serials/{batch}-{n}" for n in (1, 5, 6, 900)]
    found += [f"/v1/serials/{batch}-{n}" for n in (1, 5, 6, 900)]
    found += [f"/batches/{batch}", f"/v1/batches/{batch}", "/projects/P1", "/market/FS"]
    return [*found, *QUOTED, "/v1/market/instruments/FS"]


def size_of(stage: Scene) -> int:
    with stage.ledger.record.reading() as connection:
        return stage.ledger.record.head(connection).size


def entries(stage: Scene) -> list[StoredEntry]:
    with stage.ledger.record.reading() as connection:
        return list(read_entries(connection, 0, size_of(stage)))


def secrets_of(stage: Scene) -> list[Secret]:
    found = []
    for entry in entries(stage):
        if "envelope_sha256" not in parse(entry.leaf):
            continue
        held = parse(entry.body)
        envelope = parse_envelope(held["envelope"])
        told = traces(envelope.payload, held["body"], envelope.bytes)
        for part in held["parts"]:
            told |= guessable({name: value for name, value in part.items() if name != "salt"})
            told.add(part["salt"])
        found.append(Secret(entry.index, envelope.payload, told))
    return found


def traces(payload: Payload, body: dict[str, Any], envelope: bytes) -> set[str]:
    """Everything of an act that would tie it to its author, or let a guess be tried."""
    unsalted = {name: value for name, value in body.items() if name != "salt"}
    told = {payload.body_sha256, hashlib.sha256(payload.encode()).hexdigest()}
    if "salt" in body:
        told.add(body["salt"])
    if payload.type not in CLAIMS:
        told |= {payload.id} | digests(payload.id)
    for signature in json.loads(envelope)["signatures"]:
        told.add(signature["sig"])
    told.add(json.loads(envelope)["payload"][:64])
    return told | guessable(unsalted) | guessable({"party": payload.party, **unsalted})


def guessable(value: Any) -> set[str]:
    """Digests of something without its salt, as text and as its bytes would be shown."""
    return digests(encode(value).decode())


def digests(text: str) -> set[str]:
    raw = hashlib.sha256(text.encode()).digest()
    shown = {raw.hex(), raw.hex()[:32], base64.b64encode(raw).decode()}
    return shown | {base64.urlsafe_b64encode(raw).decode()}


def names_of(stage: Scene) -> set[str]:
    """Names that an entry of a confidential act may not say: parties, keys, accounts, digests."""
    found = set()
    with stage.ledger.record.reading() as connection:
        parties = list(connection.execute(select(party_table.c.party)).scalars())
        keys = connection.execute(select(key_table.c.key, key_table.c.public)).all()
        accounts = list(connection.execute(select(balance_table.c.account)).scalars())
    for name in (*parties, *accounts, *(text for row in keys for text in row)):
        found |= {f'"{name}"'} | digests(name) | ({name} if len(name) > TOO_COMMON else set())
    return found


def leaks(world: World, pages: list[Page]) -> list[tuple[str, str]]:
    """Where something is said that may not be: the path, and what."""
    found = []
    everywhere = {trace for secret in world.secrets for trace in secret.traces}
    for page in pages:
        found += [(page.path, trace) for trace in everywhere if trace in page.text]
    own = {f"/v1/entries/{s.index}" for s in world.secrets if s.payload.type not in CLAIMS}
    own |= {f"/entries/{s.index}" for s in world.secrets if s.payload.type not in CLAIMS}
    for page in pages:
        if page.path.removesuffix("/leaf").removesuffix("/proof") in own:
            found += [(page.path, name) for name in world.names if name in body_of(page)]
    return found


def body_of(page: Page) -> str:
    return page.text.partition("\n\n")[2]


def test_the_day_has_what_must_stay_hidden(world: World) -> None:
    types = {secret.payload.type for secret in world.secrets}
    assert {"credit.transfer", "credit.accept", "listing.place", "listing.take"} <= types
    assert {"consent.give", "consent.withdraw"} <= types
    assert {"cash.deposit", "listing.withdraw", "credit.decline", "credit.move"} <= types
    assert len(world.secrets) > 15


def test_the_crawler_reads_every_public_route(world: World) -> None:
    pages = world.pages
    good = [page for page in pages if page.status == 200]
    assert len(good) > 150
    seen = {page.path.partition("?")[0] for page in good}
    folders = ("/batches/", "/projects/", "/retirements/", "/market/", "/entries/", "/static/")
    assert all(any(path.startswith(folder) for path in seen) for folder in folders)
    closed = {page.path.partition("?")[0] for page in pages if page.status == 401}
    assert {"/v1/accounts", "/v1/drafts", "/v1/statements", "/v1/sessions"} <= closed


def test_no_confidential_act_is_tied_to_anybody(world: World) -> None:
    assert leaks(world, world.pages) == []


def listened(world: World) -> Page:
    """What a stranger hears of an instrument who asks for every trade there was."""
    path = "/v1/market/stream?instrument=FS&after=0"
    answer = world.client.get(path)
    heard = []
    for piece in answer.iter_encoded():
        heard.append(piece.decode())
        if "event: status" in heard[-1]:
            break
    answer.close()
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return Page(path, answer.status_code, f"{headers}\n\n{''.join(heard)}")


def named_in_quotes(world: World) -> list[tuple[str, str]]:
    """Where market data names a party, a key, an account or an entry."""
    pages = world.again(world.client, *QUOTED)
    assert {(page.path, page.status) for page in pages} == {(path, 200) for path in QUOTED}
    everything = [*pages, listened(world)]
    said = [*world.names, '"index"', ",index", '"entry"', "/entries/"]
    found = [(page.path, name) for page in everything for name in said if name in body_of(page)]
    return found + leaks(world, everything)


def test_market_data_and_its_stream_name_nobody_and_no_entry(world: World) -> None:
    heard = listened(world).text
    assert heard.count("event: trade\n") == 2
    assert all(f"event: {name}\n" in heard for name in ("depth", "ticker", "status"))
    assert named_in_quotes(world) == []


def test_an_index_planted_into_the_stream_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = queries.depth

    def leaking(connection: Connection, code: str, at: int) -> dict[str, Any] | None:
        row = honest(connection, code, at)
        return row and {**row, "index": 17, "seller": "owner"}

    monkeypatch.setattr(queries, "depth", leaking)
    monkeypatch.setitem(feed.WHOLE, "depth", leaking)
    found = named_in_quotes(world)
    assert ("/v1/market/quotes?instrument=FS", '"index"') in found
    assert ("/v1/market/stream?instrument=FS&after=0", '"owner"') in found


def planted(world: World, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]) -> list[Any]:
    """What the search finds where an instrument's answer says more than it should."""
    honest = queries.instrument

    def leaking(connection: Connection, code: str, at: int) -> dict[str, Any] | None:
        row = honest(connection, code, at)
        return row and {**row, **more}

    monkeypatch.setattr(queries, "instrument", leaking)
    return leaks(world, world.again(world.client, "/v1/market/instruments/FS"))


def test_a_planted_statement_id_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.stage.ledger.record.reading() as connection:
        bid = connection.execute(select(deal_table.c.bid)).scalars().first()
    found = planted(world, monkeypatch, {"last_bid": bid})
    assert ("/v1/market/instruments/FS", bid) in found


def test_a_planted_digest_without_salt_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = {"instrument": "FS", "price_fen": 7_000, "quantity": 100}
    digest = hashlib.sha256(encode({"party": "owner", **order})).hexdigest()
    found = planted(world, monkeypatch, {"last_order": digest})
    assert ("/v1/market/instruments/FS", digest) in found


def test_a_planted_salt_or_draft_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.secrets[-1]
    assert draft.index == -1
    found = {what for _, what in planted(world, monkeypatch, {"more": sorted(draft.traces)})}
    assert draft.traces <= found


@pytest.mark.parametrize("said", ["owner", "buyer/trading", "key"])
def test_a_name_planted_into_an_entry_is_found(world: World, said: str) -> None:
    name = key_of(world) if said == "key" else said
    app = application(world.stage)
    hidden = next(s for s in world.secrets if s.payload.type == "listing.place")

    @app.after_request
    def leak(response: Response) -> Response:
        if response.is_json and response.json.get("index") == hidden.index:
            response.set_data(json.dumps({**response.json, "by": name}))
        return response

    path = f"/v1/entries/{hidden.index}"
    assert (path, f'"{name}"') in leaks(world, world.again(app.test_client(), path))


def key_of(world: World) -> str:
    return next(s.payload.keys[0] for s in world.secrets if s.payload.type == "listing.place")
