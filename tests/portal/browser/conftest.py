"""The system's chromium before a served ledger; nothing may be asked of another host."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, sync_playwright

from portal.app import create_app
from portal.home.opening import Counter
from portal.processes.answering import THREADS
from tests.factories.ledger import Voices, issue_credits, ledger
from tests.factories.market import Floor
from tests.factories.orders import Pit
from tests.factories.scene import Scene, scene
from tests.factories.server import serving

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# How many times slower the page's own work is made, to find tests that only pass on a quick page.
SLOWER = float(os.environ.get("QINGZHANG_TEST_SLOW_PAGE", "1"))


@dataclass
class Watched:
    """A page, what it asked for elsewhere, and what its console complained of."""

    page: Page
    url: str
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}", wait_until="load")
        return self.page


@contextmanager
def shown(stage: Scene) -> Iterator[str]:
    """The address of a stage's ledger, served with as many threads as ``serve`` has."""
    with serving(create_app(stage.ledger, stage.clock), THREADS) as (address, _, _):
        yield address


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    """A venue in session by listings."""
    with scene(tmp_path / "home", None) as stage:
        made = Floor(stage)
        made.prepare()
        yield made


@pytest.fixture
def pit(tmp_path: Path) -> Iterator[Pit]:
    """A venue in session with a continuous book."""
    with scene(tmp_path / "home", None) as stage:
        made = Pit(stage)
        made.set_up()
        yield made


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voices]:
    with ledger(tmp_path_factory.mktemp("browser")) as made:
        batch = issue_credits(made)
        body = {"batch": batch, "quantity": 30, "purpose": "public-good", "beneficiary": "受益人甲"}
        assert made.say("maker", "credit.retire", body).status == "accepted"
        yield made


@pytest.fixture(scope="module")
def url(voices: Voices) -> Iterator[str]:
    inner = voices.ledger
    settings = replace(inner.settings, public_url="https://register.example")
    app = create_app(Counter(settings, inner.engine, inner.record, inner.entrance))
    with serving(app) as (address, _, _):
        yield address


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    if not CHROMIUM.exists():
        pytest.fail("these tests drive the system's chromium, which is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"), executable_path=CHROMIUM, args=FLAGS
        )
        yield opened
        opened.close()


@pytest.fixture
def browser(context: BrowserContext, url: str) -> Iterator[Watched]:
    page = context.new_page()
    if SLOWER > 1:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    watched = Watched(page, url)

    def guard(route: Route) -> None:
        if route.request.url.startswith((f"{url}/", "data:", "blob:")):
            route.continue_()
        else:
            watched.elsewhere.append(route.request.url)
            route.abort()

    page.route("**/*", guard)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: watched.complaints.append(said.text) if said.type == "error" else None,
    )
    yield watched
    page.close()
    assert watched.elsewhere == []


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures of the pages go."""
    return tmp_path
