"""A slider is moved, and the figures and charts follow without a reload."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from portal.app import create_app
from portal.studying import Studies
from tests.factories.policy import RULE, define_discharge, publish_rule
from tests.factories.scene import scene
from tests.factories.server import serving
from tests.portal.browser.conftest import Watched

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with scene(tmp_path_factory.mktemp("simulation") / "home", None) as stage:
        define_discharge(stage)
        publish_rule(stage)
        app = create_app(stage.ledger, stage.clock)
        app.extensions["studies"] = Studies(500)
        with serving(app) as (address, _, _):
            yield address


def move(page: Page, value: int) -> None:
    page.locator("[data-knob=first_cut]").evaluate(
        "(knob, value) => { knob.value = value; knob.dispatchEvent(new Event('input')); }", value
    )


@pytest.mark.parametrize(("language", "ready"), [("zh", "已更新"), ("en", "Up to date")])
def test_a_slider_moves_figures_charts_and_cliffs(
    browser: Watched, language: str, ready: str
) -> None:
    page = browser.open(f"/incentives/simulate?rule={RULE}&lang={language}")
    winners = page.locator("[data-total=winners] [data-after]")
    expect(winners).to_have_text("0")
    move(page, 20)
    expect(page.locator("[for=knob-first_cut] >> nth=1")).to_have_text("0.20")
    expect(winners).not_to_have_text("0")
    expect(page.locator("[data-status]")).to_have_text(ready)
    expect(page.locator("[data-group=city] [data-chart=who] rect.won")).to_have_count(11)
    expect(page.locator("[data-thresholds]")).not_to_contain_text("…")
    page.locator("[data-reset]").click()
    expect(winners).to_have_text("0")
    assert [said for said in browser.complaints if "404" not in said] == []  # no favicon
