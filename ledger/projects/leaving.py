"""What a party must not have any more when it leaves: projects that go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.projects.models import PROJECT, PROJECT_MOVES, ProjectState
from ledger.writer.context import Context
from ledger.writer.errors import Refusal


def nothing_pending(context: Context, event: Mapping[str, Any]) -> None:
    """Refuse while a project of its own may still move; raises Refusal ``closing-project``.

    A registered project could bring credits that nobody would hold.
    """
    for key in context.children(PROJECT, "owner", event["party"]):
        row = context.need(PROJECT, *key)
        if PROJECT_MOVES[ProjectState(row["state"])]:
            raise Refusal("closing-project", project=row["project"], state=row["state"])
