"""The exchange's public doors: what they show, what they refuse, and that they never say who."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, insert, select

from market import queries
from market.sessions.models import day_table
from market.settlement.models import deal_table, trade_table
from portal.app import create_app
from tests.factories.market import REGULATOR, Floor
from tests.factories.scene import Scene, scene

RANDOM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9+/=_-]{16,}")
"""Ids, digests, keys and signatures; the names of the parties are shorter."""


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """A session with two prices on offer and two trades."""
    with scene(tmp_path_factory.mktemp("doors") / "home", None) as stage:
        made = Floor(stage)
        made.prepare()
        first = made.place(7_000, 100)
        made.place(7_000, 30)
        made.place(7_010, 5)
        made.take(first, 40)
        made.take(first, 10, "third")
        yield made


@pytest.fixture
def client(floor: Floor) -> FlaskClient:
    return create_app(floor.stage.ledger).test_client()


def test_quotes_sum_each_price_and_name_the_listings(client: FlaskClient) -> None:
    book = client.get("/v1/market/quotes?instrument=FS").json
    shown = [(level["price_fen"], level["quantity"], level["count"]) for level in book["levels"]]
    assert shown == [(7_000, 80, 2), (7_010, 5, 1)]
    assert [item["quantity"] for item in book["levels"][0]["listings"]] == [50, 30]
    assert book["limits"] == {"low_fen": 6_368, "high_fen": 7_782}
    assert book["sequence"] == 5  # three placed, two taken from


def test_an_instrument_shows_its_limits_and_its_day(client: FlaskClient) -> None:
    row = client.get("/v1/market/instruments/FS").json
    assert (row["open"], row["reference_fen"], row["day"]["volume"]) == (True, 7_075, 50)
    listed = client.get("/v1/market/instruments").json["items"]
    assert [item["instrument"] for item in listed] == ["FS"]


def test_trades_are_paged_in_their_own_sequence(client: FlaskClient) -> None:
    first = client.get("/v1/market/trades?limit=1&instrument=FS").json
    assert [row["sequence"] for row in first["items"]] == [1]
    rest = client.get(first["next"]).json
    assert [row["sequence"] for row in rest["items"]] == [2]
    assert rest["next"] is None
    assert client.get("/v1/market/days").json["items"][0]["trades"] == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/market/quotes", 400),
        ("/v1/market/quotes?instrument=NONE", 404),
        ("/v1/market/quotes?instrument=%00", 404),
        ("/v1/market/quotes?instrument=" + "X" * 400, 404),
        ("/v1/market/trades?instrument=NONE", 404),
        ("/v1/market/trades?cursor=x", 400),
        ("/v1/market/instruments/NONE", 404),
        ("/market/NONE", 404),
    ],
)
def test_what_is_not_there_is_a_typed_refusal(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize(("language", "title"), [("zh", "交易市场"), ("en", "Market")])
def test_the_pages_answer_in_both_languages_and_hide_who(
    client: FlaskClient, language: str, title: str
) -> None:
    for path in ("/market", "/market/FS"):
        answer = client.get(path, query_string={"lang": language})
        assert answer.status_code == 200
        assert title in answer.text
        assert "70.00" in answer.text
        assert not re.search(r"owner|third|\bbuyer\b(?!-rate)", answer.text)


def test_unverified_rules_are_labelled(client: FlaskClient) -> None:
    text = client.get("/market?lang=en").text
    row = text[text.index("market.zhejiang.10.band-percent") :]
    assert "Low · unverified" in row[: row.index("</tr>")]


def test_an_empty_exchange_says_so(home: Path) -> None:
    with scene(home, None) as stage:
        client = create_app(stage.ledger).test_client()
        for language, words in (("zh", "尚无交易品种"), ("en", "No instrument is listed")):
            answer = client.get("/market", query_string={"lang": language})
            assert answer.status_code == 200
            assert words in answer.text
        assert client.get("/v1/market/trades").json == {"items": [], "next": None}


def world(home: Path, seller: str, buyer: str) -> str:
    """Everything public about a day on which ``seller`` sold to ``buyer``, without its digests.

    Both hold half of one batch and the same cash, so nothing but their acts tells them apart.
    """
    with scene(home, None) as stage:
        floor = Floor(stage)
        batch = stage.issue(900)
        body = {"batch": batch, "quantity": 450, "receiver": "buyer"}
        transfer = stage.do("owner", "credit.transfer", body, "a", "b")
        stage.do("buyer", "credit.accept", {"transfer": transfer}, "a")
        for party in ("owner", "buyer"):
            floor.to_trading(party, batch, 450)
            floor.pay_in(party, 10_000_000)
        floor.list()
        floor.open()
        listing = floor.place(7_000, 100, seller)
        floor.place(7_010, 10, seller)
        floor.take(listing, 60, buyer)
        open_day = crawl(stage, batch)
        floor.withdraw(listing, seller)
        floor.close()
        suspended = {"party": "owner", "document": "d"}
        stage.do("regulator", "party.suspend", suspended, *REGULATOR)
        return open_day + crawl(stage, batch)


def crawl(stage: Scene, batch: str) -> str:
    """Every public answer, with what is random in each world taken out."""
    client = create_app(stage.ledger).test_client()
    with stage.ledger.record.reading() as connection:
        size = stage.ledger.record.head(connection).size
    app = client.application
    plain = [r.rule for r in app.url_map.iter_rules() if not r.arguments and "GET" in r.methods]
    paths = [path for path in sorted(plain) if path not in ("/metrics", "/find")]
    paths += ["/v1/market/quotes?instrument=FS", "/v1/market/instruments/FS", "/market/FS"]
    paths += ["/v1/market/tickers/FS", "/v1/market/candles?instrument=FS", "/market/FS/chart"]
    paths += ["/v1/market/trades.csv", "/v1/market/days.ndjson", "/v1/market/vwap?instrument=FS"]
    paths += [f"/batches/{batch}", f"/v1/batches/{batch}", f"/serials/{batch}-1"]
    paths += [f"/v1/serials/{batch}-1", "/v1/parties/owner", "/v1/parties/buyer"]
    for index in range(size):
        paths += [f"/v1/entries/{index}", f"/entries/{index}", f"/entries/{index}/leaf"]
    answers = [f"{path}\n{client.get(path).text}" for path in paths]
    return RANDOM.sub("#", "\n".join(answers))


def test_from_public_answers_alone_nobody_can_tell_who_sold_and_who_bought(
    tmp_path: Path,
) -> None:
    one = world(tmp_path / "one", "owner", "buyer")
    other = world(tmp_path / "other", "buyer", "owner")
    assert one == other
    assert "7000" in one


def test_the_search_for_who_traded_finds_a_planted_leak(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = queries.instrument

    def leaking(connection: Connection, code: str, at: int) -> dict[str, Any] | None:
        row = honest(connection, code, at)
        buyer = connection.execute(select(deal_table.c.buyer)).scalar()
        return row and {**row, "last_buyer": buyer}

    monkeypatch.setattr(queries, "instrument", leaking)
    one = world(tmp_path / "one", "owner", "buyer")
    assert one != world(tmp_path / "other", "buyer", "owner")


def test_the_page_of_an_instrument_is_whole_without_scripts(client: FlaskClient) -> None:
    answer = client.get("/market/FS?lang=en&interval=1m")
    assert "script-src 'self'; connect-src 'self'" in answer.headers["Content-Security-Policy"]
    text = answer.text
    assert 'class="candles broad"' in text and 'class="candles slim"' in text
    assert "63.68 – 77.82" in text  # ten percent around 70.75
    assert "−0.75 (−1.06%)" in text
    assert "2026-01-01 10:00:00" in text  # ten o'clock in Shanghai
    assert text.count('<span class="listing">') == 3
    assert "<script>" not in text and "style=" not in text


def test_a_chart_is_had_by_itself_in_each_interval(client: FlaskClient) -> None:
    for interval in ("1m", "5m", "1h", "1d"):
        answer = client.get(f"/market/FS/chart?interval={interval}&lang=zh")
        assert answer.text.count("<svg") == 2
        assert "成交量 50" in answer.text
    for path in ("/market/FS/chart", "/market/FS"):
        assert client.get(f"{path}?interval=2m").status_code == 400
    assert client.get("/market/NONE/chart").status_code == 404


def test_rules_of_an_instrument_go_before_those_of_its_venue(home: Path) -> None:
    with scene(home, None) as stage:
        floor = Floor(stage)
        floor.list()
        floor.rule("FS.10.lot", "5")
        floor.rule("OTHER.10.lot", "7")
        client = create_app(stage.ledger).test_client()
        text = client.get("/market/FS?lang=en").text
        everything = client.get("/market?lang=en").text
    assert "market.FS.10.lot" in text and "market.zhejiang.10.tick-fen" in text
    assert "market.zhejiang.10.lot" not in text and "market.OTHER.10.lot" not in text
    assert "market.zhejiang.10.lot" in everything
    assert "Nothing has been traded, so there is no candle" in text


def test_blocks_are_history_and_no_quote(home: Path) -> None:
    with scene(home, None) as stage:
        made = Floor(stage)
        made.prepare()
        made.take(made.place(7_000, 10), 10)
        client = create_app(stage.ledger).test_client()
        before = client.get("/v1/market/tickers/FS").json
        index = client.get("/v1/market/composites").json
        day = stage.rows(day_table)[0]
        trade = stage.rows(trade_table)[0]
        block = {"method": "20", "price_fen": 9_000, "quantity": 100_000}
        with stage.ledger.record.database.begin() as connection:
            connection.execute(insert(trade_table), {**trade, "sequence": 2, **block})
            told = {"high_fen": 9_000, "volume": 100_000, "turnover_fen": 900_000_000}
            connection.execute(insert(day_table), {**day, "method": "20", **told})
        assert client.get("/v1/market/tickers/FS").json == {**before, "sequence": 2}
        assert client.get("/v1/market/composites").json == index
        assert client.get("/v1/market/instruments/FS").json["day"]["method"] == "10"
        assert [t["method"] for t in client.get("/v1/market/trades").json["items"]] == ["10", "20"]
        assert len(client.get("/v1/market/days.ndjson").text.splitlines()) == 2
