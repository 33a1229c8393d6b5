"""What a deadline is known by, beside its id: project, report and its period, units, parties."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.writer.kinds import Row
from portal.app import create_app
from portal.cli import main
from portal.desk.deadlines import board
from portal.desk.naming import line
from tests.factories.claims import BATCH, freeze, pledge
from tests.factories.readers import sign_in
from tests.factories.scene import OFFICERS, MonitoringReport, ProjectDesign, Scene, scene
from tests.factories.scene import verification as opinion_of

TODAY = "2026-01-01"


@pytest.fixture
def stage(home: Path) -> Iterator[Scene]:
    """Pledge, freeze, offer; a published design; a report whose application was taken up."""
    with scene(home, None) as opened:
        opened.issue(900)
        pledge(opened, 300)
        freeze(opened, 200, until="2026-02-28")
        offer = {"batch": BATCH, "quantity": 100, "receiver": "buyer"}
        opened.do("owner", "credit.transfer", offer, "a", "b")
        opened.do("owner", "project.submit", ProjectDesign(project="P2", name="竹林"), "a")
        opened.do("owner", "notice.open", {"subject": "project", "name": "P2"}, "a")
        later = MonitoringReport(report="R2", start="2025-01-01", end="2025-12-31")
        opened.do("owner", "report.submit", later, "a")
        opinion = opinion_of(700, year=2025, report="R2")
        opened.do("vvb2", "report.verify", opinion, "a", "b")
        asked = {"subject": "report", "name": "R2"}
        name = opened.do("owner", "application.submit", asked, "a", "b")
        opened.do("registrar", "application.accept", {"application": name}, OFFICERS[0])
        yield opened


def known(stage: Scene, party: str, *roles: str) -> dict[str, Row]:
    """What each kind of deadline of a party is about."""
    with stage.ledger.record.reading() as connection:
        rows = board(connection, party, TODAY, roles)
    return {row["kind"]: row["about"] for row in rows}


def test_a_notice_and_an_application_tell_title_and_period(stage: Scene) -> None:
    found = known(stage, "owner")
    assert found["notice-end"] == {"project": "P2", "project_name": "竹林"}
    assert found["decision"] == {
        "project": "P1",
        "project_name": "造林",
        "report": "R2",
        "start": "2025-01-01",
        "end": "2025-12-31",
    }
    assert line(found["decision"]) == "造林 · R2 2025-01-01 – 2025-12-31"


def test_the_registrar_is_told_whose_application_it_is(stage: Scene) -> None:
    decision = known(stage, "registrar", "registrar")["decision"]
    assert (decision["party"], decision["party_name"]) == ("owner", "owner")


def test_each_side_is_told_of_the_other_and_of_the_units(stage: Scene) -> None:
    offered = {"project": "P1", "project_name": "造林", "units": BATCH, "quantity": 100}
    for reader, other in (("owner", "buyer"), ("buyer", "owner")):
        told = known(stage, reader)["transfer-answer"]
        assert told == {**offered, "party": other, "party_name": other}
    assert known(stage, "bank")["pledge-term"]["party"] == "owner"
    assert line(known(stage, "buyer")["transfer-answer"]) == f"造林 · 100 t · {BATCH} · owner"


def test_a_sum_is_told_in_yuan() -> None:
    assert line({"amount_fen": 123_405, "party_name": "业主"}) == "CNY 1,234.05 · 业主"
    assert line({}) == ""


def test_a_large_position_is_told_by_class_and_vintage() -> None:
    known = {"class": "ZJ_FS", "vintage": 2024, "quantity": 1_300}
    assert line(known) == "ZJ_FS 2024 · 1,300 t"


def test_a_duty_names_the_report_that_nothing_bears(stage: Scene) -> None:
    stage.do("vvb2", "report.withdraw", {"report": "R1", "reason": "失实"}, "a", "b")
    duty = known(stage, "owner")["replacement"]
    assert (duty["project_name"], duty["report"], duty["start"]) == ("造林", "R1", "2023-01-01")


def test_api_page_and_shell_tell_the_names(
    stage: Scene, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(stage.ledger, stage.clock).test_client()
    reader = sign_in(client, "owner", stage.key("owner/a"))
    items = client.get(f"/v1/deadlines?as_of={TODAY}", headers=reader).json["items"]
    assert {i["kind"]: i["about"] for i in items} == known(stage, "owner")
    page = client.get(f"/desk/deadlines?as_of={TODAY}&lang=zh", headers=reader).text
    assert '<a href="/projects/P2?lang=zh">竹林</a>' in page
    assert "造林 · R2 2025-01-01 – 2025-12-31" in page
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    told = CliRunner().invoke(main, ["deadline", "list", "owner", "--as-of", TODAY]).stdout
    assert (
        "decision  Application taken up: the registrar decides  造林 · R2 2025-01-01 – 2025-12-31  "
        in told
    )
