"""``qingzhang market recompute`` finds an auction's result again, or says that it differs."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from market.one_way.models import entry_table
from portal.cli import main
from portal.config import at_home
from portal.home.opening import open_record
from tests.factories.auctions import AuctionRoom
from tests.factories.market import Floor
from tests.factories.scene import scene


@pytest.fixture
def home_of_auction(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with scene(home, None) as stage:
        floor = Floor(stage)
        floor.prepare()
        room = AuctionRoom(floor)
        room.begin(room.sealed())
        made = room.commit("buyer", 7_000, 200)
        room.at(30)
        room.reveal("buyer", made, 7_000, 200)
        room.clear()
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    return home


def test_a_result_is_found_again_and_a_change_is_a_fault(home_of_auction: Path) -> None:
    ran = CliRunner().invoke(main, ["market", "recompute", "A1", "--json"])
    assert (ran.exit_code, json.loads(ran.output)["differences"]) == (0, [])
    record = open_record(at_home(home_of_auction))
    with closing(record.database.connect()) as connection, connection.begin():
        connection.execute(entry_table.update().values(price_fen=7_001))
    record.database.dispose()
    assert CliRunner().invoke(main, ["market", "recompute", "A1"]).exit_code == 3


@pytest.mark.usefixtures("home_of_auction")
def test_an_auction_that_is_not_there_is_refused() -> None:
    assert CliRunner().invoke(main, ["market", "recompute", "A2"]).exit_code == 1


def test_an_auction_without_a_result_is_refused_and_not_called_right(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scene(home, None) as stage:
        floor = Floor(stage)
        floor.prepare()
        room = AuctionRoom(floor)
        room.begin(room.sealed())
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    ran = CliRunner().invoke(main, ["market", "recompute", "A1"])
    assert (ran.exit_code, "auction-unfinished" in ran.output) == (1, True)
