"""Supervision on the record: every reader's audit holds, and nobody reads what is not his."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from ledger.parties.authority import public_key
from ledger.writer.audit import audit
from ledger.writer.concerns import concerning
from ledger.writer.store import read_entries, read_head
from market.supervision.room import ROOM
from portal.home.record import public_view
from portal.proofs.disclosure import disclosed
from tests.factories.audits import columns_missed, faults_after_rebuild, sealed
from tests.factories.market import TODAY, TOMORROW, VENUE, Floor
from tests.factories.oversight import WHY, bar, duties, finding, limit, state
from tests.factories.scene import ORIGIN, scene

DECIDED = {"ground": "隐情", "document": "监〔2026〕9"}


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """Every act of supervision once, one finding left open and one referred."""
    with scene(tmp_path_factory.mktemp("supervision") / "home", None) as stage:
        floor = Floor(stage)
        floor.prepare()
        floor.rule("zhejiang.10.fee-seller-rate", "0.001")
        limit(floor, "supervision.large-working-days", "3")
        limit(floor, "supervision.large-quantity", "50")
        limit(floor, "supervision.reserve-percent", "20")
        listing = floor.place(7_000, 300)
        floor.take(listing, 100)
        state(floor, "exchange", "listing.cancel-by-order", {"listing": listing, **WHY})
        floor.place(7_010, 40)
        bar(floor, "owner", until=TODAY)
        bar(floor, "third", "exchange", since=TOMORROW)
        state(floor, "exchange", "venue.halt", {"venue": VENUE, **WHY})
        state(floor, "exchange", "venue.resume", {"venue": VENUE, **WHY})
        warning = {"party": "third", "text": "注意", "document": "d"}
        state(floor, "regulator", "risk.warn", warning)
        floor.close()
        stage.ledger.writer.tick().result(30)
        report = {"duty": duties(floor)[0]["duty"], "purpose": "自用", "funding": "自有"}
        stage.do("buyer", "position.report", report, "a")
        state(floor, "exchange", "reserve.set-aside", {"venue": VENUE, "date": TODAY})
        approved = {"operator": "exchange", "receiver": "buyer", "amount_fen": 10, **WHY}
        name = state(floor, "regulator", "reserve.approve", approved)
        state(floor, "exchange", "reserve.spend", {"approval": name})
        state(floor, "exchange", "finding.open", finding([1], parties=["buyer"]))
        name = state(floor, "regulator", "finding.open", finding([2, 3]))
        state(
            floor, "regulator", "finding.refer", {"finding": name, "authority": "机关", **DECIDED}
        )
        floor.next_day()
        stage.ledger.writer.tick().result(30)
        yield floor


@pytest.mark.parametrize("supervisor", [True, False])
def test_the_audit_holds_for_public_and_supervisor(watched: Floor, supervisor: bool) -> None:
    assert bool(sealed(watched.stage, supervisor=supervisor)) is not supervisor


@pytest.mark.parametrize("party", ["owner", "buyer", "third", "exchange", "regulator"])
def test_the_audit_holds_for_each_party(watched: Floor, party: str) -> None:
    stage = watched.stage
    with stage.ledger.record.reading() as connection:
        engine, vkey = stage.ledger.engine, stage.ledger.record.vkey
        report = audit(connection, engine, ORIGIN, vkey, public_key, party=party)
    assert report.faults == []


def test_rebuild_makes_the_same_rows(watched: Floor) -> None:
    assert faults_after_rebuild(watched.stage) == []


def test_a_change_in_any_column_is_found(watched: Floor) -> None:
    assert columns_missed(watched.stage, ROOM.kinds) == []


def told(floor: Floor, party: str) -> str:
    """All that a party may read behind the entries that concern it."""
    with floor.stage.ledger.record.reading() as connection:
        head = read_head(connection, ORIGIN)
        assert head is not None
        found = list(concerning(connection, party, 0, head.size))
    return json.dumps(
        [disclosed(one.entry, party, supervisor=False) for one in found], ensure_ascii=False
    )


def test_a_finding_reaches_nobody_whom_it_concerns_before_it_is_referred(watched: Floor) -> None:
    for party in ("buyer", "owner", "third"):
        text = told(watched, party)
        assert "隐情" not in text and "turned_credits" not in text
    assert '"finding"' not in told(watched, "third")
    assert "referral" in told(watched, "buyer") and "referral" in told(watched, "owner")
    assert "referral" not in told(watched, "third")
    assert "turned_credits" in told(watched, "exchange")
    assert "隐情" not in told(watched, "exchange")  # the regulator's own


def test_a_bar_and_a_warning_are_told_to_their_party_alone(watched: Floor) -> None:
    assert "trading_bar" in told(watched, "owner") and "risk_warning" in told(watched, "third")
    buyers = told(watched, "buyer")
    assert "trading_bar" not in buyers and "risk_warning" not in buyers


def test_the_public_sees_halts_and_that_positions_are_looked_at_and_nothing_else(
    watched: Floor,
) -> None:
    with watched.stage.ledger.record.reading() as connection:
        entries = list(read_entries(connection, 0, 1 << 20))
    shown = {
        kind
        for view in map(public_view, entries)
        for changes in view["outcome"]["public"].values()
        if isinstance(changes, dict)
        for kind, *_ in changes.get("rows", ())
    }
    mine = {kind.name for kind in ROOM.kinds}
    assert shown & mine == {"venue_halt", "position_check"}
