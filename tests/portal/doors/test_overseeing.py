"""Supervision through the doors: the supervisor's page and findings, each party's own."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.shell.texts import catalogue
from tests.factories.market import REGULATOR, TODAY, VENUE, Floor
from tests.factories.oversight import WHY, bar, duties, finding, limit, state
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import scene

FINDINGS = "/v1/supervision/findings"


@dataclass
class World:
    floor: Floor
    client: FlaskClient
    readers: dict[str, Headers]

    def get(self, path: str, reader: str) -> Any:
        return self.client.get(path, headers=self.readers[reader])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A wash trade that is on the record, a bar, a halt, a warning and a large position."""
    with scene(tmp_path_factory.mktemp("overseeing") / "home", None) as stage:
        floor = Floor(stage)
        floor.prepare()
        floor.rule("FS.10.holding-sessions", "0", "2025-12-31")
        limit(floor, "surveillance.wash.quantity", "100")
        limit(floor, "supervision.large-working-days", "3")
        limit(floor, "supervision.large-quantity", "50")
        floor.take(floor.place(7_000, 200), 200)
        floor.pay_in("owner", 1_000_000)
        floor.take(floor.place(7_000, 100, "buyer"), 100, "owner")
        floor.take(floor.place(7_000, 100), 100)
        floor.close()
        stage.ledger.writer.tick().result(30)
        bar(floor, "third")
        state(floor, "exchange", "venue.halt", {"venue": VENUE, **WHY})
        warning = {"party": "third", "text": "<注意> & 慎重", "document": "监〔2026〕5"}
        state(floor, "regulator", "risk.warn", warning)
        client = create_app(stage.ledger, stage.clock).test_client()
        readers: dict[str, Headers] = {"nobody": {}}
        for party in ("owner", "buyer", "third"):
            readers[party] = sign_in(client, party, stage.key(f"{party}/a"))
        readers["exchange"] = sign_in(client, "exchange", stage.keys["exchange-1"])
        readers["supervisor"] = sign_in(client, "regulator", stage.keys[REGULATOR[0]])
        yield World(floor, client, readers)


@pytest.mark.parametrize("path", [FINDINGS, "/supervision", "/v1/supervision/recorded_findings"])
def test_the_supervisor_alone_is_told_what_looks_odd(world: World, path: str) -> None:
    assert world.get(path, "nobody").status_code == 401
    for party in ("owner", "buyer", "third", "exchange"):
        assert world.get(path, party).status_code == 403, party
    assert world.get(path, "supervisor").status_code == 200


def test_findings_name_their_evidence_figures_and_thresholds(world: World) -> None:
    answer = world.get(FINDINGS, "supervisor")
    (item,) = [one for one in answer.json["items"] if one["detector"] == "wash"]
    assert (item["parties"], item["instrument"]) == (["buyer", "owner"], "FS")
    assert {"name": "one_control", "value": 0} in item["figures"]
    quantity = answer.json["thresholds"]["wash"]["quantity"]
    assert (quantity["value"], quantity["verified"]) == ("100", False)
    same = world.get(f"{FINDINGS}?known_at={answer.json['size']}", "supervisor")
    assert same.json["items"] == answer.json["items"]
    assert world.get(f"{FINDINGS}?from=2020-01-01&to=2020-01-31", "supervisor").json["items"] == []


@pytest.mark.parametrize(
    "query",
    [
        "from=soon",
        "to=2026-13-01",
        "from=2026-01-02&to=2026-01-01",
        "known_at=x",
        "known_at=9999999",
        "days=3",
    ],
)
def test_a_question_that_is_none_is_refused(world: World, query: str) -> None:
    answer = world.get(f"{FINDINGS}?{query}", "supervisor")
    assert answer.status_code == 400, answer.text
    assert answer.json["code"] in ("parameter-invalid", "parameter-unknown")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_tells_everything_in_both_languages(world: World, language: str) -> None:
    text = world.get(f"/supervision?lang={language}", "supervisor").text
    words = catalogue(language)
    for key in (
        "watch.title",
        "watch.detector_of.wash",
        "watch.halt_state.halted",
        "watch.bar_state.standing",
        "watch.report_state.open",
        "watch.not_recorded",
    ):
        assert words[key] in text, key
    assert "&lt;注意&gt; &amp; 慎重" in text
    assert "/entries/" in text and "监〔2026〕5" in text


