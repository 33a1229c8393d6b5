"""An order for a continuous book in a browser: kinds, what it would cost, placed and cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.factories.orders import Pit
from tests.portal.browser.conftest import Watched, shown
from tests.portal.browser.test_desk import narrow
from tests.portal.browser.test_trading import LANGUAGES, signed_in, ticket

pytestmark = pytest.mark.browser


@pytest.fixture
def url(pit: Pit) -> Iterator[str]:
    with shown(pit.stage) as address:
        yield address


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_takes_what_crosses_and_the_rest_is_cancelled(
    browser: Watched, pit: Pit, tmp_path: Path, shots: Path, language: str
) -> None:
    pit.sell(7_000, 30)
    signed_in(browser, pit, "buyer", language, tmp_path)
    page = ticket(browser, language)
    form = page.locator('form[data-state="order.place"]')
    expect(page.locator('form[data-state="listing.take"]')).to_have_count(0)
    expect(form.locator("[name=kind] option")).to_have_count(5)
    form.locator("[name=kind]").select_option("post-only")
    form.locator("[name=price_fen]").fill("70.50")
    form.locator("[name=quantity]").fill("50")
    verdict = form.locator("[data-verdict]")
    expect(verdict.locator("[data-code=would-take]")).to_contain_text("70.00")
    form.locator("[name=kind]").select_option("limit")
    expect(verdict).to_have_attribute("data-result", "good")
    # 50 at 70.50 are 3 525.00, and a thousandth of that is 3.525, half up.
    expect(form.locator("[data-sum=total_fen]")).to_have_text("3,528.53")
    page.screenshot(path=shots / f"order-{language}.png")
    form.locator("button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    order = page.locator("[data-own] [data-order]")
    expect(order).to_contain_text("20")
    expect(page.locator("[data-own] [data-deal]")).to_contain_text("2,100.00")
    assert narrow(page) <= 0
    order.locator("button").click()
    expect(order).to_have_count(0)
    assert pit.open_orders() == []
    browser.open(f"/desk/trading?lang={language}")
    expect(page.locator("[data-order]")).to_have_count(1)
    assert narrow(page) <= 0
    assert browser.complaints == []
