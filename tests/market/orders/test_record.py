"""Orders on the record: every reader's audit holds, a stored log replays, and nothing says who."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.writer.store import read_entries
from ledger.writer.tables import tally
from market.orders.models import CALL, ORDER, SELF_TRADE
from portal.home.record import public_view
from tests.factories.audits import audited, columns_missed, faults_after_rebuild, sealed
from tests.factories.market import REGULATOR
from tests.factories.orders import Pit
from tests.factories.scene import scene


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pit]:
    """A day of the book, a call on the next, reactions, orders that expire and that stay."""
    with scene(tmp_path_factory.mktemp("orders") / "home", None) as stage:
        pit = Pit(stage)
        pit.set_up()
        stage.do("third", "self-trade.set", {"rule": "oldest"}, "a")
        pit.sell(7_000, 200)
        pit.buy(7_010, 60)
        pit.buy(7_000, 60, "third", kind="ioc")
        pit.buy(6_900, 5, until="2026-01-02")
        pit.close()
        pit.later(23 * 60 + 15)
        pit.open("2026-01-02")
        pit.buy(7_050, 20, "third")
        pit.sell(7_020, 30)
        pit.later(20)
        pit.buy(7_000, 5)
        stage.do("regulator", "party.suspend", {"party": "third", "document": "d"}, *REGULATOR)
        pit.close("2026-01-02")
        pit.next_day()
        yield pit


@pytest.mark.parametrize("supervisor", [True, False])
def test_the_audit_holds_for_every_reader(traded: Pit, supervisor: bool) -> None:
    assert bool(sealed(traded.stage, supervisor=supervisor)) is not supervisor


def test_rebuild_makes_the_same_rows(traded: Pit) -> None:
    assert faults_after_rebuild(traded.stage) == []


def test_a_change_in_any_column_of_the_tables_is_found(traded: Pit) -> None:
    assert columns_missed(traded.stage, (ORDER, CALL, SELF_TRADE)) == []


def test_a_tally_that_is_changed_lost_or_one_too_many_is_found(traded: Pit) -> None:
    changes = (
        tally.update().values(total=tally.c.total + 1),
        tally.update().values(value="OTHER"),
        tally.delete(),
        tally.insert().values(kind="order", value="NONE", total=1),
    )
    for change in changes:
        with traded.stage.ledger.record.database.connect() as connection:
            connection.execute(change)
            faults = audited(traded.stage, connection).faults
            connection.rollback()
        assert {(fault.code, fault.params["table"]) for fault in faults} == {
            ("projection-differs", "tally")
        }


def test_what_an_order_shows_the_public_ties_it_to_nobody(traded: Pit) -> None:
    with traded.stage.ledger.record.reading() as connection:
        entries = list(read_entries(connection, 0, 1 << 20))
    names = {"owner", "buyer", "third"}
    shown = set()
    for view in map(public_view, entries):
        if "body" in view:
            continue  # a public statement
        changes = view["outcome"]["public"].get("changes", {})
        assert "add" not in changes and "gone" not in changes
        for kind, row in changes.get("rows", ()):
            shown.add(kind)
            assert not names & {str(value) for value in row.values()}
    assert shown - {"commitment"} <= {"trade", "trading_day", "venue", "call_auction"}
    assert {"trade", "call_auction"} <= shown
