"""Trading in a browser: why an order would be refused, a listing placed, taken, seen by both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ledger.statements.ed25519 import save_private
from ledger.statements.instants import format_instant
from tests.factories.market import TODAY, Floor
from tests.factories.scene import SteppingClock, scene
from tests.portal.browser.conftest import Watched, shown
from tests.portal.browser.test_desk import enter, narrow

pytestmark = pytest.mark.browser
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    with scene(tmp_path_factory.mktemp("trading") / "home", None) as stage:
        made = Floor(stage)
        made.prepare(200_000, 100_000_000)
        made.rule("zhejiang.10.fee-buyer-rate", "0.003", TODAY)
        yield made


@pytest.fixture(scope="module")
def url(floor: Floor) -> Iterator[str]:
    with shown(floor.stage) as address:
        yield address


def on_the_day(browser: Watched, clock: SteppingClock) -> None:
    """Let the page live on the test's day, as a statement bears the time of who signs it."""
    browser.page.clock.set_system_time(format_instant(clock.now()))


def signed_in(
    browser: Watched, floor: Floor, party: str, language: str, folder: Path, key: str = "a"
) -> Page:
    """Sign in with a key of the party: its operator's, or an office key by its whole name."""
    on_the_day(browser, floor.stage.clock)
    pem = folder / f"{party}-{key}.pem"
    if not pem.exists():
        keys = floor.stage.keys
        save_private(keys[key] if key in keys else floor.stage.key(f"{party}/{key}"), pem)
    return enter(browser, pem, language, party)


def ticket(browser: Watched, language: str) -> Page:
    page = browser.open(f"/market/FS?lang={language}")
    expect(page.locator("[data-live]")).to_have_attribute("data-on", "")
    return page


