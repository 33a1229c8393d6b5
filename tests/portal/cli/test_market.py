"""``qingzhang market`` reads the exchange from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from tests.factories.market import VENUE, Floor
from tests.factories.oversight import WHY, state
from tests.factories.scene import scene


@pytest.fixture
def home_of_floor(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with scene(home, None) as stage:
        floor = Floor(stage)
        floor.prepare()
        floor.take(floor.place(7_000, 100), 40)
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    return home


@pytest.mark.usefixtures("home_of_floor")
def test_instruments_listings_and_trades_are_told() -> None:
    def told(*words: str) -> str:
        result = CliRunner().invoke(main, ["market", *words])
        assert result.exit_code == 0, result.output
        return result.output

    assert "63.68–77.82" in told("instruments")
    assert "70.00" in told("listings", "FS")
    assert json.loads(told("listings", "FS", "--json"))["levels"][0]["quantity"] == 60
    assert told("depth", "FS").split() == ["ask", "70.00", "60", "1"]
    assert "70.00 × 40" in told("trades")
    assert json.loads(told("trades", "--json", "--after", "1")) == []
    assert json.loads(told("trades", "--json", "--instrument", "FS"))[0]["sequence"] == 1


def test_a_book_without_prices_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(home))

    def told() -> tuple[str, str]:
        run = CliRunner()
        said = [run.invoke(main, ["market", word, "FS"]).stdout for word in ("depth", "listings")]
        return said[0].strip(), said[1].strip()

    with scene(home, None) as stage:
        floor = Floor(stage)
        floor.prepare()
        floor.withdraw(floor.place(7_000, 100))
        assert told() == ("none", "none")
        floor.place(7_000, 100)
        state(floor, "exchange", "venue.halt", {"venue": VENUE, **WHY})
        assert told() == ("halted", "halted")
        state(floor, "exchange", "venue.resume", {"venue": VENUE, **WHY})
        assert "70.00" in told()[0]
        floor.close()
        assert told() == ("closed", "closed")


@pytest.mark.usefixtures("home_of_floor")
def test_an_unknown_instrument_exits_1() -> None:
    result = CliRunner().invoke(main, ["market", "listings", "NONE"])
    assert result.exit_code == 1


def test_a_stream_is_replayed_into_a_file_of_trades(tmp_path: Path) -> None:
    stream, out = tmp_path / "stream.csv", tmp_path / "trades.csv"
    header = "seq,action,order_id,side,price,quantity\r\n"
    stream.write_text(header + "1,limit,a,sell,10,5\r\n2,market,b,buy,,3\r\n", newline="")
    result = CliRunner().invoke(main, ["market", "replay", str(stream), "--trades", str(out)])
    assert result.exit_code == 0, result.output
    assert out.read_bytes() == b"taker_order_id,maker_order_id,price,quantity\nb,a,10,3\n"
    assert "volume: 3" in result.output


def test_a_byte_order_mark_is_passed_over_and_other_encodings_are_refused(tmp_path: Path) -> None:
    stream, out = tmp_path / "stream.csv", tmp_path / "trades.csv"
    text = "seq,action,order_id,side,price,quantity\n1,limit,单,sell,10,5\n2,market,b,buy,,3\n"
    words = ["market", "replay", str(stream), "--trades", str(out)]
    stream.write_text(text, encoding="utf-8-sig")
    assert CliRunner().invoke(main, words).exit_code == 0
    assert out.read_text(encoding="utf-8").splitlines()[1:] == ["b,单,10,3"]
    stream.write_text(text, encoding="gb18030")
    refused = CliRunner().invoke(main, words)
    assert (refused.exit_code, "not-csv" in refused.output) == (1, True)


def test_a_bad_stream_exits_1_and_names_the_line(tmp_path: Path) -> None:
    stream, out = tmp_path / "stream.csv", tmp_path / "trades.csv"
    stream.write_text("seq,action,order_id,side,price,quantity\n1,limit,a,sell,ten,5\n")
    result = CliRunner().invoke(main, ["market", "replay", str(stream), "--trades", str(out)])
    assert result.exit_code == 1
    assert "not-an-integer" in result.output and "line" in result.output
    assert not out.exists()


def test_trades_do_not_take_the_place_of_their_stream(tmp_path: Path) -> None:
    stream = tmp_path / "stream.csv"
    stream.write_text("seq,action,order_id,side,price,quantity\n")
    words = ["market", "replay", str(stream), "--trades", str(tmp_path / "." / "stream.csv")]
    assert CliRunner().invoke(main, words).exit_code == 2
    assert stream.read_text().startswith("seq,")


def test_an_auction_prints_price_volume_surplus_and_fills(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("order_id,side,price,quantity\na,buy,,40\nb,sell,998,30\n")

    def told(*words: str) -> object:
        result = CliRunner().invoke(main, ["market", "auction", str(orders), *words])
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    fills = [["a", "b", 30]]
    wanted = {"price": 998, "volume": 30, "surplus": 10, "fills": fills}
    assert told() == wanted
    assert told("--reference", "1000") == wanted
    both = told("--reference", "1000", "--candidates", "limits+reference")
    assert both == {**wanted, "price": 1_000}


def test_an_auction_without_a_cross_has_no_price(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("order_id,side,price,quantity\na,buy,9,40\nb,sell,10,30\n")
    result = CliRunner().invoke(main, ["market", "auction", str(orders), "--json"])
    assert json.loads(result.output) == {"price": None, "volume": 0, "surplus": 0, "fills": []}


@pytest.mark.usefixtures("home_of_floor")
def test_days_and_candles_are_told() -> None:
    def told(*words: str) -> str:
        result = CliRunner().invoke(main, ["market", *words])
        assert result.exit_code == 0, result.output
        return result.output

    assert told("days", "FS").split() == [
        *("2026-01-01", "10", "70.00", "70.00", "70.00", "-", "40"),
    ]
    assert json.loads(told("days", "FS", "--to", "2025-12-31", "--json")) == []
    assert told("candles", "FS").split() == ["2026-01-01", *["70.00"] * 4, "40"]
    (hour,) = json.loads(told("candles", "FS", "--interval", "1h", "--json"))
    assert (hour["trades"], hour["turnover_fen"]) == (1, 280_000)


@pytest.mark.usefixtures("home_of_floor")
@pytest.mark.parametrize("command", ["days", "candles"])
def test_days_and_candles_of_nothing_exit_1(command: str) -> None:
    assert CliRunner().invoke(main, ["market", command, "NONE"]).exit_code == 1
    assert CliRunner().invoke(main, ["market", command]).exit_code == 2


@pytest.mark.usefixtures("home_of_floor")
def test_days_end_with_the_calendar_and_come_in_their_order() -> None:
    def asked(*span: str) -> int:
        return CliRunner().invoke(main, ["market", "days", "FS", *span]).exit_code

    assert asked("--from", "0001-01-01", "--to", "9999-12-31") == 0
    assert asked("--from", "2026-01-02", "--to", "2026-01-01") == 2


@pytest.mark.usefixtures("home_of_floor")
def test_the_rules_of_a_venue_and_what_stands_in_the_way() -> None:
    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["market", "rules", *words])

    lines = run("zhejiang").output
    assert (
        "zhejiang.10.hours" in lines
        and "no rule stands in the way" in lines
        and "session open: 2026-01-01" in lines
    )
    assert "venue-unknown" in run("zhejiang", "--on", "2000-01-01").stderr  # nothing was stated
    unknown = run("nowhere")
    assert (unknown.exit_code, "venue-unknown" in unknown.stderr) == (1, True)
    assert "Allowed: zhejiang" in unknown.stderr
