"""The auction room and blocks in a browser: sealed secrets stay there, open bids are seen live."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Request, expect

from market.one_way.sealing import bid_commitment
from tests.factories.auctions import AuctionRoom, Blocks
from tests.factories.market import TODAY, Floor
from tests.factories.scene import scene
from tests.portal.browser.conftest import Watched, shown
from tests.portal.browser.test_desk import narrow
from tests.portal.browser.test_trading import LANGUAGES, signed_in

pytestmark = pytest.mark.browser
SECRET = "00112233445566778899aabbccddeeff"
COMMITMENT = """async (bid) => (await import("/static/sealing.js")).commitment(bid)"""
BROKEN = """async ([terms, bid]) =>
  (await import("/static/sealing.js")).brokenBy(terms, bid).map(([code]) => code)"""
DEPOSIT = """async ([terms, bid]) => (await import("/static/sealing.js")).depositFor(terms, bid)"""
TERMS = {
    "direction": "forward",
    "tick_fen": 5,
    "low_fen": 6_000,
    "high_fen": 8_000,
    "reserve_fen": 6_500,
    "lot": 10,
    "bid_minimum": 20,
    "bid_maximum": 100,
    "quantity": 300,
    "forfeit_fen": 1_000,
    "fees": {"buyer_rate": "3/1000", "minimum_fen": 500},
}
BID = {"price_fen": 7_000, "quantity": 50, "deposit_fen": 351_050}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[AuctionRoom]:
    with scene(tmp_path / "home", None) as stage:
        floor = Floor(stage)
        floor.prepare()
        floor.rule("zhejiang.21.fee-buyer-rate", "0.003", TODAY)
        yield AuctionRoom(floor)


@pytest.fixture
def url(room: AuctionRoom) -> Iterator[str]:
    with shown(room.stage) as address:
        yield address


def posted(browser: Watched) -> list[str]:
    """What the page sends from here on: addresses and bodies."""
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(f"{request.url} {request.post_data or ''}")

    browser.page.on("request", note)
    return sent


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sealed_bid_is_committed_kept_and_revealed(
    browser: Watched, room: AuctionRoom, tmp_path: Path, shots: Path, language: str
) -> None:
    room.begin(room.sealed())
    signed_in(browser, room.floor, "buyer", language, tmp_path)
    page = browser.open(f"/market/auctions/A1?lang={language}")
    commit = page.locator('form[data-state="auction.commit"]')
    expect(commit).to_be_visible()
    expect(page.locator('form[data-state="auction.reveal"]')).to_be_hidden()
    sent = posted(browser)
    commit.locator("[name=price_fen]").fill("7.00")
    commit.locator("[name=quantity]").fill("5")
    verdict = commit.locator("[data-verdict]")
    expect(verdict.locator("[data-code=price-beyond-reserve]")).to_contain_text("60.00")
    expect(verdict.locator("[data-code=quantity-too-small]")).to_contain_text("10")
    commit.locator("[name=price_fen]").fill("71.23")
    commit.locator("[name=quantity]").fill("123")
    # 123 at 71.23 are 8 761.29; 0.3 % of that is 26.28387, rounded up.
    expect(commit.locator("[name=deposit_fen]")).to_have_value("8,787.58")
    expect(verdict).to_have_attribute("data-result", "good")
    page.screenshot(path=shots / f"commit-{language}.png", full_page=True)
    commit.locator("button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    expect(page.locator("[data-bid][data-state=sealed]")).to_have_count(1)
    expect(page.locator("[data-kept] li")).to_have_count(1)
    assert not [text for text in sent if "7123" in text or "71.23" in text or '"quantity"' in text]
    with page.expect_download() as saved:
        page.locator("[data-kept] a").click()
    kept = json.loads(saved.value.path().read_text())
    assert (kept["price_fen"], kept["quantity"]) == (7_123, 123)
    (entry,) = room.entries()
    secret = kept["secret"]
    assert entry["entry"] == bid_commitment("A1", 7_123, 123, secret, kept["least"])
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"committed-{language}-narrow.png", full_page=True)
    room.commit("third", 7_200, 100)

    # Another browser that was given the file alone can reveal it.
    page.evaluate("localStorage.clear()")
    room.at(31)
    signed_in(browser, room.floor, "buyer", language, tmp_path)
    page = browser.open(f"/market/auctions/A1?lang={language}")
    reveal = page.locator('form[data-state="auction.reveal"]')
    expect(reveal).to_be_visible()
    expect(reveal.locator("[name=entry] option")).to_have_count(0)
    file = {"name": "bid.json", "mimeType": "application/json", "buffer": b"{}"}
    page.locator("[data-load] input").set_input_files(file)
    expect(page.locator("#said")).to_have_attribute("data-result", "bad")
    page.locator("[data-load] input").set_input_files({**file, "buffer": json.dumps(kept).encode()})
    expect(reveal.locator("[name=entry] option")).to_have_count(1)
    expect(reveal.locator("[data-verdict]")).to_have_attribute("data-result", "good")
    page.screenshot(path=shots / f"reveal-{language}.png", full_page=True)
    reveal.locator("button").click()
    expect(page.locator("[data-bid][data-state=revealed]")).to_have_count(1)
    assert room.clear()["price_fen"] == 7_123
    expect(page.locator("[data-bid][data-state=won]")).to_contain_text("123", timeout=10_000)
    assert browser.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_open_auction_shows_the_highest_bid_live(
    browser: Watched, room: AuctionRoom, tmp_path: Path, shots: Path, language: str
) -> None:
    room.announce(room.open(cap_percent=100))
    signed_in(browser, room.floor, "owner", language, tmp_path)
    page = browser.open(f"/market/auctions/A1?lang={language}")
    offer = page.locator('form[data-state="auction.offer"]')
    expect(offer.locator("[data-verdict]")).to_have_attribute("data-result", "good")
    offer.locator("button").click()
    expect(offer).to_have_count(0)
    room.at(10)
    signed_in(browser, room.floor, "buyer", language, tmp_path)
    page = browser.open(f"/market/auctions/A1?lang={language}")
    expect(page.locator("[data-best]")).to_have_text("–")
    room.bid("third", 6_500, 300)
    expect(page.locator("[data-best]")).to_have_text("65.00", timeout=10_000)
    bid = page.locator('form[data-state="auction.bid"]')
    bid.locator("[name=price_fen]").fill("65.05")
    bid.locator("[name=quantity]").fill("100")
    expect(bid.locator("[data-code=bid-not-better]")).to_contain_text("65.10")
    bid.locator("[name=price_fen]").fill("65.10")
    expect(bid.locator("[data-verdict]")).to_have_attribute("data-result", "good")
    # 100 at 65.10 are 6 510.00, and 0.3 % of that is 19.53.
    expect(bid.locator("[data-sum=total_fen]")).to_have_text("6,529.53")
    page.screenshot(path=shots / f"bid-{language}.png", full_page=True)
    bid.locator("button").click()
    expect(page.locator("[data-best]")).to_have_text("65.10")
    expect(page.locator("[data-bid][data-state=open]")).to_have_count(1)
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"bid-{language}-narrow.png", full_page=True)
    assert browser.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_block_is_proposed_and_accepted(
    browser: Watched, room: AuctionRoom, tmp_path: Path, shots: Path, language: str
) -> None:
    Blocks(room.floor).afternoon()
    signed_in(browser, room.floor, "owner", language, tmp_path)
    page = browser.open(f"/desk/trading?lang={language}")
    page.locator("summary").click()
    propose = page.locator('form[data-state="block.propose"]')
    propose.locator("[name=counterparty]").fill("buyer")
    fill_in = {"price_fen": "70", "quantity": "99"}
    for name, value in fill_in.items():
        propose.locator(f"[name={name}]").fill(value)
    verdict = propose.locator("[data-verdict]")
    expect(verdict.locator("[data-code=quantity-too-small]")).to_contain_text("100")
    propose.locator("[name=quantity]").fill("200")
    expect(verdict).to_have_attribute("data-result", "good")
    expect(propose.locator("[data-sum=total_fen]")).to_have_text("14,000.00")
    page.screenshot(path=shots / f"propose-{language}.png", full_page=True)
    propose.locator("button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    signed_in(browser, room.floor, "buyer", language, tmp_path)
    page = browser.open(f"/desk/trading?lang={language}")
    accept = page.locator('form[data-state="block.accept"]')
    expect(accept.locator("[data-verdict]")).to_have_attribute("data-result", "good")
    expect(accept.locator("[data-sum=total_fen]")).to_have_text("14,000.00")
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"accept-{language}-narrow.png", full_page=True)
    accept.locator("button").first.click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    expect(accept).to_have_count(0)
    browser.open(f"/desk/trading?lang={language}")
    expect(page.locator("[data-deal]")).to_contain_text("14,000.00")
    assert browser.complaints == []


def test_the_browser_commits_as_the_record_does(browser: Watched) -> None:
    bid = {"auction": "A1", "price_fen": 7_000, "quantity": 50, "least": 10, "secret": SECRET}
    made = browser.open("/sign-in").evaluate(COMMITMENT, bid)
    assert made == bid_commitment("A1", 7_000, 50, SECRET, 10)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"price_fen": 7_001}, ["price-off-tick", "deposit-short"]),
        ({"price_fen": 5_995}, ["auction-price-limits", "price-beyond-reserve"]),
        ({"price_fen": 6_495}, ["price-beyond-reserve"]),
        ({"price_fen": 6_500}, []),
        ({"price_fen": 8_005, "deposit_fen": 500_000}, ["auction-price-limits"]),
        ({"quantity": 45}, ["quantity-off-lot"]),
        ({"quantity": 10}, ["quantity-too-small"]),
        ({"quantity": 110, "deposit_fen": 1_000_000}, ["bid-too-large"]),
        ({"least": 60}, ["bid-least"]),
        ({"least": 15}, ["bid-least"]),
        ({"deposit_fen": 351_049}, ["deposit-short"]),
    ],
)
def test_what_is_sealed_is_judged_here_by_the_announced_terms(
    browser: Watched, change: dict[str, int], codes: list[str]
) -> None:
    page = browser.open("/sign-in")
    assert page.evaluate(BROKEN, [TERMS, {**BID, **change}]) == codes


@pytest.mark.parametrize(
    ("terms", "deposit"),
    [
        ({}, 351_050),  # 3 500.00 and 10.50
        ({"fees": {"buyer_rate": "1/3001", "minimum_fen": 0}}, 350_117),  # 116.63 rounded up
        ({"fees": {"buyer_rate": "3/1000", "minimum_fen": 5_000}}, 355_000),
        ({"fees": {"buyer_rate": "0", "minimum_fen": 5_000}}, 350_000),
        ({"forfeit_fen": 400_000}, 400_000),
        ({"direction": "reverse"}, 50),
    ],
)
def test_the_deposit_covers_amount_and_fee(
    browser: Watched, terms: dict[str, Any], deposit: int
) -> None:
    page = browser.open("/sign-in")
    assert page.evaluate(DEPOSIT, [{**TERMS, **terms}, BID]) == deposit
