"""The desk in a browser: a key kept there signs in, gives consents, signs a colleague's draft."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ledger.statements.ed25519 import key_id, load_private, new_key, public_bytes, save_private
from ledger.statements.envelope import parse_submission, sign_statement
from ledger.writer.clock import SystemClock
from portal.app import create_app
from portal.statements.signing import compose
from tests.factories.ledger import ORIGIN, Voices, issue_credits, ledger
from tests.factories.readers import sign_in
from tests.factories.server import serving
from tests.portal.browser.conftest import Watched
from tests.portal.browser.test_verifying import replaced

pytestmark = pytest.mark.browser
LANGUAGES = ("zh", "en")
SHEETS = ("drafts", "deadlines", "accounts", "claims", "freezes", "pledges", "consents", "reads")
UNTIL = "2099-12-31"
COURT = {"authority": "某市中级人民法院", "document": "（2026）执1号"}


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voices]:
    """The maker holds credits: some pledged, some frozen."""
    with ledger(tmp_path_factory.mktemp("desk")) as made:
        batch = issue_credits(made)
        pledge = {
            "bank": "bank",
            "batch": batch,
            "quantity": 40,
            "contract": "借字2026-1",
            "secured_fen": 5_000_000,
            "until": UNTIL,
            "rank": 1,
            "on_default": "disposal",
        }
        name = made.sign("maker", "pledge.propose", pledge)
        assert made.ledger.entrance.submit(name.encode()).status == "accepted"
        named = {"pledge": name.envelope.payload.id}
        assert made.say("bank", "pledge.accept", named).status == "accepted"
        registration = {**named, "number": "质登2026-1"}
        assert made.say("registrar", "pledge.register", registration).status == "accepted"
        freeze = {"party": "maker", "asset": batch, "quantity": 70, **COURT}
        freeze["until"] = (date.today() + timedelta(days=300)).isoformat()
        assert made.say("registrar", "freeze.order", freeze).status == "accepted"
        yield made


@pytest.fixture(scope="module")
def url(voices: Voices) -> Iterator[str]:
    app = create_app(voices.ledger)
    with serving(app) as (address, _, _):
        yield address


@pytest.fixture
def pem(voices: Voices, tmp_path: Path) -> Path:
    save_private(voices.keys["maker"][0], tmp_path / "maker.pem")
    return tmp_path / "maker.pem"


def enter(browser: Watched, pem: Path, language: str, party: str = "maker") -> Page:
    """Load a key on the sign-in page and sign in with it."""
    page = browser.open(f"/sign-in?lang={language}")
    expect(page.locator("#able")).to_be_visible()
    page.locator("#pem").set_input_files(pem)
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    page.locator("#enter [name=party]").fill(party)
    page.locator("#enter button").first.click()
    page.wait_for_url("**/desk?*")
    return page


def narrow(page: Page) -> int:
    """How far a page of 390 pixels reaches over its edge."""
    page.set_viewport_size({"width": 390, "height": 844})
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_of_the_browser_signs_in_and_the_desk_fits(
    browser: Watched, pem: Path, shots: Path, language: str
) -> None:
    page = enter(browser, pem, language)
    expect(page.get_by_text("（2026）执1号", exact=True)).to_be_visible()
    expect(page.get_by_text("质登2026-1")).to_be_visible()
    page.screenshot(path=shots / f"desk-{language}.png", full_page=True)
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"desk-{language}-narrow.png", full_page=True)
    for name in SHEETS:
        browser.open(f"/desk/{name}?lang={language}")
        assert narrow(page) <= 0, name
    browser.open(f"/sign-in?lang={language}")
    expect(page.locator("#able")).to_be_visible()
    assert narrow(page) <= 0
    page.screenshot(path=shots / f"sign-in-{language}-narrow.png", full_page=True)
    assert browser.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_consent_is_given_and_withdrawn_on_the_page(
    browser: Watched, voices: Voices, pem: Path, shots: Path, language: str
) -> None:
    page = enter(browser, pem, language)
    browser.open(f"/desk/consents?lang={language}")
    page.locator("[name=reader]").fill("bank")
    page.locator("[name=purpose]").select_option("pledge")
    page.locator("[name=until]").fill(UNTIL)
    page.locator("form.act button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    page.screenshot(path=shots / f"consent-{language}.png", full_page=True)
    client = create_app(voices.ledger).test_client()
    headers = sign_in(client, "bank", voices.keys["bank"][0])
    (given,) = client.get("/v1/consents?state=given", headers=headers).json["items"]
    assert (given["giver"], given["purpose"], given["until"]) == ("maker", "pledge", UNTIL)
    browser.open(f"/desk/consents?lang={language}")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-withdraw]").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    assert client.get("/v1/consents?state=given", headers=headers).json["items"] == []


def test_what_the_ledger_refuses_is_told_in_its_words(browser: Watched, pem: Path) -> None:
    page = enter(browser, pem, "en")
    browser.open("/desk/consents?lang=en")
    page.locator("[name=reader]").fill("maker")
    page.locator("[name=until]").fill(UNTIL)
    page.locator("form.act button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "bad")
    expect(page.locator("#said")).to_contain_text("consent-reader")


@pytest.fixture
def draft(voices: Voices, url: str) -> str:
    """A consent that the maker's second person has signed and the first is to sign; its id."""
    first, second = voices.keys["maker"]
    made = compose(
        voices.ledger.engine,
        ORIGIN,
        "consent.give",
        "maker",
        {"reader": "verifier-a", "purpose": "audit", "scope": ["accounts"], "until": UNTIL},
        [second],
        now=SystemClock().now(),
        entropy=os.urandom,
        others=[key_id(public_bytes(first))],
    )
    client = create_app(voices.ledger).test_client()
    headers = sign_in(client, "maker", second)
    answer = client.post("/v1/drafts", data=made.encode(), headers=headers)
    assert answer.status_code == 201, answer.text
    return made.envelope.payload.id


