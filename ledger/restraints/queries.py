"""Reads of duties to replace: what is owed for a batch, and what an authority took off it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ledger.restraints.models import duty_part_table, duty_table, remission_table
from ledger.restraints.replacing import missing
from ledger.writer.kinds import Row
from ledger.writer.store import plain

TOLD = (
    "duty",
    "party",
    "report",
    "quantity",
    "discharged",
    "deadline",
    "state",
    "document",
    "index",
)


def owed_for(connection: Connection, batch: str) -> list[Row]:
    """The duties that arose from a batch or were met with units of it, the oldest first.

    ``owed`` and ``spent`` are of this batch; ``quantity``, ``discharged`` and ``missing`` of the
    whole duty, as are ``remissions`` with authority, document and reason. All of it is public.
    """
    part, duty = duty_part_table, duty_table
    query = select(duty, part.c.owed, part.c.spent).join(part, part.c.duty == duty.c.duty)
    query = query.where(part.c.batch == batch).order_by(duty.c.index, duty.c.duty)
    found = []
    for row in [plain(row) for row in connection.execute(query).mappings()]:
        told = {name: row[name] for name in (*TOLD, "owed", "spent")}
        told["missing"] = missing(row)
        found.append({**told, "remissions": _remissions(connection, row["duty"])})
    return found


def _remissions(connection: Connection, duty: str) -> list[Row]:
    table = remission_table
    query = select(table).where(table.c.duty == duty).order_by(table.c.number)
    return [plain(row) for row in connection.execute(query).mappings()]
