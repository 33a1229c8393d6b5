"""What the trading page is given: what waits for one is found behind any number of others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import portal.desk.trading
from ledger.parties.parameters import midnight
from portal.desk.trading import trading
from tests.factories.auctions import Blocks
from tests.factories.cash import bank_account
from tests.factories.market import EXCHANGE, TODAY, Floor
from tests.factories.scene import scene

AT = midnight(TODAY)


@pytest.fixture
def blocks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blocks]:
    with scene(tmp_path_factory.mktemp("trading") / "home", None) as stage:
        floor = Floor(stage)
        floor.prepare()
        made = Blocks(floor)
        made.afternoon()
        yield made


def test_what_others_propose_is_shown_behind_newer_proposals_of_ones_own(
    blocks: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portal.desk.trading, "SHOWN", 1)
    waiting = blocks.propose("owner", other="buyer", quantity=100)
    for _ in range(2):
        blocks.propose("buyer", side="buy", other="third", quantity=100)
    answered = blocks.propose("owner", other="buyer", quantity=100)
    blocks.answer("decline", answered)
    with blocks.stage.ledger.record.reading() as connection:
        items, more = trading(connection, "buyer", AT)["proposed"]
        assert ([row["proposal"] for row in items], more) == ([waiting], False)
        items, more = trading(connection, "third", AT)["proposed"]
        assert (len(items), more) == (1, True)
        assert trading(connection, "owner", AT)["proposed"] == ([], False)


def test_accounts_that_the_settlement_bank_may_read_are_not_its_own(blocks: Blocks) -> None:
    bank_account(blocks.stage, "exchange")
    with blocks.stage.ledger.record.reading() as connection:
        assert trading(connection, "bank", AT)["banks"] == []
        (theirs,) = trading(connection, "exchange", AT)["banks"]
        assert theirs["party"] == "exchange"


def test_blocks_are_offered_of_listed_instruments_whose_venue_has_the_method(
    blocks: Blocks,
) -> None:
    floor = blocks.floor
    floor.list("GONE")
    blocks.stage.do(
        "exchange", "instrument.delist", {"instrument": "GONE", "document": "d"}, *EXCHANGE
    )
    with blocks.stage.ledger.record.reading() as connection:
        assert trading(connection, "buyer", AT)["instruments"] == ["FS"]
    floor.rule("zhejiang.methods", "10,21", TODAY)
    with blocks.stage.ledger.record.reading() as connection:
        assert trading(connection, "buyer", AT)["instruments"] == []
