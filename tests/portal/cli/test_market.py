"""``qingzhang market`` reads the exchange from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli import main
from tests.factories.market import Floor
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
    assert "70.00 × 40" in told("trades")
    assert json.loads(told("trades", "--json", "--after", "1")) == []
    assert json.loads(told("trades", "--json", "--instrument", "FS"))[0]["sequence"] == 1


@pytest.mark.usefixtures("home_of_floor")
def test_an_unknown_instrument_exits_1() -> None:
    result = CliRunner().invoke(main, ["market", "listings", "NONE"])
    assert result.exit_code == 1
