"""An auction announced in a browser: broken rules beside their fields, two signers, any form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from market.one_way.models import auction_table
from market.one_way.sealing import reserve_commitment
from portal.app import create_app
from tests.factories.auctions import AuctionRoom
from tests.factories.market import TODAY, Floor
from tests.factories.scene import scene
from tests.factories.server import serving
from tests.portal.browser.conftest import Watched
from tests.portal.browser.test_auction_room import posted
from tests.portal.browser.test_desk import narrow
from tests.portal.browser.test_trading import LANGUAGES, THREADS, signed_in

pytestmark = pytest.mark.browser
FIRST, SECOND = "exchange-1", "exchange-2"
PATH = "/desk/auctions/announce"
TERMS = {
    "auction": "A1",
    "principal": "owner",
    "document": "公告1",
    "quantity": "300",
    "bid_minimum": "10",
    "opens_at": "2026-01-01T10:10",
    "closes_at": "2026-01-01T10:30",
}
"""What a form is filled with; the floor stands at 10:00 of that day."""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[AuctionRoom]:
    with scene(tmp_path / "home", None) as stage:
        floor = Floor(stage)
        floor.prepare()
        yield AuctionRoom(floor)


@pytest.fixture
def url(room: AuctionRoom) -> Iterator[str]:
    app = create_app(room.stage.ledger, room.stage.clock)
    with serving(app, THREADS) as (address, _, _):
        yield address


def filled(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"form [name={name}]").fill(value)


def chosen(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"form [name={name}]").select_option(value)


def signed_by_both(browser: Watched, room: AuctionRoom, language: str, folder: Path) -> None:
    """The first officer leaves the draft, the second signs it."""
    page = browser.page
    page.locator("form button").click()
    said = page.locator("#said")
    expect(said).to_have_attribute("data-result", "good")
    path = said.locator("a[href*='/desk/drafts/']").get_attribute("href")
    assert path is not None
    assert room.stage.rows(auction_table) == []
    signed_in(browser, room.floor, "exchange", language, folder, SECOND)
    browser.open(path)
    page.locator("[data-cosign]").click()
    expect(said).to_have_attribute("data-result", "good")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sealed_auction_is_announced_once_nothing_is_beside_its_fields(
    browser: Watched, room: AuctionRoom, tmp_path: Path, shots: Path, language: str
) -> None:
    room.floor.rule("zhejiang.21.tick-fen", "100", TODAY)
    page = signed_in(browser, room.floor, "exchange", language, tmp_path, FIRST)
    page.locator(f"a[href*='{PATH}']").click()
    page.wait_for_load_state("load")
    filled(page, **TERMS, reveal_until="2026-01-01T10:20", bid_maximum="5")
    expect(page.locator("[name=reserve_fen]")).to_be_hidden()
    page.locator("[data-reserve]").select_option("public")
    filled(page, reserve_fen="70.5")
    beside = {
        "reveal_until": "auction-times",
        "bid_minimum": "auction-bid-sizes",
        "reserve_fen": "price-off-tick",
    }
    for name, code in beside.items():
        expect(page.locator(f"[data-fault={name}] [data-code={code}]")).to_be_visible()
        expect(page.locator(f"form [name={name}]")).to_have_attribute("aria-invalid", "true")
    page.screenshot(path=shots / f"announce-{language}.png", full_page=True)
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"announce-{language}-narrow.png", full_page=True)
    filled(page, reveal_until="2026-01-01T10:50", reserve_fen="70", bid_maximum="")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-result", "good")
    expect(page.locator("[data-fault]")).to_have_count(0)
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    signed_by_both(browser, room, language, tmp_path)
    row = room.auction()
    assert (row["format"], row["direction"], row["reserve_fen"]) == ("sealed", "forward", 7_000)
    assert row["opens_at"] == room.started + 10 * 60_000  # typed in Shanghai, stated in UTC
    assert (row["bid_maximum"], row["cap_percent"], row["batches"]) == (None, 100, None)
    assert browser.complaints == []


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_an_open_auction_has_terms_of_its_own(
    browser: Watched, room: AuctionRoom, tmp_path: Path, direction: str
) -> None:
    signed_in(browser, room.floor, "exchange", "en", tmp_path, FIRST)
    page = browser.open(f"{PATH}?lang=en")
    expect(page.locator("[name=reveal_until]")).to_be_visible()
    chosen(page, format="open", direction=direction)
    expect(page.locator("[name=reveal_until]")).to_be_hidden()
    expect(page.locator("[name=forfeit_fen]")).to_be_hidden()
    expect(page.locator("[name=tie] option[value=random]")).to_be_disabled()
    filled(page, **TERMS, step_fen="0.1", bidders="buyer, third")
    none, secret = (page.locator(f"[data-reserve] [value={way}]") for way in ("none", "secret"))
    expect(secret).to_be_disabled()
    if direction == "reverse":
        expect(none).to_be_disabled()
        filled(page, reserve_fen="75")
    filled(page, extension_minutes="5")
    expect(page.locator("[data-fault=latest_at]")).to_be_visible()
    filled(page, latest_at="2026-01-01T10:45")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-result", "good")
    signed_by_both(browser, room, "en", tmp_path)
    row = room.auction()
    assert (row["format"], row["direction"], row["step_fen"]) == ("open", direction, 10)
    assert row["bidders"] == ["buyer", "third"]
    assert row["extension_ms"] == 300_000


def test_a_reverse_sealed_auction_has_no_forfeit(
    browser: Watched, room: AuctionRoom, tmp_path: Path
) -> None:
    signed_in(browser, room.floor, "exchange", "en", tmp_path, FIRST)
    page = browser.open(f"{PATH}?lang=en")
    filled(page, forfeit_fen="100")
    chosen(page, direction="reverse")
    expect(page.locator("[name=forfeit_fen]")).to_be_hidden()
    filled(page, **TERMS, reveal_until="2026-01-01T10:50", reserve_fen="75")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-result", "good")
    signed_by_both(browser, room, "en", tmp_path)
    row = room.auction()
    assert (row["format"], row["direction"], row["forfeit_fen"]) == ("sealed", "reverse", 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sealed_reserve_stays_in_the_browser_until_it_is_shown(
    browser: Watched, room: AuctionRoom, tmp_path: Path, shots: Path, language: str
) -> None:
    signed_in(browser, room.floor, "exchange", language, tmp_path, FIRST)
    page = browser.open(f"{PATH}?lang={language}")
    sent = posted(browser)
    page.locator("[data-reserve]").select_option("secret")
    filled(page, **TERMS, reveal_until="2026-01-01T10:50", sealed_fen="69.53")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-result", "good")
    with page.expect_download() as saved:
        page.locator("form button").click()
        page.locator("[data-kept-reserve] a").click()
    kept = json.loads(saved.value.path().read_text())
    assert kept == {"auction": "A1", "reserve_fen": 6_953, "secret": kept["secret"]}
    said = page.locator("#said")
    expect(said).to_have_attribute("data-result", "good")
    page.screenshot(path=shots / f"sealed-{language}.png", full_page=True)
    assert not [text for text in sent if "6953" in text or kept["secret"] in text]
    path = said.locator("a[href*='/desk/drafts/']").get_attribute("href")
    signed_in(browser, room.floor, "exchange", language, tmp_path, SECOND)
    browser.open(path or "")
    page.locator("[data-cosign]").click()
    expect(said).to_have_attribute("data-result", "good")
    sealed = room.auction()["reserve_sha256"]
    assert sealed == reserve_commitment("A1", 6_953, kept["secret"])

    room.offer()
    room.at(10)
    room.commit("buyer", 7_000, 100)
    room.at(31)
    signed_in(browser, room.floor, "exchange", language, tmp_path, FIRST)
    page = browser.open(f"/market/auctions/A1?lang={language}")
    unseal = page.locator('form[data-state="auction.unseal"]')
    expect(unseal.locator("[name=reserve_fen]")).to_have_value("69.53")
    expect(unseal.locator("[name=secret]")).to_have_value(kept["secret"])
    unseal.locator("[name=reserve_fen]").fill("69.52")
    expect(unseal.locator("[data-fault=reserve_fen] [data-code=reserve-differs]")).to_be_visible()
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"unseal-{language}-narrow.png", full_page=True)
    unseal.locator("[name=reserve_fen]").fill("69.53")
    expect(unseal.locator("[data-verdict]")).to_have_attribute("data-result", "good")
    unseal.locator("button").click()
    path = said.locator("a[href*='/desk/drafts/']").get_attribute("href")
    signed_in(browser, room.floor, "exchange", language, tmp_path, SECOND)
    browser.open(path or "")
    page.locator("[data-cosign]").click()
    expect(said).to_have_attribute("data-result", "good")
    assert room.auction()["reserve_fen"] == 6_953
    browser.open(f"/market/auctions/A1?lang={language}")
    expect(unseal).to_have_count(0)
    assert browser.complaints == []


def test_who_runs_an_auction_cancels_it_and_nobody_else_is_offered_to(
    browser: Watched, room: AuctionRoom, tmp_path: Path
) -> None:
    room.begin(room.sealed())
    signed_in(browser, room.floor, "buyer", "en", tmp_path)
    page = browser.open("/market/auctions/A1?lang=en")
    cancel = page.locator('form[data-state="auction.cancel"]')
    expect(page.locator('form[data-state="auction.commit"]')).to_be_visible()
    expect(cancel).to_have_count(0)
    signed_in(browser, room.floor, "exchange", "en", tmp_path, FIRST)
    page = browser.open("/market/auctions/A1?lang=en")
    expect(page.locator('form[data-state="auction.unseal"]')).to_have_count(0)
    cancel.locator("[name=document]").fill("公告2")
    expect(cancel.locator("[data-verdict]")).to_have_attribute("data-result", "good")
    cancel.locator("button").click()
    path = page.locator("#said a[href*='/desk/drafts/']").get_attribute("href")
    signed_in(browser, room.floor, "exchange", "en", tmp_path, SECOND)
    browser.open(path or "")
    page.locator("[data-cosign]").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    assert room.auction()["state"] == "cancelled"
    signed_in(browser, room.floor, "exchange", "en", tmp_path, FIRST)
    browser.open("/market/auctions/A1?lang=en")
    expect(cancel).to_be_hidden()


def test_who_is_no_exchange_is_told_that_it_cannot_announce(
    browser: Watched, room: AuctionRoom, tmp_path: Path
) -> None:
    signed_in(browser, room.floor, "owner", "en", tmp_path)
    page = browser.open(f"{PATH}?lang=en")
    expect(page.get_by_text("Only an exchange announces")).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)
