"""Buttons that two people must sign: one signs and names the other, who finds the draft."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ledger.statements.ed25519 import key_id, public_bytes
from tests.factories.market import REGULATOR, TODAY, Floor
from tests.portal.browser.conftest import Watched, shown
from tests.portal.browser.test_desk import narrow
from tests.portal.browser.test_trading import LANGUAGES, signed_in

pytestmark = pytest.mark.browser


@pytest.fixture
def floor(floor: Floor) -> Floor:
    """The venue where a listing is withdrawn by two."""
    rule = {"code": "four-eyes.listing.withdraw", "valid_from": TODAY, "value": "0"}
    rule |= {"unit": "credit", "source": "test", "confidence": "low"}
    floor.stage.do("regulator", "parameter.set", rule, *REGULATOR)
    return floor


@pytest.fixture
def url(floor: Floor) -> Iterator[str]:
    with shown(floor.stage) as address:
        yield address


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_of_two_signers_is_pressed_by_one_and_signed_by_the_other(
    browser: Watched, floor: Floor, tmp_path: Path, shots: Path, language: str
) -> None:
    name = floor.place(7_000, 300)
    signed_in(browser, floor, "owner", language, tmp_path)
    page = browser.open(f"/desk/trading?lang={language}")
    dialog = page.locator("dialog[data-cosigner]")
    button = page.locator(f"[data-listing='{name}'] button")
    button.click()
    expect(dialog).to_be_visible()
    page.screenshot(path=shots / f"second-{language}.png")
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"second-{language}-narrow.png")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#said")).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    dialog.locator("button.quiet").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#said")).to_be_hidden()

    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.locator("select")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said = page.locator("#said")
    expect(said).to_have_attribute("data-result", "good")
    expect(said).to_contain_text("b · ")
    draft = said.locator("a[href*='/desk/drafts/']")
    expect(draft).to_have_count(1)
    assert floor.listing(name)["state"] == "open"
    page.screenshot(path=shots / f"left-{language}.png")

    page = signed_in(browser, floor, "owner", language, tmp_path, "b")
    page.locator("a[href*='/desk/drafts/']").first.click()
    page.wait_for_load_state("load")
    expect(page.locator("#words")).to_contain_text(name)
    page.locator("[data-cosign]").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    assert floor.listing(name)["state"] == "withdrawn"
    assert browser.complaints == []


def test_a_button_says_what_is_against_it_before_anything_is_signed(
    browser: Watched, floor: Floor, tmp_path: Path
) -> None:
    name = floor.place(7_000, 300)
    signed_in(browser, floor, "owner", "en", tmp_path)
    page = browser.open("/desk/trading?lang=en")
    floor.stage.do("owner", "listing.withdraw", {"listing": name}, "a", "b")
    page.locator(f"[data-listing='{name}'] button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "bad")
    expect(page.locator("#said")).to_contain_text("listing-closed")
    expect(page.locator("dialog[data-cosigner]")).to_be_hidden()


def test_where_nobody_else_could_sign_the_button_says_so_and_asks_for_nobody(
    browser: Watched, floor: Floor, tmp_path: Path
) -> None:
    name = floor.place(7_000, 300)
    other = key_id(public_bytes(floor.stage.key("owner/b")))
    floor.stage.do("owner", "key.revoke", {"key": other, "reason": "left"}, "b")
    signed_in(browser, floor, "owner", "en", tmp_path)
    page = browser.open("/desk/trading?lang=en")
    page.locator(f"[data-listing='{name}'] button").click()
    said = page.locator("#said")
    expect(said).to_have_attribute("data-result", "bad")
    expect(said).to_contain_text("four-eyes")
    expect(page.locator("dialog")).to_have_count(0)
    assert floor.listing(name)["state"] == "open"
