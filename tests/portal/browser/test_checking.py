"""Races of a form that is checked as one types: what is late says nothing, what is early waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from market.listings.models import listing_table
from portal.app import create_app
from tests.factories.market import REGULATOR, TODAY, Floor
from tests.factories.scene import scene
from tests.factories.server import serving
from tests.portal.browser.conftest import Watched
from tests.portal.browser.test_trading import THREADS, fill, signed_in, ticket

pytestmark = pytest.mark.browser
REHEARSALS = "**/v1/rehearsals/**"


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with scene(tmp_path / "home", None) as stage:
        made = Floor(stage)
        made.prepare()
        yield made


@pytest.fixture
def url(floor: Floor) -> Iterator[str]:
    app = create_app(floor.stage.ledger, floor.stage.clock)
    with serving(app, THREADS) as (address, _, _):
        yield address


def held_back(page: Page) -> list[Route]:
    """The first rehearsal that the page asks for from here on, which gets no answer yet."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.fallback()
        else:
            held.append(route)

    page.route(REHEARSALS, hold)
    return held


def two_must_sign(floor: Floor) -> None:
    rule = {"code": "four-eyes.listing.place", "valid_from": TODAY, "value": "0"}
    rule |= {"unit": "credit", "source": "test", "confidence": "low"}
    floor.stage.do("regulator", "parameter.set", rule, *REGULATOR)


def test_a_late_rehearsal_does_not_speak_over_what_was_sent(
    browser: Watched, floor: Floor, tmp_path: Path
) -> None:
    signed_in(browser, floor, "owner", "en", tmp_path)
    page = ticket(browser, "en")
    held = held_back(page)
    with page.expect_request(REHEARSALS):
        fill(page, "sell", price_fen="70", quantity="5")
    page.locator("form.sell button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    expect(page.locator("[data-own] [data-listing]")).to_have_count(1)
    verdict = page.locator("form.sell [data-verdict]")
    expect(verdict).to_be_empty()
    (late,) = held
    with page.expect_event("requestfinished", lambda request: request == late.request):
        late.fallback()
    page.evaluate("new Promise(requestAnimationFrame)")
    expect(verdict).to_be_empty()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    assert browser.complaints == []


def test_a_rehearsal_that_is_lost_after_sending_is_not_taken_for_the_answer(
    browser: Watched, floor: Floor, tmp_path: Path
) -> None:
    signed_in(browser, floor, "owner", "en", tmp_path)
    page = ticket(browser, "en")
    held = held_back(page)
    with page.expect_request(REHEARSALS):
        fill(page, "sell", price_fen="70", quantity="5")
    page.locator("form.sell button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    (late,) = held
    with page.expect_event("requestfailed", lambda request: request == late.request):
        late.abort()
    page.evaluate("new Promise(requestAnimationFrame)")
    expect(page.locator("#said")).to_have_attribute("data-result", "good")


def test_enter_before_the_signers_are_known_asks_for_the_second(
    browser: Watched, floor: Floor, tmp_path: Path
) -> None:
    two_must_sign(floor)
    signed_in(browser, floor, "owner", "en", tmp_path)
    page = ticket(browser, "en")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    second = page.locator("form.sell [data-second]")
    expect(second).to_be_hidden()
    # Both in one task of the page, so that the pause after typing cannot be over.
    page.evaluate(FILLED_AND_ENTERED)
    expect(second).to_be_visible()
    expect(page.locator("form.sell [data-verdict]")).to_contain_text("second person")
    expect(second.locator("select")).to_be_focused()
    assert not [line for line in sent if line.startswith("POST") and "/v1/rehearsals/" not in line]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#said a[href*='/desk/drafts/']")).to_have_count(1)
    assert [line for line in sent if line.startswith("POST") and "/v1/drafts" in line]
    assert floor.stage.rows(listing_table) == []
    assert browser.complaints == []


def test_nothing_is_sent_where_the_rehearsal_is_not_answered(
    browser: Watched, floor: Floor, tmp_path: Path
) -> None:
    signed_in(browser, floor, "owner", "en", tmp_path)
    page = ticket(browser, "en")
    page.route(REHEARSALS, lambda route: route.abort())
    fill(page, "sell", price_fen="70", quantity="5")
    page.locator("form.sell button").click()
    expect(page.locator("#said")).to_contain_text("nothing has been sent")
    assert floor.stage.rows(listing_table) == []


FILLED_AND_ENTERED = """() => {
  const form = document.querySelector("form.sell");
  for (const [name, value] of Object.entries({ price_fen: "70", quantity: "5" })) {
    form.elements[name].value = value;
    form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.requestSubmit();
}"""