def fill(page: Page, form: str, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"form.{form} [name={name}]").fill(value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_listing_is_checked_placed_taken_and_seen_by_both(
    browser: Watched, floor: Floor, tmp_path: Path, shots: Path, language: str
) -> None:
    signed_in(browser, floor, "owner", language, tmp_path)
    page = ticket(browser, language)
    before = int(page.locator("[data-sellable]").inner_text().replace(",", ""))
    verdict = page.locator("form.sell [data-verdict]")
    fill(page, "sell", price_fen="77.83", quantity="100000")
    expect(verdict).to_have_attribute("data-result", "bad")
    expect(verdict.locator("p")).to_have_count(2)
    expect(verdict.locator("[data-code=price-outside-band]")).to_contain_text("63.68")
    expect(verdict.locator("[data-code=price-outside-band]")).to_contain_text("77.82")
    expect(verdict.locator("[data-code=quantity-too-large]")).to_contain_text("100,000")
    page.screenshot(path=shots / f"refused-{language}.png", full_page=True)
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"refused-{language}-narrow.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    fill(page, "sell", price_fen="70.5", quantity="30")
    expect(verdict).to_have_attribute("data-result", "good")
    expect(page.locator("form.sell [data-sum=total_fen]")).to_have_text("2,115.00")
    page.locator("form.sell button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    expect(page.locator("#said a[href*='/entries/']").first).to_be_visible()
    expect(page.locator("#said a[href$='/proof']")).to_have_count(1)
    expect(page.locator("[data-sellable]")).to_have_text(f"{before - 30:,}")
    rows = page.locator("[data-own] [data-listing]")
    expect(rows).to_have_count(1)
    name = rows.first.get_attribute("data-listing")
    assert name is not None
    expect(page.locator("[data-asks] .listing")).to_have_text(f"{name} × 30")
    expect(page.locator("[data-listings] option")).to_have_count(0)
    page.screenshot(path=shots / f"placed-{language}.png", full_page=True)

    signed_in(browser, floor, "buyer", language, tmp_path)
    page = ticket(browser, language)
    expect(page.locator("[data-listings] option")).to_have_count(1)
    verdict = page.locator("form.buy [data-verdict]")
    fill(page, "buy", quantity="31")
    expect(verdict.locator("[data-code=quantity-over-remaining]")).to_contain_text("30")
    fill(page, "buy", quantity="20")
    expect(verdict).to_have_attribute("data-result", "good")
    # 20 at 70.50 are 1 410.00, and 0.3 % of that is 4.23.
    expect(page.locator("form.buy [data-sum=fee_fen]")).to_have_text("4.23")
    expect(page.locator("form.buy [data-sum=total_fen]")).to_have_text("1,414.23")
    page.screenshot(path=shots / f"taking-{language}.png", full_page=True)
    page.locator("form.buy button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    expect(page.locator("[data-own] [data-deal]").first).to_contain_text("owner")
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"taken-{language}-narrow.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    browser.open(f"/desk/trading?lang={language}")
    expect(page.locator("[data-deal]").first).to_contain_text("4.23")
    page.screenshot(path=shots / f"trading-buyer-{language}.png", full_page=True)
    page.locator("[data-deal] a[href*=confirmation]").first.click()
    expect(page.locator("article")).to_contain_text("1,410.00")

    signed_in(browser, floor, "owner", language, tmp_path)
    browser.open(f"/desk/trading?lang={language}")
    expect(page.locator("[data-deal]").first).to_contain_text("buyer")
    page.screenshot(path=shots / f"trading-seller-{language}.png", full_page=True)
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"trading-seller-{language}-narrow.png", full_page=True)
    page.locator(f"[data-listing='{name}'] button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    assert floor.listing(name)["state"] == "withdrawn"
    assert browser.complaints == []


def test_a_page_follows_what_others_do(browser: Watched, floor: Floor, tmp_path: Path) -> None:
    signed_in(browser, floor, "owner", "en", tmp_path)
    page = ticket(browser, "en")
    fill(page, "sell", price_fen="71", quantity="5")
    page.locator("form.sell button").click()
    row = page.locator("[data-own] [data-listing]")
    expect(row).to_have_count(1)
    name = row.get_attribute("data-listing")
    assert name is not None
    floor.take(name, 2, "third")
    expect(row.locator("td").nth(3)).to_have_text("2")  # taken
    expect(row.locator("td").nth(4)).to_have_text("3")  # left
    expect(page.locator("[data-own] [data-deal]").first).to_contain_text("third")
    row.locator("button").click()
    expect(row).to_have_count(0)
    assert browser.complaints == []


def test_a_choice_that_still_stands_is_kept_while_the_book_moves(
    browser: Watched, floor: Floor, tmp_path: Path
) -> None:
    first, second = floor.place(7_100, 8), floor.place(7_110, 9)
    signed_in(browser, floor, "buyer", "en", tmp_path)
    page = ticket(browser, "en")
    page.locator("[data-asks] .listing", has_text=second).click()
    expect(page.locator("[data-listings]")).to_have_value(second)
    fill(page, "buy", quantity="9")
    expect(page.locator("form.buy [data-verdict]")).to_have_attribute("data-result", "good")
    third = floor.place(7_090, 7)
    expect(page.locator("[data-listings] option")).to_have_count(3)
    expect(page.locator("[data-listings]")).to_have_value(second)
    floor.take(second, 5, "third")
    expect(page.locator("form.buy [data-code=quantity-over-remaining]")).to_contain_text("4")
    for name in (first, second, third):
        floor.withdraw(name)
    expect(page.locator("[data-listings] option")).to_have_count(0)
    assert browser.complaints == []


def test_what_the_record_refuses_is_told_with_its_entry(
    browser: Watched, floor: Floor, tmp_path: Path
) -> None:
    signed_in(browser, floor, "owner", "en", tmp_path)
    page = ticket(browser, "en")
    fill(page, "sell", price_fen="63.67", quantity="5")
    page.locator("form.sell button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "bad")
    expect(page.locator("#said")).to_contain_text("price-outside-band")
    expect(page.locator("#said a[href*='/entries/']")).to_have_count(1)


def test_a_listing_that_two_must_sign_waits_among_the_drafts(
    browser: Watched, floor: Floor, tmp_path: Path
) -> None:
    stage = floor.stage
    four_eyes = {"code": "four-eyes.listing.place", "valid_from": TODAY, "value": "1000"}
    four_eyes |= {"unit": "credit", "source": "test", "confidence": "low"}
    stage.do("regulator", "parameter.set", four_eyes, "regulator-1", "regulator-2")
    signed_in(browser, floor, "owner", "en", tmp_path)
    page = ticket(browser, "en")
    second = page.locator("form.sell [data-second]")
    fill(page, "sell", price_fen="70", quantity="999")
    expect(page.locator("form.sell [data-verdict]")).to_have_attribute("data-result", "good")
    expect(second).to_be_hidden()
    fill(page, "sell", quantity="1000")
    expect(second).to_be_visible()
    page.locator("form.sell button").click()
    expect(page.locator("#said a[href*='/desk/drafts/']")).to_have_count(1)
    page.locator("#said a[href*='/desk/drafts/']").click()
    expect(page.locator("#words")).to_contain_text('"quantity": 1000')
    assert browser.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_reads_the_page_and_is_asked_to_sign_in(browser: Watched, language: str) -> None:
    browser.page.context.clear_cookies()
    page = ticket(browser, language)
    expect(page.locator("#ticket a")).to_have_attribute("href", f"/sign-in?lang={language}")
    assert narrow(page) <= 0
    assert browser.complaints == []
