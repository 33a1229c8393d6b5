"""A slider is moved, and the figures and charts follow without a reload."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.app import create_app
from portal.policy.studying import Studies
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


def typed(page: Page) -> Locator:
    return page.locator(".knob:has([data-knob=first_cut]) [data-typed]")


@pytest.mark.parametrize(("language", "ready"), [("zh", "已更新"), ("en", "Up to date")])
def test_a_slider_moves_figures_charts_and_cliffs(
    browser: Watched, language: str, ready: str
) -> None:
    page = browser.open(f"/incentives/simulate?rule={RULE}&lang={language}")
    winners = page.locator("[data-total=winners] [data-after]")
    expect(winners).to_have_text("0")
    move(page, 20)
    expect(typed(page)).to_have_value("0.20")
    expect(winners).not_to_have_text("0")
    expect(page.locator("[data-status]")).to_have_text(ready)
    expect(page.locator("[data-group=city] [data-chart=who] rect.won")).to_have_count(11)
    expect(page.locator("[data-thresholds]")).not_to_contain_text("…")
    page.locator("[data-reset]").click()
    expect(winners).to_have_text("0")
    assert [said for said in browser.complaints if "404" not in said] == []  # no favicon


@pytest.mark.parametrize(
    ("language", "refused", "ready"),
    [
        ("zh", "first_cut：0至1（占排放标准）", "已更新"),
        ("en", "first_cut: from 0 to 1 (of the standard)", "Up to date"),
    ],
)
def test_a_figure_that_is_typed_outside_its_range_is_refused_and_stays(
    browser: Watched, language: str, refused: str, ready: str
) -> None:
    page = browser.open(f"/incentives/simulate?rule={RULE}&lang={language}")
    winners = page.locator("[data-total=winners] [data-after]")
    typed(page).fill("1.5")
    expect(page.locator("[data-status]")).to_contain_text(refused)
    expect(typed(page)).to_have_value("1.5")
    expect(typed(page)).to_have_attribute("aria-invalid", "true")
    typed(page).fill("0.2")
    expect(page.locator("[data-status]")).to_have_text(ready)
    expect(typed(page)).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-knob=first_cut]")).to_have_value("20")
    expect(winners).not_to_have_text("0")
    assert {said for said in browser.complaints if "404" not in said and "400" not in said} == set()