def test_a_draft_is_signed_in_the_words_that_are_shown(
    browser: Watched, pem: Path, draft: str, shots: Path
) -> None:
    page = enter(browser, pem, "zh")
    page.locator(f'a[href*="{draft}"]').click()
    expect(page.locator("#words")).to_contain_text("verifier-a")
    page.screenshot(path=shots / "draft.png", full_page=True)
    assert narrow(page) <= 0
    page.locator("[data-cosign]").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    browser.open("/desk/consents?lang=zh")
    expect(page.locator("td", has_text="verifier-a")).to_have_count(1)
    assert browser.complaints == []


def test_words_that_are_not_those_of_the_draft_are_not_signed(
    browser: Watched, pem: Path, draft: str
) -> None:
    page = enter(browser, pem, "en")
    replaced(browser, "**/desk/drafts/*", lambda body: body.replace(b"verifier-a", b"verifier-b"))
    browser.open(f"/desk/drafts/{draft}?lang=en")
    page.locator("[data-cosign]").click()
    expect(page.locator("#said")).to_contain_text("words-differ")


def test_a_draft_is_refused_with_a_reason(browser: Watched, pem: Path, draft: str) -> None:
    page = enter(browser, pem, "en")
    browser.open(f"/desk/drafts/{draft}?lang=en")
    page.locator("[name=reason]").fill("not agreed")
    page.locator("form.act button").click()
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    browser.open(f"/desk/drafts/{draft}?lang=en")
    expect(page.get_by_text("not agreed")).to_be_visible()
    expect(page.locator("[data-cosign]")).to_have_count(0)


