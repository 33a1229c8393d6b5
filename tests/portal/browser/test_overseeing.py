"""The supervisor's page in a browser: each act with reason and document, signed by two officers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from market.stops.models import bar_table, halt_table
from market.supervision.models import finding_table, warning_table
from tests.factories.market import EXCHANGE, REGULATOR, TODAY
from tests.factories.orders import BOOK, Pit
from tests.portal.browser.conftest import Watched, shown
from tests.portal.browser.test_desk import narrow
from tests.portal.browser.test_trading import LANGUAGES, signed_in

pytestmark = pytest.mark.browser
FIRST, SECOND = REGULATOR
WHY = {"reason": "异常波动", "document": "监〔2026〕1"}


@pytest.fixture
def url(pit: Pit) -> Iterator[str]:
    with shown(pit.stage) as address:
        yield address


class Desk:
    """The first officer fills a form and signs it, the second finds the draft and signs too."""

    def __init__(self, browser: Watched, pit: Pit, language: str, folder: Path) -> None:
        self.browser, self.pit, self.language, self.folder = browser, pit, language, folder

    def sits(self, officer: str) -> Page:
        return signed_in(
            self.browser, self.pit, "regulator", self.language, self.folder, key=officer
        )

    def opened(self) -> Page:
        self.sits(FIRST)
        return self.browser.open(f"/supervision?lang={self.language}")

    def form(self, type: str) -> Locator:
        return self.browser.page.locator(f'form[data-state="{type}"]')

    def shown(self, type: str) -> Locator:
        form = self.form(type)
        form.locator("xpath=..").locator("summary").click()
        return form

    def filled(self, form: Locator, **values: str) -> None:
        for name, value in values.items():
            form.locator(f"[name={name}]").fill(value)
        expect(form.locator("[data-verdict]")).to_have_attribute("data-result", "good")
        expect(form.locator("[data-second]")).to_be_visible()

    def signed(self, form: Locator) -> None:
        """Both sign; the draft's address is the one that the first is shown."""
        form.locator("button").click()
        said = self.browser.page.locator("#said")
        expect(said).to_contain_text(SECOND)
        path = said.locator("a[href*='/desk/drafts/']").get_attribute("href")
        assert path is not None
        self.sits(SECOND)
        self.browser.open(path)
        self.browser.page.locator("[data-cosign]").click()
        expect(said).to_have_attribute("data-result", "good")


@pytest.fixture(params=LANGUAGES)
def desk(request: Any, browser: Watched, pit: Pit, tmp_path: Path) -> Desk:
    return Desk(browser, pit, request.param, tmp_path)


def test_a_venue_is_halted_and_resumed(desk: Desk, shots: Path) -> None:
    page = desk.opened()
    form = desk.shown("venue.halt")
    expect(desk.form("venue.resume")).to_have_count(0)
    desk.filled(form, **WHY)
    page.screenshot(path=shots / f"supervision-{desk.language}.png", full_page=True)
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"supervision-{desk.language}-narrow.png", full_page=True)
    desk.signed(form)
    (row,) = desk.pit.stage.rows(halt_table)
    assert (row["venue"], row["state"], row["document"]) == (BOOK, "halted", WHY["document"])
    page = desk.opened()
    page.locator("[data-fill='venue.resume']").press("Enter")
    form = desk.form("venue.resume")
    expect(form).to_be_visible()
    expect(form.locator("[name=reason]")).to_be_focused()
    desk.filled(form, **WHY)
    desk.signed(form)
    (row,) = desk.pit.stage.rows(halt_table)
    assert row["state"] == "resumed"
    assert desk.browser.complaints == []


def test_a_party_is_barred_and_let_in_again(desk: Desk) -> None:
    order = desk.pit.buy(7_000, 50)
    desk.opened()
    form = desk.shown("trading.bar")
    desk.filled(form, party="buyer", **WHY)
    form.locator("[name=until]").fill("2025-12-31")
    fault = form.locator("[data-fault=until] [data-code=bar-period]")
    expect(fault).to_be_visible()
    form.locator("[name=until]").fill("2026-02-01")
    expect(fault).to_have_count(0)
    desk.signed(form)
    (row,) = desk.pit.stage.rows(bar_table)
    assert (row["party"], row["since"], row["until"]) == ("buyer", TODAY, "2026-02-01")
    assert desk.pit.order_row(order)["state"] == "barred"
    page = desk.opened()
    page.locator("[data-fill='trading.unbar']").click()
    form = desk.form("trading.unbar")
    expect(form.locator("[name=bar]")).to_have_value(row["bar"])
    desk.filled(form, **WHY)
    desk.signed(form)
    (row,) = desk.pit.stage.rows(bar_table)
    assert row["state"] == "lifted"


