"""Pages as people see them: the certificate on one sheet, the API's description, both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.factories.ledger import Voices
from tests.portal.browser.conftest import Watched
from tests.portal.browser.test_verifying import replaced

pytestmark = pytest.mark.browser
LANGUAGES = ("zh", "en")
MORE_STEPS = """document.querySelector(".receipt").prepend(
  "7qIAufzPxM2YJixzK/lyJHN6xFB/bzFXDUGDvRSwj8Q=\\n".repeat(26))"""


@pytest.fixture(scope="module")
def certificate(voices: Voices) -> str:
    from portal.app import create_app

    rows = create_app(voices.ledger).test_client().get("/v1/retirements").json["items"]
    return f"/retirements/{rows[0]['retirement']}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_certificate_is_checked_in_the_browser(
    browser: Watched, certificate: str, shots: Path, language: str
) -> None:
    page = browser.open(f"{certificate}?lang={language}")
    expect(page.locator(".check")).to_have_attribute("data-result", "good")
    page.screenshot(path=shots / f"certificate-{language}.png", full_page=True)
    assert browser.complaints == []


def test_a_certificate_whose_page_says_something_else_is_found(
    browser: Watched, certificate: str
) -> None:
    replaced(
        browser,
        f"**{certificate}?*",
        lambda body: body.replace(b'data-field="quantity">30<', b'data-field="quantity">300<', 1),
    )
    page = browser.open(f"{certificate}?lang=en")
    expect(page.locator(".check")).to_have_attribute("data-result", "bad")
    expect(page.locator(".check")).to_contain_text("page-differs")


def test_a_certificate_prints_on_one_sheet_with_its_code(
    browser: Watched, certificate: str, shots: Path
) -> None:
    page = browser.open(f"{certificate}?lang=zh")
    expect(page.locator(".check")).to_have_attribute("data-result", "good")
    page.emulate_media(media="print")
    page.screenshot(path=shots / "certificate-print.png", full_page=True)
    expect(page.locator(".check")).not_to_be_visible()
    expect(page.locator(".qr svg")).to_be_visible()
    # A log of a thousand million entries has receipts of thirty steps.
    page.evaluate(MORE_STEPS)
    sheets = page.pdf(path=shots / "certificate.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
    assert b"/MediaBox [0 0 594" in sheets or b"/MediaBox [0 0 595" in sheets


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_description_is_shown_without_inline_scripts_or_other_hosts(
    browser: Watched, shots: Path, language: str
) -> None:
    # A long description is drawn as one comes to it; a link leads to an operation and opens it.
    page = browser.open(f"/docs?lang={language}#/statements/statements_submit_post")
    expect(page.locator(".opblock").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Refused by the rules", exact=False).first).to_be_visible(
        timeout=30_000
    )
    expect(page.get_by_text("/v1/statements/bulk", exact=False).first).to_be_attached()
    page.screenshot(path=shots / f"docs-{language}.png")
    # The viewer takes an underscore in a link for an old way to write a space.
    assert [said for said in browser.complaints if "deep link whitespace" not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/entries/0", "/problems", "/retirements", "/market"])
def test_pages_fit_a_narrow_screen(browser: Watched, shots: Path, path: str, language: str) -> None:
    browser.page.set_viewport_size({"width": 360, "height": 800})
    page = browser.open(f"{path}?lang={language}")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.screenshot(path=shots / "narrow.png")
    assert wide <= 0
    assert browser.complaints == []
