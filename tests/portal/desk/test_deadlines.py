"""The deadline board: each room's days, earliest first; overdue is what somebody owed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.parties.parameters import business_date
from portal.app import create_app
from portal.cli import main
from portal.desk.deadlines import board
from portal.desk.due import KINDS
from tests.factories.auctions import AuctionRoom
from tests.factories.claims import BATCH, freeze, pledge
from tests.factories.market import Floor
from tests.factories.readers import sign_in
from tests.factories.scene import HOUR_MS, OFFICERS, ProjectDesign, Scene, scene, validation

DAY_MS = 24 * HOUR_MS


@pytest.fixture
def stage(home: Path) -> Iterator[Scene]:
    """A pledge, a freeze, an offer, a published design, an application, a withdrawn opinion."""
    with scene(home, None) as opened:
        opened.issue(900)
        pledge(opened, 300)
        freeze(opened, 200, until="2026-02-28")
        offer = {"batch": BATCH, "quantity": 100, "receiver": "buyer"}
        opened.do("owner", "credit.transfer", offer, "a", "b")
        opened.do("owner", "project.submit", ProjectDesign(project="P2"), "a")
        opinion = validation("P2")
        opened.do("vvb1", "project.validate", opinion, "a", "b")
        asked = {"subject": "project", "name": "P2", "undertaking": "no-ccer"}
        name = opened.do("owner", "application.submit", asked, "a", "b")
        opened.do("registrar", "application.accept", {"application": name}, OFFICERS[0])
        opened.do("owner", "project.submit", ProjectDesign(project="P3"), "a")
        opened.do("owner", "notice.open", {"subject": "project", "name": "P3"}, "a")
        yield opened


def rows(stage: Scene, party: str, today: str, *roles: str) -> list[tuple[str, str, bool]]:
    """What has a day; what waits without one is tests/portal/desk/test_waits.py's."""
    with stage.ledger.record.reading() as connection:
        found = board(connection, party, today, roles)
    return [(row["last"], row["kind"], row["overdue"]) for row in found if row["last"]]


def test_each_rooms_days_stand_in_their_order(stage: Scene) -> None:
    assert rows(stage, "owner", "2026-01-01") == [
        ("2026-01-11", "transfer-answer", False),
        ("2026-01-22", "decision", False),
        ("2026-01-29", "notice-end", False),
        ("2026-02-28", "freeze-end", False),
        ("2026-06-30", "pledge-term", False),
    ]
    assert rows(stage, "bank", "2026-01-01") == [("2026-06-30", "pledge-term", False)]
    assert rows(stage, "buyer", "2026-01-01") == [("2026-01-11", "transfer-answer", False)]


def test_what_is_owed_goes_overdue_and_what_is_over_leaves(stage: Scene) -> None:
    assert rows(stage, "owner", "2026-07-01") == [
        ("2026-01-22", "decision", True),
        ("2026-06-30", "pledge-term", True),
    ]


def test_the_registrar_has_the_decisions_that_it_owes(stage: Scene) -> None:
    assert rows(stage, "registrar", "2026-01-22", "registrar") == [
        ("2026-01-22", "decision", False)
    ]


def test_a_duty_to_replace_stands_until_it_is_met(stage: Scene) -> None:
    withdrawal = {"report": "R1", "reason": "监测数据失实"}
    stage.do("vvb2", "report.withdraw", withdrawal, "a", "b")
    assert ("2026-03-02", "replacement", True) in rows(stage, "owner", "2026-03-03")
    assert "replacement" in KINDS


def test_api_and_shell_give_the_same_board(
    stage: Scene, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(stage.ledger, stage.clock).test_client()
    reader = sign_in(client, "owner", stage.key("owner/a"))
    told = client.get("/v1/deadlines?as_of=2026-07-01", headers=reader).json
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    command = ["deadline", "list", "owner", "--as-of", "2026-07-01", "--json"]
    assert json.loads(CliRunner().invoke(main, command).stdout) == told
    assert [item["overdue"] for item in told["items"]] == [True, True, False]
    assert client.get("/v1/deadlines?as_of=2026-7-1", headers=reader).status_code == 400
    assert CliRunner().invoke(main, ["deadline", "list", "nobody"]).exit_code == 1


def test_an_announced_auction_waits_for_its_principal_until_it_opens(home: Path) -> None:
    with scene(home, None) as stage:
        floor = Floor(stage)
        floor.prepare()
        room = AuctionRoom(floor)
        room.announce(room.sealed())
        today = business_date(stage.clock.now())
        assert (today, "auction-offer", False) in rows(stage, "owner", today)
        assert rows(stage, "buyer", today) == []
        room.offer()
        assert rows(stage, "owner", today) == []
