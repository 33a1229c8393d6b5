"""What a project's page tells of its notices and applications."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.projects.queries import steps_of
from tests.factories.scene import OFFICERS, ProjectDesign, Scene, scene, validation


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """A published design with a comment, and the application of another project."""
    with scene(home, vacant_database_url) as opened:
        opened.cast()
        opened.do("owner", "project.submit", ProjectDesign(), "a")
        notice = opened.do("owner", "notice.open", {"subject": "project", "name": "P1"}, "a")
        opened.do("buyer", "notice.comment", {"notice": notice, "text": "重叠"}, "a")
        opened.do("owner", "project.submit", ProjectDesign(project="P2"), "a")
        opinion = validation("P2")
        opened.do("vvb1", "project.validate", opinion, "a", "b")
        asked = {"subject": "project", "name": "P2", "undertaking": "no-ccer"}
        name = opened.do("owner", "application.submit", asked, "a", "b")
        opened.do("registrar", "application.accept", {"application": name}, OFFICERS[0])
        yield opened


def test_comments_stand_with_their_notice(stage: Scene) -> None:
    with stage.ledger.record.reading() as connection:
        found = steps_of(connection, "P1", ["R1"], "2026-01-01")
    (notice,) = found["notices"]
    assert [(row["party"], row["answers"]) for row in notice["comments"]] == [("buyer", [])]
    assert found["applications"] == []


@pytest.mark.parametrize(("today", "overdue"), [("2026-01-22", False), ("2026-01-23", True)])
def test_a_decision_is_overdue_after_its_last_day(stage: Scene, today: str, overdue: bool) -> None:
    with stage.ledger.record.reading() as connection:
        found = steps_of(connection, "P2", [], today)
    (application,) = found["applications"]
    assert (application["decide_by"], application["overdue"]) == ("2026-01-22", overdue)
