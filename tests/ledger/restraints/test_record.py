"""Claims on the record: each reader's audit holds, a change is found, rebuild makes them anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.accounts.claims import claim_table
from ledger.pledges.room import ROOM as PLEDGES
from ledger.restraints.models import duty_table
from ledger.restraints.room import ROOM
from ledger.writer.store import read_entries
from portal.home.record import public_view
from tests.factories.audits import columns_missed, faults_after_rebuild, sealed
from tests.factories.cash import deposit
from tests.factories.claims import BATCH, COURT, freeze, pledge
from tests.factories.market import BANK
from tests.factories.scene import HOUR_MS, OFFICERS, Scene, scene


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Freezes of each kind, a judicial transfer, a pledge half sold, a duty that is short."""
    with scene(tmp_path_factory.mktemp("claims") / "home", None) as opened:
        opened.issue(900)
        deposit(opened, "buyer", 8_000_000)
        pledged = pledge(opened, 300)
        frozen = freeze(opened, 700, until="2026-12-31")
        freeze(opened, 50, until="2026-02-01")
        execution = {"freeze": frozen, "quantity": 100, "receiver": "buyer", **COURT}
        opened.do("registrar", "freeze.execute", execution, *OFFICERS)
        opened.clock.time += 182 * 24 * HOUR_MS
        opened.do("bank", "pledge.default", {"pledge": pledged, "document": "d"}, *BANK)
        opened.clock.time += 10 * 24 * HOUR_MS
        sale = {"pledge": pledged, "buyer": "buyer", "quantity": 100, "amount_fen": 1_000}
        disposal = opened.do("bank", "pledge.dispose", sale, *BANK)
        opened.do("buyer", "pledge.buy", {"disposal": disposal}, "a", "b")
        withdrawal = {"report": "R1", "reason": "监测数据失实"}
        opened.do("vvb2", "report.withdraw", withdrawal, "a", "b")
        opened.clock.time += 61 * 24 * HOUR_MS
        opened.ledger.writer.tick().result(30)
        (duty,) = opened.rows(duty_table)
        remission = {"duty": duty["duty"], "quantity": 1, "authority": "主管部门"}
        told = {**remission, "document": "函1号", "reason": "重新核查属实"}
        opened.do("registrar", "duty.remit", told, *OFFICERS)
        yield opened


@pytest.mark.parametrize("supervisor", [True, False])
def test_the_audit_holds_for_every_reader(stage: Scene, supervisor: bool) -> None:
    assert bool(sealed(stage, supervisor=supervisor)) is not supervisor


def test_a_change_in_any_column_is_found(stage: Scene) -> None:
    assert columns_missed(stage, ROOM.kinds + PLEDGES.kinds) == []
    assert stage.rows(claim_table)


def test_rebuild_makes_the_same_rows(stage: Scene) -> None:
    assert faults_after_rebuild(stage) == []


def test_the_public_learns_neither_whose_units_nor_how_many_are_claimed(stage: Scene) -> None:
    with stage.ledger.record.reading() as connection:
        views = [public_view(entry) for entry in read_entries(connection, 0, 1 << 20)]
    shown = str(views)
    assert COURT["document"] not in shown
    assert "质登1" not in shown
    assert BATCH in shown  # what was issued is public; who holds it is not
