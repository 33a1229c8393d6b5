"""项目业主承继: a project's owner has merged into another, or was divided.

Whoever a legal person is merged into bears its rights and duties, and those who came of its
division bear them together (Civil Code, Art. 67).  So the successor reports, and replaces units
whose opinion falls, for what its predecessor brought; that one may then close its account.  Units
change hands by ``credit.reassign``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.models import PARTY
from ledger.projects.models import PROJECT
from ledger.projects.succession_models import SUCCESSION
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

Body = Mapping[str, Any]


def succeed(context: Context, body: Body) -> None:
    """Another enterprise takes the owner's place, with its duties.

    Raises Refusal ``project-unknown``, ``party-unknown``, ``successor-is-owner``, and
    ``successor-unfit`` for who is no active enterprise.
    """
    row = context.need(PROJECT, body["project"])
    party = context.need(PARTY, body["successor"])
    if party["party"] == row["owner"]:
        raise Refusal("successor-is-owner", field="successor", project=row["project"])
    if "enterprise" not in party["roles"] or party["status"] != "active":
        raise Refusal("successor-unfit", field="successor", party=party["party"])
    context.put(PROJECT, {**row, "owner": party["party"]})
    told = {"project": row["project"], "predecessor": row["owner"], "successor": party["party"]}
    stated = {"ground": body["ground"], "document": body["document"]}
    context.create(SUCCESSION, {"succession": context.id, **told, **stated, "index": context.index})
    context.emit("project-succeeded", **told)
