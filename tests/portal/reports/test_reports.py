"""Statements of account meet, files run nothing, and each side sees what is its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from openpyxl import load_workbook

from ledger.accounts.models import BUCKETS
from ledger.log.receipt import parse_receipt
from portal.app import create_app
from portal.cli import main
from portal.reports import account as accounts
from portal.reports import confirmations, fees
from portal.reports.deals import deals
from portal.sheets import writing
from portal.shell.texts import say
from tests.factories.asking import noted
from tests.factories.market import REGULATOR, Floor
from tests.factories.readers import Headers, sign_in
from tests.factories.scene import OFFICERS, Scene, scene

FORMULA = '=HYPERLINK("http://example.invalid","x")'


@dataclass
class World:
    """A day with two trades; fees are a thousandth; the buyer's name is a formula."""

    stage: Scene
    client: FlaskClient
    readers: dict[str, Headers]
    deals: list[str]

    def get(self, path: str, reader: str, status: int = 200) -> Any:
        answer = self.client.get(path, headers=self.readers[reader])
        assert answer.status_code == status, answer.text
        return answer


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with scene(tmp_path_factory.mktemp("reports") / "home", None) as stage:
        floor = Floor(stage)
        floor.prepare(900, 10_000_000)
        for side in ("buyer", "seller"):
            floor.rule(f"zhejiang.10.fee-{side}-rate", "0.001")
        listing = floor.place(7_000, 300)
        deals = [floor.take(listing, 100), floor.take(listing, 50, "third")]
        floor.next_day()
        stage.ledger.writer.tick().result(30)
        change = {"party": "buyer", "name": FORMULA, "document": "d"}
        stage.do("registrar", "party.change", change, *OFFICERS)
        client = create_app(stage.ledger, stage.clock).test_client()
        people = {party: stage.key(f"{party}/a") for party in ("owner", "buyer", "third")}
        people["exchange"] = stage.keys["exchange-1"]
        people["regulator"] = stage.keys[REGULATOR[0]]
        readers = {party: sign_in(client, party, key) for party, key in people.items()}
        yield World(stage, client, readers, deals)


def test_opening_and_movements_come_to_closing(world: World) -> None:
    value = world.get("/v1/reports/account?from=2026-01-01&to=2026-01-01", "owner").json
    assert [a["account"] for a in value["accounts"]] == ["owner/registry", "owner/trading"]
    for account in value["accounts"]:
        held = {asset: dict(amounts) for asset, amounts in account["opening"].items()}
        for movement in account["movements"]:
            for bucket, amount in movement["change"].items():
                held[movement["asset"]][bucket] += amount
            assert held[movement["asset"]] == movement["after"]
        assert held == account["closing"]
    cash = value["accounts"][1]["closing"]["CNY"]
    # 150 at 70.00 are 1,050,000 fen, of which the seller pays a thousandth.
    assert cash == dict.fromkeys(BUCKETS, 0) | {"available": 1_050_000 - 1_050}
    assert sum(t["amount_fen"] - t["seller_fee_fen"] for t in value["trades"]) == 1_048_950


def held(accounts: list[dict[str, Any]], when: str) -> dict[str, Any]:
    """What is held of each asset that is held at all, by account."""
    return {
        account["account"]: {k: v for k, v in account[when].items() if any(v.values())}
        for account in accounts
    }


def test_the_next_day_opens_with_what_the_day_closed_with(world: World) -> None:
    day = "/v1/reports/account?from=2026-01-0{0}&to=2026-01-0{0}"
    first = world.get(day.format(1), "buyer").json["accounts"]
    second = world.get(day.format(2), "buyer").json["accounts"]
    closing, opening = held(first, "closing"), held(second, "opening")
    assert opening == closing
    assert world.get(day.format(2), "buyer").json["trades"] == []


def test_each_side_sees_its_own_fee_and_both_names(world: World) -> None:
    (own,) = world.get("/v1/reports/confirmations", "third").json["items"]
    assert (own["seller_name"], own["buyer_name"], own["buyer_fee_fen"]) == ("owner", "third", 350)
    assert "seller_fee_fen" not in own and len(own["seller_uscc"]) == 18
    items = world.get("/v1/reports/confirmations", "owner").json["items"]
    assert [item["seller_fee_fen"] for item in items] == [700, 350]
    assert all("buyer_fee_fen" not in item for item in items)


