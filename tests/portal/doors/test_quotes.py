"""Market data by REST: tickers, candles, averages, composites and files, worked by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from portal.app import create_app
from portal.shell.answers import IMMUTABLE
from tests.factories.market import TODAY, TOMORROW, Floor
from tests.factories.scene import scene

MINUTE_MS = 60_000
ENDLESS = ("candles?instrument=FS", "vwap?instrument=FS", "days.csv?lang=en")


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """A closed day at 70.00 × 40, 70.50 × 10; then one open at 71.00 × 5 with 71.10 on offer."""
    with scene(tmp_path_factory.mktemp("quotes") / "home", None) as stage:
        made = Floor(stage)
        made.prepare()
        made.take(made.place(7_000, 40), 40)
        stage.clock.time += 6 * MINUTE_MS
        made.take(made.place(7_050, 30), 10, "third")
        made.close()
        made.next_day()
        made.open(TOMORROW)
        made.take(made.place(7_100, 5), 5)
        made.place(7_110, 20)
        made.list("FSB", batch="ZJ_FS-R1-2024", reference_fen=8_000)
        yield made


@pytest.fixture
def client(floor: Floor) -> FlaskClient:
    return create_app(floor.stage.ledger).test_client()


def test_a_ticker_is_the_newest_session_against_its_reference(client: FlaskClient) -> None:
    told = client.get("/v1/market/tickers/FS").json
    # The first day's close: (7,000 × 40 + 7,050 × 10) / 50 = 7,010.
    assert (told["reference_fen"], told["last_fen"], told["change_fen"]) == (7_010, 7_100, 90)
    assert told["change_bp"] == 128  # 90 / 7,010 = 1.2839 %
    assert (told["open_fen"], told["high_fen"], told["low_fen"]) == (7_100, 7_100, 7_100)
    assert (told["volume"], told["turnover_fen"], told["vwap_fen"]) == (5, 35_500, 7_100)
    assert told["limits"] == {"low_fen": 6_309, "high_fen": 7_711}
    assert told["best_ask"] == {"price_fen": 7_110, "quantity": 20}
    assert (told["best_bid"], told["date"], told["sequence"]) == (None, TOMORROW, 3)


def test_an_instrument_that_was_not_traded_has_no_price_and_no_change(client: FlaskClient) -> None:
    told = client.get("/v1/market/tickers/FSB").json
    prices = ("open_fen", "high_fen", "low_fen", "last_fen", "change_fen", "change_bp", "vwap_fen")
    assert {told[name] for name in prices} == {None}
    assert (told["reference_fen"], told["volume"]) == (8_000, 0)


def test_tickers_are_paged_by_instrument(client: FlaskClient) -> None:
    first = client.get("/v1/market/tickers?limit=1").json
    assert [row["instrument"] for row in first["items"]] == ["FS"]
    assert [row["instrument"] for row in client.get(first["next"]).json["items"]] == ["FSB"]


def test_candles_page_backwards_and_older_pages_may_be_kept(client: FlaskClient) -> None:
    path = "/v1/market/candles?instrument=FS&interval=5m&limit=1"
    newest = client.get(path)
    assert [c["open_fen"] for c in newest.json["items"]] == [7_100]
    assert newest.headers["Cache-Control"] == "no-cache"
    assert newest.headers["Link"] == f'<{newest.json["next"]}>; rel="next"'
    older = client.get(newest.json["next"])
    assert [c["open_fen"] for c in older.json["items"]] == [7_050]
    assert older.headers["Cache-Control"] == IMMUTABLE
    oldest = client.get(older.json["next"]).json
    assert [(c["open_fen"], c["volume"]) for c in oldest["items"]] == [(7_000, 40)]
    assert oldest["next"] is None


def test_a_validator_saves_the_second_answer(client: FlaskClient) -> None:
    first = client.get("/v1/market/candles?instrument=FS")
    again = client.get(
        "/v1/market/candles?instrument=FS", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_an_average_is_turnover_over_volume(client: FlaskClient) -> None:
    both = client.get(f"/v1/market/vwap?instrument=FS&from={TODAY}").json
    # (280,000 + 70,500 + 35,500) / 55 = 7,018.18
    assert (both["turnover_fen"], both["volume"], both["vwap_fen"]) == (386_000, 55, 7_018)
    assert client.get("/v1/market/vwap?instrument=FS").json["vwap_fen"] == 7_100
    past = client.get(f"/v1/market/vwap?instrument=FS&from={TODAY}&to={TODAY}")
    assert (past.json["vwap_fen"], past.json["rounding"]) == (7_010, "half-up")
    assert past.headers["Cache-Control"] == IMMUTABLE
    none = client.get("/v1/market/vwap?instrument=FS&to=2025-12-31").json
    assert (none["volume"], none["vwap_fen"]) == (0, None)


@pytest.mark.parametrize("days", ["from=0001-01-01", "to=9999-12-31", "from=9999-12-31"])
@pytest.mark.parametrize(
    "path", ["candles?instrument=FS", "vwap?instrument=FS", "days.csv?lang=en"]
)
def test_the_ends_of_the_calendar_are_days_like_others(
    client: FlaskClient, path: str, days: str
) -> None:
    asked = f"{days}&to=9999-12-31" if days.startswith("from=9") else days
    answer = client.get(f"/v1/market/{path}&{asked}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"  # a day that is to come is not settled


def test_a_composite_says_what_it_is_and_has_its_days(client: FlaskClient) -> None:
    (row,) = client.get("/v1/market/composites").json["items"]
    assert (row["venue"], row["class"], row["definition"]) == (
        "zhejiang",
        "ZJ_FS",
        "turnover-over-volume",
    )
    assert (row["instruments"], row["date"], row["vwap_fen"]) == (["FS", "FSB"], TOMORROW, 7_100)
    told = client.get("/v1/market/composites/zhejiang/ZJ_FS").json
    assert [(day["date"], day["vwap_fen"]) for day in told["days"]] == [
        (TODAY, 7_010),
        (TOMORROW, 7_100),
    ]
    candles = client.get("/v1/market/composites/zhejiang/ZJ_FS/candles").json
    assert [c["volume"] for c in candles["items"]] == [50, 5]


def test_full_pages_of_the_tape_may_be_kept_and_its_end_may_not(client: FlaskClient) -> None:
    first = client.get("/v1/market/trades?limit=1")
    assert first.headers["Cache-Control"] == "no-cache"  # another venue may come to stand before
    second = client.get(first.json["next"])
    assert second.headers["Cache-Control"] == IMMUTABLE
    last = client.get(second.json["next"])
    assert [row["sequence"] for row in last.json["items"]] == [3]
    assert last.headers["Cache-Control"] == "no-cache"


def test_files_hold_the_days_that_were_asked_for(client: FlaskClient) -> None:
    def lines(path: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in client.get(path).text.splitlines()]

    trades = lines("/v1/market/trades.ndjson?instrument=FS")
    assert [(t["price_fen"], t["quantity"]) for t in trades] == [
        (7_000, 40),
        (7_050, 10),
        (7_100, 5),
    ]
    assert [t["sequence"] for t in lines(f"/v1/market/trades.ndjson?to={TODAY}")] == [1, 2]
    assert lines("/v1/market/trades.ndjson?instrument=FSB") == []
    days = lines(f"/v1/market/days.ndjson?from={TODAY}&to={TODAY}")
    assert [(d["instrument"], d["close_fen"]) for d in days] == [("FS", 7_010)]


def test_tables_open_in_a_spreadsheet(client: FlaskClient) -> None:
    answer = client.get(f"/v1/market/trades.csv?to={TODAY}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    head, first, _ = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head[:2] == ["venue", "sequence"]
    told = dict(zip(head, first, strict=True))
    assert (told["price_fen"], told["at"]) == ("7000", "2026-01-01T02:00:00.000Z")
    days = client.get("/v1/market/days.csv").data.decode("utf-8-sig").splitlines()
    assert len(days) == 3 and days[2].split(",")[8] == ""  # a day that is not closed has no close


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("candles", 400, "instrument"),
        ("candles?instrument=FS&interval=2m", 400, "interval"),
        ("candles?instrument=FS&before=0", 400, "before"),
        ("candles?instrument=FS&before=99999999999999999", 400, "before"),
        ("candles?instrument=FS&before=x", 400, "before"),
        ("candles?instrument=FS&from=2026-02-30", 400, "from"),
        (f"vwap?instrument=FS&from={TOMORROW}&to={TODAY}", 400, "to"),
        ("trades.csv?to=tomorrow", 400, "to"),
        ("candles?instrument=NONE", 404, None),
        ("vwap?instrument=%00", 404, None),
        ("tickers/NONE", 404, None),
        ("composites/zhejiang/NONE", 404, None),
        ("composites/%00/ZJ_FS", 404, None),
        ("composites/zhejiang/NONE/candles", 404, None),
        ("trades.ndjson?instrument=" + "X" * 400, 404, None),
        ("fills.csv", 404, None),
    ],
)
def test_what_is_asked_wrongly_is_a_typed_refusal(
    client: FlaskClient, path: str, status: int, field: str | None
) -> None:
    answer = client.get(f"/v1/market/{path}")
    assert (answer.status_code, answer.json["params"].get("field")) == (status, field)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("tickers/FS", "Ticker"),
        ("tickers", "Tickers"),
        ("instruments/FS", "Instrument"),
        ("quotes?instrument=FS", "Quotes"),
        ("candles?instrument=FS", "Candles"),
        ("vwap?instrument=FS", "Average"),
        ("composites", "Composites"),
        ("composites/zhejiang/ZJ_FS", "Composite"),
    ],
)
def test_answers_have_the_shape_that_is_described(
    client: FlaskClient, path: str, name: str
) -> None:
    components = client.get("/openapi.json").json["components"]
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    value = client.get(f"/v1/market/{path}").json
    assert [e.message for e in Draft202012Validator(schema).iter_errors(value)] == []
