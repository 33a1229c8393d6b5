"""The desk's pages: each party's own, in both languages, with what follows from the rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from tests.factories.claims import BATCH, freeze, pledge
from tests.factories.market import BANK, REGULATOR
from tests.factories.readers import Headers, answer, ask, sign_in
from tests.factories.scene import HOUR_MS, OFFICERS, Scene, scene

SHEETS = (
    "",
    "/drafts",
    "/deadlines",
    "/accounts",
    "/claims",
    "/freezes",
    "/pledges",
    "/disposals",
    "/consents",
    "/reads",
)
CONSENT = {"reader": "bank", "purpose": "pledge", "scope": ["accounts"], "until": "2026-02-01"}


class World:
    def __init__(self, stage: Scene) -> None:
        stage.issue(900)
        self.pledge = pledge(stage, 400)
        self.freeze = freeze(stage, 600)
        self.consent = stage.do("owner", "consent.give", CONSENT, "a")
        self.stage = stage
        self.client: FlaskClient = create_app(stage.ledger, stage.clock).test_client()
        self.sign_in()

    def sign_in(self) -> None:
        stage = self.stage
        keys = {party: stage.key(f"{party}/a") for party in ("owner", "buyer", "vvb1")}
        keys |= {"bank": stage.key(BANK[0]), "regulator": stage.key(REGULATOR[0])}
        keys["registrar"] = stage.key(OFFICERS[0])
        self.readers: dict[str, Headers] = {
            party: sign_in(self.client, party, key) for party, key in keys.items()
        }

    def page(self, path: str, party: str, status: int = 200) -> str:
        got = self.client.get(path, headers=self.readers[party])
        assert got.status_code == status, got.text
        return got.text


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with scene(tmp_path_factory.mktemp("desk") / "home", None) as stage:
        yield World(stage)


def cells(text: str, *row_with: str) -> list[str]:
    """The texts of the cells of the one table row that says all of this."""
    found = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    rows = [row for row in found if all(words in row for words in row_with)]
    assert len(rows) == 1, rows
    found = re.findall(r"<t[dh].*?</t[dh]>", rows[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in found]


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize(("language", "html"), [("zh", "zh-CN"), ("en", "en")])
def test_every_sheet_speaks_both_languages_with_a_strict_policy(
    world: World, sheet: str, language: str, html: str
) -> None:
    got = world.client.get(f"/desk{sheet}?lang={language}", headers=world.readers["owner"])
    assert got.status_code == 200, got.text
    assert f'<html lang="{html}">' in got.text
    assert "unsafe" not in got.headers["Content-Security-Policy"]
    assert "desk." not in re.sub(r'(src|class)="[^"]*"', "", got.text)  # no key without words
    assert not re.search(r"<script(?![^>]*src)|\son\w+=|style=", got.text)


@pytest.mark.parametrize("sheet", SHEETS)
def test_nobody_else_is_shown_anything(world: World, sheet: str) -> None:
    path = f"/desk{sheet}"
    got = world.client.get(path)
    assert got.status_code == 401
    assert 'href="/sign-in' in got.text
    text = world.page(path, "buyer")
    for secret in (world.consent, world.freeze, world.pledge, BATCH, "质登1"):
        assert secret not in text


def test_a_freeze_tells_its_rank_what_it_holds_and_what_it_waits_for(world: World) -> None:
    """900 issued, 400 pledged before: a freeze of 600 holds 500 and waits for 100, second."""
    for path in ("/desk", "/desk/freezes"):
        row = cells(world.page(f"{path}?lang=en", "owner"), "（2026）执1号", "Standing")
        assert row[3:7] == ["600", "500 Waiting 100", "2", "2026-12-31"]


def test_a_pledge_is_seen_by_both_sides_with_rank_and_number(world: World) -> None:
    for party in ("owner", "bank"):
        row = cells(world.page("/desk/pledges?lang=en", party), "质登1")
        assert row[0] == "质登1 借字2026-1 · Rank 1"
        assert row[2].endswith("Quantity 400")
        assert row[3].startswith("50,000.00 ")
        assert row[4:6] == ["2026-06-30", "Registered"]


def test_the_bank_is_not_told_what_else_lies_on_the_units(world: World) -> None:
    assert "（2026）执1号" not in world.page("/desk", "bank") + world.page("/desk/claims", "bank")


def test_days_are_counted_and_what_is_late_is_marked(world: World) -> None:
    text = world.page("/desk/deadlines?lang=en&as_of=2026-07-02", "owner")
    assert cells(text, "pledge")[1] == "2 days overdue"
    assert text.count('class="late"') == 1
    text = world.page("/desk/deadlines?lang=en&as_of=2026-06-30", "owner")
    assert cells(text, "pledge")[1] == "Due today"
    assert 'class="late"' not in text


def test_each_line_leads_to_the_entry_that_proves_it(world: World) -> None:
    api = world.client.get("/v1/deadlines", headers=world.readers["owner"]).json["items"]
    text = world.page("/desk/deadlines", "owner")
    assert api
    for item in api:
        assert f'href="/entries/{item["index"]}?' in text


def test_a_read_by_consent_is_shown_to_its_giver(world: World) -> None:
    path = f"/desk/consents/{world.consent}/accounts"
    assert path in world.page("/desk/consents", "bank")
    assert BATCH in world.page(path, "bank")
    for party in ("owner", "buyer", "vvb1"):
        world.page(path, party, 404)
    assert world.consent in world.page("/desk/reads", "owner")
    assert world.consent not in world.page("/desk/reads", "bank")


def test_only_who_may_give_a_consent_is_offered_to(world: World) -> None:
    form = 'data-type="consent.give"'
    assert form in world.page("/desk/consents", "owner")
    assert form not in world.page("/desk/consents", "bank")
    assert f'data-withdraw="{world.consent}"' in world.page("/desk/consents", "owner")
    assert f'data-withdraw="{world.consent}"' not in world.page("/desk/consents", "bank")


def test_the_regulator_sees_everybody_and_nobody_else_does(world: World) -> None:
    assert "（2026）执1号" in world.page("/desk/supervision/freezes?party=owner", "regulator")
    assert "（2026）执1号" not in world.page("/desk/supervision/freezes?party=buyer", "regulator")
    world.page("/desk/supervision/freezes?party=nobody", "regulator", 404)
    for party in ("owner", "bank", "registrar"):
        world.page("/desk/supervision/freezes", party, 403)


def test_a_long_list_goes_on_by_its_cursor(world: World) -> None:
    first = world.page("/desk/claims?limit=1&lang=en", "owner")
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = world.page(following.replace("&amp;", "&"), "owner")
    assert "Pledged" in cells(first, BATCH) + cells(second, BATCH)
    assert "Frozen" in cells(first, BATCH) + cells(second, BATCH)
    assert 'rel="next"' not in second


@pytest.mark.parametrize("query", ["limit=0", "cursor=x", "colour=red", "state=odd"])
def test_what_cannot_be_asked_is_refused(world: World, query: str) -> None:
    world.page(f"/desk/consents?{query}", "owner", 400)


def test_a_cookie_opens_the_desk_and_one_that_is_over_leads_back(home: Path) -> None:
    with scene(home, None) as stage:
        stage.cast()
        client = create_app(stage.ledger, stage.clock).test_client()
        key = stage.key("owner/a")
        got = answer(client, ask(client, "owner", key), key, cookie=True)
        assert got.status_code == 201
        assert client.get("/desk").status_code == 200
        stage.clock.time += 5 * HOUR_MS
        over = client.get("/desk")
        assert (over.status_code, 'href="/sign-in' in over.text) == (401, True)
        assert client.get("/sign-in").status_code == 200


def test_where_two_sign_the_form_asks_for_the_second_key(home: Path) -> None:
    with scene(home, None) as stage:
        stage.cast()
        rule = {
            "code": "four-eyes.consent.give",
            "valid_from": "2026-01-01",
            "value": "0",
            "unit": "count",
            "source": "test",
            "confidence": "high",
        }
        stage.do("regulator", "parameter.set", rule, *REGULATOR)
        client = create_app(stage.ledger, stage.clock).test_client()
        headers = sign_in(client, "owner", stage.key("owner/a"))
        text = client.get("/desk/consents", headers=headers).text
        assert len(re.findall(r"<option value=\"[0-9a-f]{32}\">b ·", text)) == 1
        assert not re.search(r"<option value=\"[0-9a-f]{32}\">a ·", text)