def test_fees_by_party_are_the_exchanges_income_and_its_alone(world: World) -> None:
    value = world.get("/v1/reports/fees?from=2026-01-01&to=2026-01-31", "exchange").json
    told = [(i["party"], i["count"], i["amount_fen"], i["fee_fen"]) for i in value["items"]]
    assert told == [
        ("buyer", 1, 700_000, 700),
        ("owner", 2, 1_050_000, 1_050),
        ("third", 1, 350_000, 350),
    ]
    assert value["fee_fen"] == 2_100
    assert world.get("/v1/reports/fees?from=2026-02-01", "exchange").json["items"] == []
    assert world.get("/v1/reports/fees", "owner", 403).json["code"] == "role-not-allowed"


def test_a_table_is_marked_as_utf8_and_its_numbers_are_numbers(world: World) -> None:
    answer = world.get("/v1/reports/account.csv", "owner")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="account.csv"'
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert {len(row) for row in rows} == {len(rows[0])}
    place = rows[0].index("可用变动")
    moved = [row[place] for row in rows[1:] if row[place]]
    assert "-900" in moved and all(int(text) is not None for text in moved)
    english = world.get("/v1/reports/account.csv?lang=en", "owner").data.decode("utf-8-sig")
    assert english.startswith("line,account,asset,log entry")


@pytest.mark.parametrize(
    ("language", "lines", "sides", "act"),
    [
        ("zh", {"期初余额", "变动", "期末余额", "成交"}, {"", "卖出"}, "挂牌"),
        ("en", {"opening", "movement", "closing", "trade"}, {"", "seller"}, "Listing placed"),
    ],
)
def test_what_a_line_is_stands_in_the_language_of_the_heads(
    world: World, language: str, lines: set[str], sides: set[str], act: str
) -> None:
    text = world.get(f"/v1/reports/account.csv?lang={language}", "owner").data.decode("utf-8-sig")
    heads, *rows = csv.reader(io.StringIO(text))
    places = [heads.index(say(f"report.{name}", language)) for name in ("line", "side", "act")]
    found = [{row[place] for row in rows} for place in places]
    assert (found[0], found[1]) == (lines, sides)
    assert act in found[2]


def test_a_name_that_is_a_formula_is_a_text(world: World) -> None:
    rows = world.get("/v1/reports/confirmations.csv", "owner").data.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(rows)) for cell in row]
    assert f"'{FORMULA}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    packed = world.get("/v1/reports/confirmations.xlsx", "owner").data
    sheet: Any = load_workbook(io.BytesIO(packed)).active
    values = [cell for row in sheet.iter_rows() for cell in row]
    (found,) = [cell for cell in values if cell.value == FORMULA]
    assert found.data_type == "s"
    assert 700_000 in [cell.value for cell in values if cell.data_type == "n"]


@pytest.mark.parametrize("suffix", ["", ".csv", ".xlsx"])
def test_the_supervisor_reads_what_the_party_reads(world: World, suffix: str) -> None:
    span = "?from=2026-01-01&to=2026-01-01"
    own = world.get(f"/v1/reports/account{suffix}{span}", "owner")
    seen = world.get(f"/v1/supervision/reports/owner/account{suffix}{span}", "regulator")
    if suffix != ".xlsx":  # a workbook bears the time at which it was made
        assert seen.data == own.data
    world.get("/v1/supervision/reports/nobody/account", "regulator", 404)
    world.get("/v1/supervision/reports/owner/account", "buyer", 403)
    for path in ("/v1/reports/x", "/v1/reports/x.csv", "/v1/supervision/reports/owner/x.xlsx"):
        assert world.get(path, "regulator", 404).json["code"] == "report-none"