def test_a_key_made_in_the_browser_is_registered_and_signs_in(
    browser: Watched, voices: Voices, shots: Path, tmp_path: Path
) -> None:
    page = browser.open("/sign-in?lang=en")
    expect(page.locator("#able")).to_be_visible()
    page.locator("#make [name=party]").fill("maker")
    page.locator("#make [name=operator]").fill("op-3")
    page.locator("#make button").click()
    expect(page.locator("#made")).to_be_visible()
    entry = json.loads(page.locator("#made pre").inner_text())
    page.screenshot(path=shots / "made.png", full_page=True)
    with page.expect_download() as saved:
        page.locator("#copy").click()
    copy = tmp_path / "copy.pem"
    saved.value.save_as(copy)
    copy.chmod(0o600)
    key = entry.pop("key")
    assert key_id(public_bytes(load_private(copy))) == key
    registration = {"key": {**entry, "person": "maker.op-3"}}
    assert voices.say("maker", "key.register", registration).status == "accepted"
    page.locator("#enter [name=key]").select_option(key)
    page.locator("#enter button").first.click()
    page.wait_for_url("**/desk?*")
    expect(page.get_by_text(key)).to_be_visible()
    page.locator("[data-sign-out]").click()
    page.wait_for_url("**/sign-in?*")
    answer = browser.page.request.get(f"{browser.url}/desk")
    assert answer.status == 401
    assert "/sign-in" in answer.text()


def test_a_kept_key_cannot_be_read_out(browser: Watched, pem: Path) -> None:
    page = enter(browser, pem, "en")
    assert page.evaluate(READ_OUT) == [False, "InvalidAccessError"]


def test_a_file_that_is_no_key_and_a_strangers_key_are_told_apart(
    browser: Watched, tmp_path: Path
) -> None:
    page = browser.open("/sign-in?lang=en")
    expect(page.locator("#able")).to_be_visible()
    page.locator("#pem").set_input_files({"name": "x", "mimeType": "x/y", "buffer": b"no key"})
    expect(page.locator("#said")).to_contain_text("PKCS#8")
    save_private(new_key(), tmp_path / "stranger.pem")
    page.locator("#pem").set_input_files(tmp_path / "stranger.pem")
    expect(page.locator("#said")).to_have_attribute("data-result", "good")
    page.locator("#enter [name=party]").fill("maker")
    page.locator("#enter button").first.click()
    expect(page.locator("#said")).to_contain_text("sign-in-refused")


def test_a_browser_without_ed25519_is_shown_the_shell(browser: Watched) -> None:
    browser.page.add_init_script("crypto.subtle.generateKey = () => Promise.reject(new Error())")
    page = browser.open("/sign-in?lang=en")
    expect(page.locator("#unable")).to_be_visible()
    expect(page.locator("#able")).not_to_be_visible()
    expect(page.get_by_text("qingzhang session new")).to_be_visible()


def test_the_envelope_is_the_one_of_the_ledgers_own_code(browser: Watched, pem: Path) -> None:
    page = enter(browser, pem, "en")
    body = {"z": 1, "a": '甲"\\\u0007🌱', "list": [True, None, 2**53 - 1]}
    made = page.evaluate(COMPOSED, [ORIGIN, body])
    submission = parse_submission(json.dumps(made).encode())
    key = load_private(pem)
    again = sign_statement(submission.envelope.payload, submission.body, [key])
    assert again.envelope.bytes == submission.envelope.bytes
    assert again.body_bytes == submission.body_bytes


READ_OUT = """async () => {
  const { keys } = await import("/static/keys.js");
  const [key] = await keys();
  try {
    await crypto.subtle.exportKey("pkcs8", key.private);
  } catch (error) {
    return [key.private.extractable, error.name];
  }
}"""
COMPOSED = """async ([ledger, body]) => {
  const { compose } = await import("/static/signing.js");
  const { keptKey } = await import("/static/keys.js");
  const key = await keptKey(document.getElementById("desk").dataset.key);
  return compose({ ledger, type: "consent.give", party: "maker", body }, key);
}"""
