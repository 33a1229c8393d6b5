"""The exchange on the record: every reader's audit holds, and nothing public says who."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.writer.store import read_entries
from market.orders.models import CALL, ORDER, SELF_TRADE
from market.room import ROOM
from portal.home.record import public_view
from tests.factories.audits import columns_missed, faults_after_rebuild, sealed
from tests.factories.market import REGULATOR, TOMORROW, Floor
from tests.factories.scene import scene


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """Two days: trades, a withdrawal, a suspension, a close, a lot that is still held."""
    with scene(tmp_path_factory.mktemp("market") / "home", None) as stage:
        floor = Floor(stage)
        floor.prepare()
        floor.rule("zhejiang.10.fee-seller-rate", "0.001")
        listing = floor.place(7_000, 300)
        floor.take(listing, 100)
        floor.take(listing, 50, "third")
        floor.withdraw(listing)
        floor.place(7_100, 40)
        floor.close()
        floor.next_day()
        floor.open(TOMORROW)
        floor.place(7_010, 20, "third")
        floor.take(floor.place(7_020, 30), 5)
        stage.do("regulator", "party.suspend", {"party": "third", "document": "d"}, *REGULATOR)
        yield floor


@pytest.mark.parametrize("supervisor", [True, False])
def test_the_audit_holds_for_every_reader(traded: Floor, supervisor: bool) -> None:
    assert bool(sealed(traded.stage, supervisor=supervisor)) is not supervisor


def test_rebuild_makes_the_same_rows(traded: Floor) -> None:
    assert faults_after_rebuild(traded.stage) == []


def test_a_public_act_shows_digests_alone_of_what_it_did_to_listings(traded: Floor) -> None:
    with traded.stage.ledger.record.reading() as connection:
        entries = list(read_entries(connection, 0, 1 << 20))
    views = [public_view(entry) for entry in entries]
    suspension = views[-1]
    changed = [kind for kind, _ in suspension["outcome"]["public"]["changes"]["rows"]]
    assert changed == ["party", "party_act"]
    assert len(suspension["outcome"]["parts"]) == 1
    shown = {
        name
        for view in views
        for changes in (
            view["outcome"]["public"].get("changes", {}),
            view["outcome"]["public"].get("followed", {}),
        )
        for name, *_ in (*changes.get("rows", ()), *changes.get("gone", ()))
        if "body" not in view or view["body"].keys() & {"date", "instrument"}
    }
    commits = {"commitment"}  # the scheduler's, as days pass
    assert shown - commits == {
        "venue",
        "trading_session",
        "trading_day",
        "fact",
        "trade",
        "instrument",
    }


def test_a_change_in_any_column_of_the_exchanges_tables_is_found(traded: Floor) -> None:
    elsewhere = (ORDER, CALL, SELF_TRADE)  # tests/market/orders
    kinds = [kind for kind in ROOM.kinds if kind not in elsewhere]
    assert columns_missed(traded.stage, kinds) == []
