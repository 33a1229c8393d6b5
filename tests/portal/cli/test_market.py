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
