"""An own order in a browser: reduced in its place, replaced behind the others, cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.app import create_app
from tests.factories.orders import Pit
from tests.factories.scene import scene
from tests.factories.server import serving
from tests.portal.browser.conftest import Watched
from tests.portal.browser.test_desk import narrow
from tests.portal.browser.test_trading import LANGUAGES, THREADS, signed_in

pytestmark = pytest.mark.browser


@pytest.fixture
def pit(tmp_path: Path) -> Iterator[Pit]:
    with scene(tmp_path / "home", None) as stage:
        made = Pit(stage)
        made.set_up()
        yield made


@pytest.fixture
def url(pit: Pit) -> Iterator[str]:
    app = create_app(pit.stage.ledger, pit.stage.clock)
    with serving(app, THREADS) as (address, _, _):
        yield address


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reduced_order_keeps_its_turn_and_a_replaced_one_goes_last(
    browser: Watched, pit: Pit, tmp_path: Path, shots: Path, language: str
) -> None:
    mine = pit.buy(7_000, 50)
    theirs = pit.buy(7_000, 20, "third")
    signed_in(browser, pit, "buyer", language, tmp_path)
    page = browser.open(f"/desk/trading?lang={language}")
    page.locator(f"[data-order='{mine}'] a[href*='/desk/orders/']").click()
    page.wait_for_load_state("load")
    reduce, replace = (
        page.locator(f'form[data-state="order.{act}"]') for act in ("reduce", "replace")
    )
    reduce.locator("[name=quantity]").fill("10")
    expect(reduce.locator("[data-verdict]")).to_have_attribute("data-result", "good")
    reduce.locator("button").click()
    expect(page.locator("[data-facts]")).to_contain_text("40")
    assert [row["order"] for row in pit.open_orders()] == [mine, theirs]
    assert pit.order_row(mine)["remaining"] == 40
    expect(replace.locator("[name=quantity]")).to_have_value("40")

    replace.locator("[name=price_fen]").fill("63.67")
    verdict = replace.locator("[data-verdict]")
    expect(verdict.locator("[data-code=price-outside-band]")).to_contain_text("63.68")
    page.screenshot(path=shots / f"order-{language}.png", full_page=True)
    replace.locator("[name=price_fen]").fill("70")
    replace.locator("[name=quantity]").fill("30")
    expect(verdict).to_have_attribute("data-result", "good")
    # 30 at 70.00 are 2 100.00, and a thousandth of that is 2.10.
    expect(replace.locator("[data-sum=total_fen]")).to_have_text("2,102.10")
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"order-{language}-narrow.png", full_page=True)
    replace.locator("button").press("Enter")
    expect(page.locator("[data-facts]")).to_contain_text("30")
    assert [row["order"] for row in pit.open_orders()] == [theirs, mine]

    page.locator("[data-act='order.cancel']").click()
    expect(page.locator("[data-facts]")).to_have_attribute("data-order", "cancelled")
    expect(page.locator("[data-changes]")).to_be_hidden()
    browser.open(f"/desk/orders/{mine}?lang={language}")
    expect(page.locator("form")).to_have_count(0)
    assert browser.complaints == []


def test_all_open_orders_are_cancelled_once_that_is_confirmed(
    browser: Watched, pit: Pit, tmp_path: Path
) -> None:
    pit.buy(7_000, 50)
    pit.buy(6_900, 50)
    signed_in(browser, pit, "buyer", "en", tmp_path)
    page = browser.open("/desk/trading?lang=en")
    answers = iter(("dismiss", "accept"))
    page.on("dialog", lambda dialog: getattr(dialog, next(answers))())
    every = page.locator("[data-act='order.cancel-all']")
    every.click()
    expect(page.locator("#said")).to_be_hidden()
    assert len(pit.open_orders()) == 2
    every.click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    assert pit.open_orders() == []
    browser.open("/desk/trading?lang=en")
    expect(every).to_have_count(0)
