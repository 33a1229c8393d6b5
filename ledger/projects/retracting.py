"""申请撤回: an owner takes back a project or a report before it is registered (decision 21)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.projects.handlers import move_project, move_report
from ledger.projects.models import PROJECT, REPORT, ProjectState, ReportState
from ledger.projects.owner_models import RETRACTION
from ledger.projects.steps import PROJECTS, end_application
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

Body = Mapping[str, Any]


def retract(context: Context, body: Body) -> None:
    """Take back for ever; an open application ends, and site, period and paper are free again.

    Raises Refusal ``owner-differs``, and ``project-state`` or ``report-state`` for what was
    registered, or is over.
    """
    subject, name = body["subject"], body["name"]
    of_project = subject == PROJECTS
    row = context.need(PROJECT if of_project else REPORT, name)
    project = row if of_project else context.need(PROJECT, row["project"])
    if project["owner"] != context.party:
        raise Refusal("owner-differs", project=project["project"])
    if of_project:
        move_project(context, row, ProjectState.RETRACTED)
    else:
        move_report(context, row, ReportState.RETRACTED)
    end_application(context, subject, name, body["reason"])
    context.put(
        RETRACTION,
        {"subject": subject, "name": name, "reason": body["reason"], "index": context.index},
    )
