"""Why a recovery case was opened, in parts that a page or the shell puts into words.

For those who have a part in the case: they may read the grant, and so what it cites.  Whoever asked
for its answer has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from incentives.grants.models import credit_table
from incentives.grants.recovery_models import Ground
from ledger.writer import tables
from ledger.writer.kinds import Row


class How(StrEnum):
    """How the ground of a case arose."""

    CORRECTED = "corrected"
    STATED = "stated"
    UNITS = "units"
    SAID = "said"


def with_causes(connection: Connection, cases: Sequence[Row]) -> list[Row]:
    """Cases, each with its ``cause_told``.

    ``how`` says whether entry ``cause`` corrected the fact ``name``, stated it beside others, or
    touched ``units`` by a statement of ``type``; or that the bureau ``said`` its own reason.
    """
    units = _units(connection, cases)
    types = _types(connection, cases)
    return [{**case, "cause_told": _told(case, units, types)} for case in cases]


def _told(case: Row, units: dict[str, list[Row]], types: dict[int, str]) -> dict[str, Any]:
    name = case["reason"].partition(" ")[2]
    if case["ground"] == Ground.FACT:
        stated = name.partition("/")[0] == str(case["cause"])
        return {"how": How.STATED if stated else How.CORRECTED, "name": name}
    if case["ground"] == Ground.CREDIT:
        # A review of the grant's own units is named by the grant, one of the answer's by the batch.
        cited = units.get(name, []) if name == case["grant"] else [{"batch": name}]
        return {"how": How.UNITS, "units": cited, "type": types.get(case["cause"])}
    return {"how": How.SAID, "reason": case["reason"]}


def _units(connection: Connection, cases: Sequence[Row]) -> dict[str, list[Row]]:
    """By grant the serials that it cites."""
    row = credit_table.c
    grants = {case["grant"] for case in cases if case["ground"] == Ground.CREDIT}
    query = select(row.grant, row.batch, row.first, row.last).where(row.grant.in_(sorted(grants)))
    found: dict[str, list[Row]] = {}
    for grant, batch, first, last in connection.execute(query.order_by(row.batch, row.first)):
        found.setdefault(grant, []).append({"batch": batch, "first": first, "last": last})
    return found


def _types(connection: Connection, cases: Sequence[Row]) -> dict[int, str]:
    """By entry what was stated in it, of the public entries by which units fell."""
    row = tables.statement.c
    causes = {case["cause"] for case in cases if case["ground"] == Ground.CREDIT}
    query = select(row.index, row.type).where(row.index.in_(sorted(causes)))
    return {index: str(type) for index, type in connection.execute(query)}
