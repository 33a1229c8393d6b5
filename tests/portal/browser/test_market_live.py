"""An instrument's page as a trader sees it: trades and the book appear by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.app import create_app
from tests.factories.market import TODAY, Floor
from tests.factories.scene import scene
from tests.factories.server import serving
from tests.portal.browser.conftest import Watched

pytestmark = pytest.mark.browser
THREADS = 8


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    with scene(tmp_path_factory.mktemp("live") / "home", None) as stage:
        made = Floor(stage)
        made.prepare()
        made.take(made.place(7_050, 20), 20)
        yield made


@pytest.fixture(scope="module")
def url(floor: Floor) -> Iterator[str]:
    app = create_app(floor.stage.ledger)
    with serving(app, THREADS) as (address, _, _):
        yield address


@pytest.mark.parametrize(
    ("language", "offered"), [("zh", "当前没有卖出申报"), ("en", "Nothing is offered")]
)
def test_a_trade_appears_live(
    browser: Watched, floor: Floor, shots: Path, language: str, offered: str
) -> None:
    page = browser.open(f"/market/FS?lang={language}&interval=1m")
    expect(page.locator("[data-live]")).to_have_attribute("data-on", "")
    before = page.locator("[data-trades] tr").count()
    expect(page.locator("[data-asks]")).to_contain_text(offered)
    listing = floor.place(7_000, 30)
    expect(page.locator("[data-asks] .listing")).to_have_text(f"{listing} × 30")
    floor.take(listing, 10)
    expect(page.locator("[data-trades] tr")).to_have_count(before + 1)
    expect(page.locator("[data-trades] tr").first).to_contain_text("70.00")
    expect(page.locator("[data-price=last_fen]")).to_have_text("70.00")
    expect(page.locator("[data-change]")).to_have_text("−0.75 (−1.06%)")
    expect(page.locator("[data-asks] .listing")).to_have_text(f"{listing} × 20")
    expect(page.locator("svg.broad title").last).to_contain_text("70.00")
    page.screenshot(path=shots / f"live-{language}.png", full_page=True)
    floor.withdraw(listing)
    expect(page.locator("[data-asks]")).to_contain_text(offered)
    assert browser.complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/market", "/market/FS"])
def test_the_exchange_fits_a_narrow_screen(browser: Watched, path: str, language: str) -> None:
    browser.page.set_viewport_size({"width": 360, "height": 800})
    page = browser.open(f"{path}?lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert browser.complaints == []


def test_the_close_is_told_to_who_watches(browser: Watched, floor: Floor) -> None:
    page = browser.open("/market/FS?lang=en")
    expect(page.locator("[data-standing]")).to_have_text("Session open")
    expect(page.locator("[data-next]")).to_be_hidden()
    floor.close(TODAY)
    expect(page.locator("[data-standing]")).to_have_text("Session closed")
    expect(page.locator("[data-next]")).to_be_visible()
    expect(page.locator("[data-next]")).to_contain_text("Price limits of the next session (CNY)")
    expect(page.locator("[data-date]")).to_have_text(TODAY)
    assert browser.complaints == []
