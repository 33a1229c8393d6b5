"""Trading pages and costs: what is one's own, what may be sold, what it would cost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.ops.sessions import SESSION_MS
from tests.factories.market import BANK, REGULATOR, TODAY, Floor
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import scene

LANGUAGES = ("zh", "en")
PATHS = ("/market/FS", "/market/FS/own", "/desk/trading")


class World:
    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        floor.prepare()
        floor.rule("zhejiang.10.fee-buyer-rate", "0.003", TODAY)
        floor.rule("zhejiang.10.fee-minimum-fen", "100", TODAY)
        self.open = floor.place(7_000, 300)
        self.deal = floor.take(self.open, 40)
        stage = floor.stage
        self.client: FlaskClient = create_app(stage.ledger, stage.clock).test_client()
        keys = {party: stage.key(f"{party}/a") for party in ("owner", "buyer", "third", "vvb1")}
        keys |= {"bank": stage.keys[BANK[0]], "regulator": stage.keys[REGULATOR[0]]}
        self.readers: dict[str, Headers] = {
            party: sign_in(self.client, party, key) for party, key in keys.items()
        }

    def text(self, path: str, party: str, status: int = 200) -> str:
        got = self.client.get(path, headers=self.readers[party])
        assert got.status_code == status, got.text
        return got.text


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with scene(tmp_path_factory.mktemp("trading") / "home", None) as stage:
        yield World(Floor(stage))


def said(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_speak_both_languages_and_run_nothing_inline(
    world: World, path: str, language: str
) -> None:
    for party in ("owner", "buyer", "third", "bank"):
        text = world.text(f"{path}?lang={language}", party)
        assert not re.search(r"\b(ticket|desk|quotes|field|bucket|problem)\.[a-z_.]+\b", said(text))
        assert not re.search(r"<script(?![^>]*src)|\son\w+=|style=", text)


def test_each_side_sees_its_own_and_only_its_own_fee(world: World) -> None:
    sold, bought = world.text("/desk/trading", "owner"), world.text("/desk/trading", "buyer")
    assert f'data-listing="{world.open}"' in sold
    assert world.open not in bought
    assert "buyer" in said(sold)
    assert "owner" in said(bought)
    # 40 at 70.00 are 2 800.00; 0.3 % of that is 8.40, and the seller pays nothing.
    assert "8.40" in bought
    assert "8.40" not in sold
    assert world.open not in world.text("/desk/trading", "third")


def test_what_was_bought_today_is_not_saleable_and_says_until_when(world: World) -> None:
    text = world.text("/market/FS/own?lang=en", "buyer")
    assert '<dd class="strong" data-sellable>0</dd>' in text
    text = said(world.text("/desk/trading?lang=en", "buyer"))
    assert "40 free at the close of session 1" in text
    offered = world.text("/market/FS/own", "owner")
    assert '<dd class="strong" data-sellable>600</dd>' in offered


def test_units_on_the_trading_account_lead_to_the_certificate_of_a_day(world: World) -> None:
    certificate = 'form="of-day" formaction="/accounts/trading/ZJ_FS-R1-2024/certificate"'
    for party in ("owner", "buyer"):
        text = world.text("/desk/trading", party)
        assert (text.count('id="of-day"'), text.count(certificate)) == (1, 1)
    assert certificate not in world.text("/desk/trading", "third")  # who holds none


def test_own_listings_are_not_offered_to_their_seller(world: World) -> None:
    choice = re.compile(rf'<option value="{world.open}"')
    assert not choice.search(world.text("/market/FS", "owner"))
    assert choice.search(world.text("/market/FS", "third"))


def test_only_those_who_may_list_are_shown_the_ticket(world: World) -> None:
    assert 'data-state="listing.place"' in world.text("/market/FS", "third")
    for party in ("vvb1", "bank", "regulator"):
        assert 'data-state="listing.place"' not in world.text("/market/FS", party)
    stranger = world.client.get("/market/FS?lang=en").text
    assert "Sign in to trade" in stranger
    assert "listing.place" not in stranger


def test_the_page_of_an_instrument_stays_readable_when_a_session_is_over(world: World) -> None:
    for token in ("Bearer qzs_no", "Basic x"):
        got = world.client.get("/market/FS?lang=en", headers={"Authorization": token})
        assert got.status_code == 200
        assert "Sign in to trade" in got.text
    clock = world.floor.stage.clock
    clock.time += SESSION_MS
    got = world.client.get("/market/FS?lang=en", headers=world.readers["owner"])
    clock.time -= SESSION_MS
    assert (got.status_code, "Sign in to trade" in got.text) == (200, True)


def test_a_page_made_for_one_reader_is_kept_by_nobody(world: World) -> None:
    got = world.client.get("/market/FS", headers=world.readers["third"])
    assert got.headers["Cache-Control"] == "private, no-store"
    assert {"Authorization", "Cookie"} <= set(world.client.get("/market/FS").vary)


def test_costs_are_those_that_a_trade_is_charged(world: World) -> None:
    asked = "/v1/market/costs?instrument=FS&price_fen=7000&quantity=40"
    told = world.client.get(asked).json
    assert told == {
        "instrument": "FS",
        "method": "10",
        "price_fen": 7_000,
        "quantity": 40,
        "amount_fen": 280_000,
        "buyer_fee_fen": 840,
        "seller_fee_fen": 0,
        "buyer_pays_fen": 280_840,
        "seller_gets_fen": 280_000,
    }
    (deal,) = world.client.get("/v1/deals", headers=world.readers["buyer"]).json["items"]
    assert deal["buyer_fee_fen"] == told["buyer_fee_fen"]
    small = world.client.get("/v1/market/costs?instrument=FS&price_fen=7000&quantity=1").json
    assert small["buyer_fee_fen"] == 100  # 0.3 % would be 21


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("instrument=NO&price_fen=1&quantity=1", 404, "instrument-unknown"),
        ("instrument=FS&price_fen=0&quantity=1", 400, "parameter-invalid"),
        ("instrument=FS&price_fen=1.5&quantity=1", 400, "parameter-invalid"),
        ("instrument=FS&price_fen=1&quantity=-1", 400, "parameter-invalid"),
        ("instrument=FS&price_fen=1&quantity=9999999999999999", 400, "parameter-invalid"),
        ("instrument=FS&price_fen=99999999999&quantity=99999999", 400, "parameter-invalid"),
        ("instrument=FS&price_fen=1&quantity=1&method=90", 400, "parameter-invalid"),
        ("instrument=FS&price_fen=1&quantity=1&method=call", 404, "parameter-not-in-force"),
        ("instrument=FS&price_fen=1", 400, "parameter-invalid"),
    ],
)
def test_costs_of_what_cannot_be_are_refused(
    world: World, query: str, status: int, code: str
) -> None:
    got = world.client.get(f"/v1/market/costs?{query}")
    assert (got.status_code, got.json["code"]) == (status, code)
