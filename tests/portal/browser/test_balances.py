"""Balances on a page are proved in the browser of whoever is shown them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from portal.app import create_app
from tests.factories.market import Floor
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import HOUR_MS, scene
from tests.factories.server import serving
from tests.portal.browser.conftest import Watched

pytestmark = pytest.mark.browser
BATCH = "ZJ_FS-R1-2024"
HOLDING = f"/accounts/registry/{BATCH}/certificate"
signed_in: dict[str, Headers] = {}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served ledger: the owner holds credits on both accounts, and cash."""
    with scene(tmp_path_factory.mktemp("balances") / "home", None) as stage:
        floor = Floor(stage)
        floor.to_trading("owner", stage.issue(12_900), 300)
        floor.pay_in("owner", 1_234_567)
        stage.clock.time += 24 * HOUR_MS
        stage.ledger.writer.tick().result(30)
        app = create_app(stage.ledger, stage.clock)
        for party, key in (("owner", "owner/a"), ("bank", "bank-1")):
            signed_in[party] = sign_in(app.test_client(), party, stage.key(key))
        with serving(app) as (address, _, _):
            yield address


@pytest.fixture
def reader(browser: Watched) -> Watched:
    browser.page.set_extra_http_headers(signed_in["owner"])
    return browser


def altered(reader: Watched, pattern: str, change: Callable[[bytes], bytes]) -> None:
    def serve(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=change(response.body()))

    reader.page.route(pattern, serve)


@pytest.mark.parametrize("path", ["/confirmation", HOLDING])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_balances_are_proved_in_the_browser(
    reader: Watched, shots: Path, path: str, language: str
) -> None:
    page = reader.open(f"{path}?lang={language}")
    expect(page.locator(".check")).to_have_attribute("data-result", "good")
    page.screenshot(path=shots / "balances.png", full_page=True)
    assert reader.complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_accounts_of_other_uses_are_shown_and_proved(
    browser: Watched, shots: Path, language: str
) -> None:
    """As the settlement bank's: the omnibus account is below zero by what it keeps for others."""
    browser.page.set_extra_http_headers(signed_in["bank"])
    page = browser.open(f"/confirmation?lang={language}")
    expect(page.locator(".check")).to_have_attribute("data-result", "good")
    line = page.locator("[data-account='bank/omnibus'] [data-units=available]")
    expect(line).to_have_text("−12,345.67")
    page.screenshot(path=shots / "balances-of-bank.png", full_page=True)
    assert browser.complaints == []


def test_a_page_that_claims_more_than_its_letter_proves_is_found(reader: Watched) -> None:
    def without_count(body: bytes) -> bytes:
        letter = json.loads(body)
        assert letter["items"][0]["row"]["account"] == "owner/"
        return json.dumps({**letter, "items": letter["items"][1:]}).encode()

    altered(reader, "**/v1/confirmation*", without_count)
    place = reader.open("/confirmation?lang=en").locator(".check")
    expect(place).to_have_attribute("data-result", "bad")
    expect(place).to_contain_text("confirmation-incomplete")


@pytest.mark.parametrize(
    ("button", "path"),
    [("Holding certificate", HOLDING), ("Confirmation of balances", "/confirmation")],
)
def test_the_desk_leads_to_the_proof_of_a_chosen_day(
    reader: Watched, button: str, path: str
) -> None:
    page = reader.open("/desk/accounts?lang=en&asset=ZJ_FS-R1-2024&account=owner/registry")
    page.locator("[name=as_of]").fill("2026-01-02")
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_url(f"**{path}?lang=en&as_of=2026-01-02")
    expect(page.locator(".check")).to_have_attribute("data-result", "good")


@pytest.mark.parametrize("path", ["/confirmation", HOLDING])
def test_one_digit_that_the_page_changed_is_found(reader: Watched, path: str) -> None:
    altered(reader, f"**{path}", lambda body: body.replace(b">12,600<", b">12,601<", 1))
    expect(reader.open(path).locator(".check")).to_have_attribute("data-result", "bad")


def test_a_row_that_the_page_left_out_is_found(reader: Watched) -> None:
    altered(reader, "**/confirmation", lambda body: body.replace(b'data-asset="CNY"', b"", 1))
    expect(reader.open("/confirmation").locator(".check")).to_have_attribute("data-result", "bad")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"available":12600', b'"available":12601'),
        (b'"frozen":0', b'"frozen":1'),
        (b'"party":"owner"', b'"party":"buyer"'),
        (b'"position":', b'"position":1'),
    ],
)
def test_a_packet_altered_on_its_way_is_found(reader: Watched, before: bytes, after: bytes) -> None:
    def change(body: bytes) -> bytes:
        assert before in body
        return body.replace(before, after, 1)

    altered(reader, "**/v1/confirmation*", change)
    page = reader.open("/confirmation?lang=en")
    expect(page.locator(".check")).to_have_attribute("data-result", "bad")