def test_each_party_reads_what_concerns_it_and_no_more(world: World) -> None:
    def items(name: str, reader: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = world.get(f"/v1/{name}", reader).json["items"]
        return found

    assert [row["state"] for row in items("bars", "third")] == ["standing"]
    assert [row["text"] for row in items("warnings", "third")] == ["<注意> & 慎重"]
    assert items("bars", "owner") == items("warnings", "buyer") == []
    assert [row["party"] for row in items("position_duties", "buyer")] == ["buyer"]
    assert len(items("position_duties", "exchange")) == 1
    assert items("position_duties", "third") == []


def test_a_large_position_stands_on_the_deadline_board_until_it_is_reported(world: World) -> None:
    def waits() -> list[str]:
        answer = world.get("/v1/deadlines", "buyer")
        return [row["name"] for row in answer.json["items"] if row["kind"] == "position-report"]

    (duty,) = duties(world.floor)
    assert waits() == [duty["duty"]]
    known = world.get("/v1/deadlines", "buyer").json["items"][0]["about"]
    assert (known["class"], known["vintage"], known["quantity"]) == ("ZJ_FS", 2024, duty["held"])
    body = {"duty": duty["duty"], "purpose": "自用", "funding": "自有"}
    world.floor.stage.do("buyer", "position.report", body, "a")
    assert waits() == []


def test_everybody_sees_that_a_venue_is_halted(world: World) -> None:
    row = world.get(f"/v1/halts/{VENUE}", "nobody").json
    assert (row["state"], row["document"]) == ("halted", WHY["document"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_finding_has_a_page_with_what_its_entries_did_and_may_be_put_on_the_record(
    world: World, language: str
) -> None:
    answer = world.get(FINDINGS, "supervisor").json
    item = answer["items"][0]
    path = f"/supervision/findings/{item['digest']}"
    listed = world.get(f"/supervision?lang={language}", "supervisor").text
    assert path in listed
    text = world.get(f"{path}?lang={language}&known_at={answer['size']}", "supervisor").text
    words = catalogue(language)
    assert words["watch.not_recorded"] in text and words["watch.kind_of.deal"] in text
    told = re.findall(r'data-evidence="(\d+)"', text)
    assert {*map(int, told)} == {*item["entries"]}
    held = re.search(r'data-state="finding.open" data-beside data-body="([^"]*)"', text)
    assert held is not None
    body = json.loads(html.unescape(held[1]))
    names = ("detector", "instrument", "parties", "entries", "figures")
    assert body == {name: item[name] for name in names}
    assert 'data-state="finding.explain"' not in text
    assert not re.search(r"\b(stopping|watch|acting|field)\.[a-z_.]+\b", text)
    assert not re.search(r"<script(?![^>]*src)|\son\w+=|style=", text)
    for reader, status in (("nobody", 401), ("owner", 403), ("exchange", 403)):
        assert world.get(path, reader).status_code == status
    # In the days before it happened nothing was found.
    early = f"{path}?from=2020-01-01&to=2020-01-31"
    assert world.get(early, "supervisor").status_code == 404


def test_a_finding_on_the_record_is_told_with_its_state_and_by_a_referral(world: World) -> None:
    item = world.get(FINDINGS, "supervisor").json["items"][0]
    body = finding(item["entries"], detector=item["detector"])
    name = state(world.floor, "regulator", "finding.open", body)
    again = world.get(FINDINGS, "supervisor").json["items"][0]
    assert (again["finding"], again["state"]) == (name, "open")
    assert world.get("/v1/referrals", "buyer").json["items"] == []
    assert world.get("/v1/recorded_findings", "buyer").json["items"] == []

    def acts() -> list[str]:
        text = world.get(f"/supervision/findings/{item['digest']}", "supervisor").text
        return re.findall(r'data-state="finding\.(\w+)"', text)

    assert acts() == ["explain", "refer"]
    explained = {"finding": name, "ground": "g", "document": "d"}
    state(world.floor, "regulator", "finding.explain", explained)
    assert acts() == ["refer"]
    referred = {"finding": name, "authority": "机关", "ground": "g", "document": "d"}
    state(world.floor, "regulator", "finding.refer", referred)
    (told,) = world.get("/v1/referrals", "buyer").json["items"]
    assert (told["authority"], told["party"]) == ("机关", "buyer")
    assert acts() == []
    page = world.get(f"/supervision/findings/{item['digest']}", "supervisor").text
    assert "机关" in page
    assert world.get("/v1/recorded_findings", "buyer").json["items"] == []


def test_a_rehearsal_names_the_bar(world: World) -> None:
    order = {"instrument": "FS", "price_fen": 7_000, "quantity": 1}
    answer = world.client.post(
        "/v1/rehearsals/listing.place", json=order, headers=world.readers["third"]
    )
    assert "party-barred" in answer.text and "venue-halted" in answer.text


def test_days_of_the_page_are_asked_for(world: World) -> None:
    text = world.get(f"/supervision?from=2020-01-01&to={TODAY}", "supervisor").text
    assert 'value="2020-01-01"' in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_exchange_sees_what_it_has_stated_and_others_no_form(
    world: World, language: str
) -> None:
    """The bar is the regulator's, the halt the exchange's."""
    text = world.get(f"/desk/stops?lang={language}", "exchange").text
    assert WHY["document"] in text
    assert 'data-state="venue.resume"' in text
    assert 'data-state="venue.halt"' not in text
    assert 'href="/parties/third' not in text
    assert not re.search(r"\b(stopping|watch|acting|field)\.[a-z_.]+\b", text)
    assert not re.search(r"<script(?![^>]*src)|\son\w+=|style=", text)
    own = world.get(f"/desk/stops?lang={language}", "owner").text
    assert "data-state=" not in own
    assert WHY["document"] not in own


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "临时停市"), ("en", "Trading halted by order")]
)
@pytest.mark.parametrize("path", ["/market", "/market/FS"])
def test_a_halt_is_shown_as_a_halt_and_not_as_a_close(
    world: World, path: str, language: str, words: str
) -> None:
    """A halt is no ordinary close: whoever looks is told."""
    assert words in world.get(f"{path}?lang={language}", "nobody").text
    told = world.get("/v1/market/tickers/FS", "nobody").json
    assert (told["halted"], told["open"]) == (True, False)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_is_warned_reads_it_on_its_desk_and_nobody_else_does(
    world: World, language: str
) -> None:
    words = "&lt;注意&gt; &amp; 慎重"
    assert words in world.get(f"/desk?lang={language}", "third").text
    for other in ("owner", "supervisor"):  # who warned has a page of its own for it
        assert words not in world.get(f"/desk?lang={language}", other).text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("已于2026-01-01日终到期", "已解除")),
        ("en", ("Over since the end of 2026-01-01", "Lifted")),
    ],
)
def test_bars_that_have_lapsed_or_were_lifted_are_listed_with_their_state(
    tmp_path: Path, language: str, words: tuple[str, ...]
) -> None:
    with scene(tmp_path / "home", None) as stage:
        floor = Floor(stage)
        floor.prepare()
        bar(floor, "buyer", "exchange", until=TODAY)
        lifted = bar(floor, "owner")
        state(floor, "regulator", "trading.unbar", {"bar": lifted, **WHY})
        bar(floor, "third")
        floor.next_day()
        stage.ledger.writer.tick().result(30)
        client = create_app(stage.ledger, stage.clock).test_client()
        supervisor = sign_in(client, "regulator", stage.keys[REGULATOR[0]])
        text = client.get(f"/supervision?lang={language}", headers=supervisor).text
        rows = re.findall(r"<tr><th scope=.row.><a href=./parties/(\w+)[^>]*>[^<]*</a></th>"
                          r'<td class="state( shut)?">([^<]*)<', text)  # fmt: skip
        exchange = sign_in(client, "exchange", stage.keys["exchange-1"])
        own = client.get(f"/desk/stops?lang={language}", headers=exchange).text
    standing = catalogue(language)["watch.bar_state.standing"]
    # What stands comes first; then the newest of those that are over.
    assert rows == [("third", "", standing), ("owner", " shut", words[1]),
                    ("buyer", " shut", words[0])]  # fmt: skip
    assert words[0] in own and words[1] not in own
    assert 'data-state="trading.unbar"' not in own
