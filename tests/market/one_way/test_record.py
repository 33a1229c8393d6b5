"""Auctions and blocks on the record: every reader's audit holds, and nothing public says who."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from ledger.writer.store import read_entries
from market.blocks.room import ROOM as BLOCKS
from market.one_way.room import ROOM as ONE_WAY
from portal.home.record import public_view
from tests.factories.auctions import AuctionRoom, Blocks
from tests.factories.audits import columns_missed, faults_after_rebuild, sealed
from tests.factories.market import EXCHANGE, REGULATOR, Floor
from tests.factories.scene import OFFICERS, Scene, scene


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A cleared auction, an open one that is cancelled, blocks in each state, a lock."""
    with scene(tmp_path_factory.mktemp("auctions") / "home", None) as stage:
        floor = Floor(stage)
        batch = floor.prepare()
        blocks = Blocks(floor)
        room = AuctionRoom(floor)
        room.begin(room.sealed(batches=[batch], bidders=["buyer", "third"], forfeit_fen=7))
        made = room.commit("buyer", 7_000, 200)
        other = room.commit("third", 6_950, 200)
        room.commit("third", 6_900, 200)
        room.at(30)
        room.reveal("buyer", made, 7_000, 200)
        room.reveal("third", other, 6_950, 200)
        room.clear()
        later = {"opens_at": room.instant(55), "closes_at": room.instant(60)}
        room.announce(room.open(auction="A2", **later))
        room.offer(auction="A2")
        room.at(55)
        bid = {"auction": "A2", "price_fen": 6_000, "quantity": 10}
        stage.do("third", "auction.bid", bid, "a")
        cancel = {"auction": "A2", "document": "d"}
        stage.do("exchange", "auction.cancel", cancel, *EXCHANGE)
        room.at(181)
        blocks.answer("accept", blocks.propose())
        blocks.answer("decline", blocks.propose("buyer", side="buy", other="owner"), "owner")
        blocks.propose("third", side="buy", other="owner")
        lock = {"batch": batch, "first": 895, "last": 900, "ground": "dispute", "reason": "r"}
        stage.do("registrar", "serial.lock", {**lock, "document": "d"}, *OFFICERS)
        floor.close()
        stage.do("regulator", "party.suspend", {"party": "third", "document": "d"}, *REGULATOR)
        yield stage


@pytest.mark.parametrize("supervisor", [True, False])
def test_the_audit_holds_for_every_reader(traded: Scene, supervisor: bool) -> None:
    assert bool(sealed(traded, supervisor=supervisor)) is not supervisor


def test_rebuild_makes_the_same_rows(traded: Scene) -> None:
    assert faults_after_rebuild(traded) == []


def test_nothing_public_says_who_bids_or_deals(traded: Scene) -> None:
    with traded.ledger.record.reading() as connection:
        views = [public_view(entry) for entry in read_entries(connection, 0, 1 << 20)]
    acts = [view for view in views if "auction" in json.dumps(view) or "followed" in str(view)]
    assert len(acts) > 8
    for view in acts:
        if "body" in view and view["body"].keys() & {"party", "bidders"}:
            continue  # says so itself: an admission, a suspension, the announcement
        text = json.dumps(view["outcome"]["public"])
        if '"bidders": ["buyer"' in text:
            text = text.replace('"bidders": ["buyer", "third"]', "")
        assert '"buyer"' not in text and '"third"' not in text, text


def test_a_change_in_any_column_is_found(traded: Scene) -> None:
    assert columns_missed(traded, ONE_WAY.kinds + BLOCKS.kinds) == []
