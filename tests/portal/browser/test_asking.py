"""Questions about incentives in a browser: what I can get, what I declare, a list, and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ledger.statements.ed25519 import save_private
from portal.app import create_app
from tests.factories.policy import define_discharge, publish_rule, report_month
from tests.factories.scene import Scene, scene
from tests.factories.server import serving
from tests.incentives.rules.sample import THRESHOLDS
from tests.portal.browser.conftest import Watched
from tests.portal.browser.test_desk import LANGUAGES, enter, narrow
from tests.portal.doors.test_asking import FORM, NEVER

pytestmark = pytest.mark.browser
ON = "on=2025-12-31"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("asking") / "home", None) as made:
        made.cast()
        define_discharge(made)
        publish_rule(made)
        report_month(made)
        publish_rule(made, text=THRESHOLDS, golden=NEVER.format(rule="sample-thresholds"))
        yield made


@pytest.fixture(scope="module")
def url(stage: Scene) -> Iterator[str]:
    with serving(create_app(stage.ledger, stage.clock)) as (address, _, _):
        yield address


@pytest.fixture
def pem(stage: Scene, tmp_path: Path) -> Path:
    save_private(stage.key("owner/a"), tmp_path / "owner.pem")
    return tmp_path / "owner.pem"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_enterprise_asks_declares_and_sends_a_list(
    browser: Watched, pem: Path, shots: Path, tmp_path: Path, language: str
) -> None:
    page = enter(browser, pem, language, "owner")
    browser.open(f"/desk/incentives?{ON}&lang={language}")
    expect(page.locator(".verdict.yes").first).to_be_visible()
    page.screenshot(path=shots / f"incentives-own-{language}.png", full_page=True)
    assert narrow(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 900})

    browser.open(f"/desk/incentives/ask?party=owner&{ON}&lang={language}")
    for name, value in {**FORM, "sample-thresholds.share": "7"}.items():
        field = page.locator(f"[name='{name}']")
        if name.endswith("clean"):
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("form[method=post] button").click()
    wrong = page.locator("[name='sample-thresholds.share']")
    expect(wrong).to_have_value("7")  # what was typed stays, and says beside it what is wrong
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[id='fault-sample-thresholds.share']")).to_be_visible()
    expect(page.locator("[name='sample-thresholds.staff']")).to_have_value("2")
    page.screenshot(path=shots / f"incentives-wrong-{language}.png", full_page=True)
    complaints = [said for said in browser.complaints if "400" not in said]
    browser.complaints[:] = complaints  # the browser tells of the status, which is meant
    wrong.fill(FORM["sample-thresholds.share"])
    page.locator("form[method=post] button").click()
    expect(page.locator("#sample-thresholds .verdict.no").first).to_be_visible()
    expect(page.locator("#sample-thresholds .way").first).to_contain_text("2 → 6")
    page.screenshot(path=shots / f"incentives-ask-{language}.png", full_page=True)
    assert narrow(page) <= 0
    page.emulate_media(media="print")
    expect(page.locator("form").first).to_be_hidden()
    expect(page.locator(".heading").first).to_be_visible()
    page.emulate_media(media="screen")

    page.set_viewport_size({"width": 1280, "height": 900})
    (tmp_path / "list.csv").write_text("party\nowner\nbuyer\n", "utf-8")
    browser.open(f"/desk/incentives/bulk?lang={language}")
    page.locator("[name=list]").set_input_files(tmp_path / "list.csv")
    page.locator("[name=on]").fill("2025-12-31")
    page.locator("form.act button").click()
    page.wait_for_url("**/bulk/*")
    expect(page.locator("progress")).to_have_attribute("value", "2")
    expect(page.locator(".verdict.not-answered").first).to_be_visible()
    page.screenshot(path=shots / f"incentives-list-{language}.png", full_page=True)
    assert narrow(page) <= 0
    with page.expect_download() as taken:
        page.get_by_text("CSV", exact=True).click()
    assert "ept-art13" in Path(taken.value.path()).read_text("utf-8-sig")
    assert browser.complaints == []
    assert browser.elsewhere == []