def test_a_party_is_warned(desk: Desk) -> None:
    desk.opened()
    form = desk.shown("risk.warn")
    desk.filled(form, party="buyer", text="请注意仓位", document=WHY["document"])
    desk.signed(form)
    (row,) = desk.pit.stage.rows(warning_table)
    assert (row["party"], row["text"]) == ("buyer", "请注意仓位")


def test_an_order_is_cancelled_by_order_from_its_row(desk: Desk) -> None:
    order, other = desk.pit.buy(7_000, 50), desk.pit.buy(6_900, 10, "third")
    page = desk.opened()
    expect(page.locator("[data-standing]")).to_have_count(2)
    page.locator(f"[data-standing='{order}'] button").click()
    form = desk.form("order.cancel-by-order")
    expect(form.locator("[name=order]")).to_have_value(order)
    desk.filled(form, **WHY)
    desk.signed(form)
    assert desk.pit.order_row(order)["state"] == "by-order"
    page = desk.opened()
    expect(page.locator("[data-standing]")).to_have_count(1)
    expect(page.locator(f"[data-standing='{other}']")).to_have_count(1)
    assert desk.browser.complaints == []


def test_a_finding_is_put_on_the_record_explained_and_referred(desk: Desk, shots: Path) -> None:
    pit, stage = desk.pit, desk.pit.stage
    pit.rule("surveillance.wash.quantity", "1", "2025-12-31")
    for seller, buyer in (("owner", "buyer"), ("buyer", "owner")):
        pit.sell(7_000, 10, seller)
        pit.buy(7_000, 10, buyer)
    page = desk.opened()
    page.get_by_role("link", name=re.compile("证据与处置|Evidence and acts")).first.click()
    page.wait_for_load_state("load")
    path = page.url.removeprefix(desk.browser.url)
    expect(page.locator("[data-evidence]").first).to_be_visible()
    assert page.locator("[data-evidence]").count() >= 2
    form = desk.form("finding.open")
    desk.filled(form)
    page.screenshot(path=shots / f"finding-{desk.language}.png", full_page=True)
    assert narrow(page) <= 0
    desk.signed(form)
    (row,) = stage.rows(finding_table)
    assert (row["state"], row["detector"]) == ("open", "wash")
    why = {"ground": "同一控制人内部调仓", "document": WHY["document"]}
    for act, more, state in (
        ("finding.explain", {}, "explained"),
        ("finding.refer", {"authority": "市场监管局"}, "referred"),
    ):
        desk.sits(FIRST)
        desk.browser.open(path)
        form = desk.shown(act)
        desk.filled(form, **more, **why)
        desk.signed(form)
        (row,) = stage.rows(finding_table)
        assert (row["state"], row["ground"]) == (state, why["ground"])
    desk.sits(FIRST)
    page = desk.browser.open(path)
    expect(page.locator("form[data-state]")).to_have_count(0)
    page.screenshot(path=shots / f"finding-{desk.language}-referred.png", full_page=True)
    assert desk.browser.complaints == []


def test_what_stands_no_longer_is_told_beside_its_field(
    browser: Watched, pit: Pit, tmp_path: Path
) -> None:
    desk = Desk(browser, pit, "en", tmp_path)
    order = pit.buy(7_000, 50)
    page = desk.opened()
    pit.cancel(order)
    page.locator(f"[data-standing='{order}'] button").click()
    form = desk.form("order.cancel-by-order")
    for name, value in WHY.items():
        form.locator(f"[name={name}]").fill(value)
    expect(form.locator("[data-fault=order] [data-code=order-closed]")).to_be_visible()


def test_an_exchange_halts_its_own_venue_from_a_page_of_its_own(
    browser: Watched, pit: Pit, tmp_path: Path, shots: Path
) -> None:
    page = signed_in(browser, pit, "exchange", "zh", tmp_path, key=EXCHANGE[0])
    page.locator("a[href*='/desk/stops']").click()
    page.wait_for_load_state("load")
    page.locator("summary").first.click()
    form = page.locator('form[data-state="venue.halt"]')
    for name, value in WHY.items():
        form.locator(f"[name={name}]").fill(value)
    expect(form.locator("[data-verdict]")).to_have_attribute("data-result", "good")
    page.screenshot(path=shots / "stops.png", full_page=True)
    form.locator("button").click()
    path = page.locator("#said a[href*='/desk/drafts/']").get_attribute("href")
    signed_in(browser, pit, "exchange", "zh", tmp_path, key=EXCHANGE[1])
    browser.open(path or "")
    page.locator("[data-cosign]").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    (row,) = pit.stage.rows(halt_table)
    assert (row["state"], row["author"]) == ("halted", "exchange")
    browser.open("/desk/stops?lang=en")
    assert narrow(page) <= 0
    expect(page.locator("[data-fill='venue.resume']")).to_be_visible()
    assert browser.complaints == []
