"""What was said of a project, as page, API and shell tell it alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from ledger.projects.models import REPORT
from ledger.projects.queries import neighbours, steps_of
from ledger.writer.kinds import Row
from ledger.writer.store import Rows


def around(connection: Connection, project: Row, today: str) -> dict[str, Any]:
    """Its reports, the steps around its opinions and decisions, and who else is at its site."""
    reports = Rows(connection).group(REPORT, ("project",), (project["project"],))
    names = [report["report"] for report in reports]
    return {
        "reports": reports,
        **steps_of(connection, project["project"], names, today),
        "neighbours": neighbours(connection, project["project"], project["site"]),
    }