@pytest.mark.parametrize("asked", ["from=x", "from=2026-01-02&to=2026-01-01", "to=2026-13-01"])
def test_days_that_are_none_are_refused(world: World, asked: str) -> None:
    answer = world.get(f"/v1/reports/account?{asked}", "owner", 400)
    assert answer.json["code"] == "parameter-invalid"


def test_more_rows_than_a_workbook_holds_are_refused_and_a_table_has_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "ROWS_MAX", 1)
    for path, reader in (
        ("/v1/reports/confirmations.xlsx", "owner"),
        ("/v1/supervision/reports/owner/confirmations.xlsx", "regulator"),
    ):
        answer = world.get(path, reader, 422)
        assert (answer.json["code"], answer.json["params"]["limit"]) == ("sheet-too-long", 1)
    assert len(world.get("/v1/reports/confirmations.csv", "owner").text.splitlines()) == 3


@pytest.mark.parametrize("name", ["account", "confirmations", "fees"])
def test_a_report_is_made_in_the_shape_that_is_asked_for_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for module in (accounts, confirmations, fees):
        monkeypatch.setattr(module, "as_tables", None)
    assert world.get(f"/v1/reports/{name}", "exchange").json


def test_an_operators_deals_are_found_by_venue_and_day(world: World) -> None:
    day = date(2026, 1, 1)
    with world.stage.ledger.record.reading() as connection:
        with noted(connection) as asked:
            assert len(deals(connection, day, day, operator="exchange")) == 2
        sql, values = asked[0]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
        assert any("ix_deal_venue_date (venue=? AND date>? AND date<?)" in row[3] for row in plan)
        tomorrow = date(2026, 1, 2)
        assert deals(connection, tomorrow, tomorrow, operator="exchange") == []
        assert len(deals(connection, None, tomorrow, party="owner")) == 2
        assert deals(connection, None, None, operator="owner") == []


def test_a_confirmation_proves_the_trade_to_both_sides_and_to_nobody_else(world: World) -> None:
    path = f"/v1/deals/{world.deals[0]}/confirmation"
    for party in ("owner", "buyer"):
        value = world.get(path, party).json
        assert (value["deal"]["quantity"], value["deal"]["seller"]) == (100, "owner")
        assert parse_receipt(value["receipt"])[0] == value["deal"]["entry"]
    assert world.get(path, "third", 404).json["code"] == "deal-unknown"
    assert world.get("/v1/deals/none/confirmation", "owner", 404).json["code"] == "deal-unknown"


def test_the_sheet_is_in_both_languages_and_quotes_names(world: World) -> None:
    text = world.get(f"/deals/{world.deals[0]}/confirmation", "owner").text
    for words in ("成交确认单", "Trade confirmation", "7,000.00", "c2sp.org/tlog-proof@v1"):
        assert words in text
    assert FORMULA not in text and "=HYPERLINK(&#34;" in text
    world.get(f"/deals/{world.deals[0]}/confirmation", "third", 404)


def test_the_command_line_writes_the_same(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(world.stage.ledger.settings.home))
    run, day = CliRunner(), ["--party", "owner", "--date", "2026-01-01"]
    out = tmp_path / "statement.csv"
    done = run.invoke(main, ["account", "statement", *day, "-o", str(out)])
    assert done.exit_code == 0, done.output
    span = "?from=2026-01-01&to=2026-01-01"
    assert out.read_bytes() == world.get(f"/v1/reports/account.csv{span}", "owner").data
    book = tmp_path / "fees.xlsx"
    done = run.invoke(main, ["account", "fees", "--month", "2026-01", "-o", str(book)])
    assert done.exit_code == 0 and load_workbook(book).active is not None
    done = run.invoke(main, ["account", "confirmations", "--party", "third", "--lang", "en"])
    assert done.exit_code == 0 and len(done.output.splitlines()) == 2
    for wrong, code in (
        (["statement", "--party", "nobody"], 1),
        (["statement", "--party", "owner", "-o", str(tmp_path / "x.doc")], 2),
        (["fees", "--month", "2026-13"], 2),
        (["statement", "--party", "owner", "--from", "2026-01-02", "--to", "2026-01-01"], 2),
    ):
        assert run.invoke(main, ["account", *wrong]).exit_code == code, wrong
