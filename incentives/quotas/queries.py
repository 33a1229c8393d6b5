"""Reads of plans: the shares in the plan's order, with names and the plans below."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from incentives.quotas.models import plan_table, share_table
from ledger.parties.models import party_table, region_table
from ledger.writer.kinds import Row
from ledger.writer.store import plain


def plans(connection: Connection, limit: int = 200) -> list[Row]:
    """The plans without their texts, the newest first."""
    columns = [column for column in plan_table.c if column.name != "text"]
    query = select(*columns).order_by(plan_table.c.index.desc(), plan_table.c.plan).limit(limit)
    return [plain(row) for row in connection.execute(query).mappings()]


def plan(connection: Connection, name: str) -> dict[str, Any] | None:
    """A plan with its ``shares`` and the plan that split each of them, or None."""
    row = connection.execute(select(plan_table).where(plan_table.c.plan == name)).mappings().first()
    if row is None:
        return None
    below = _below(connection, name)
    names = _names(connection, row["end"])
    query = select(share_table).where(share_table.c.plan == name).order_by(share_table.c.place)
    shares = [
        {**plain(share), **names.get(share["code"], {}), "split_by": below.get(share["code"])}
        for share in connection.execute(query).mappings()
    ]
    return {**plain(row), "shares": shares}


def _below(connection: Connection, name: str) -> dict[str, str]:
    table = plan_table
    query = select(table.c.parent_code, table.c.plan).where(
        table.c.parent_plan == name, table.c.until.is_(None)
    )
    return {code: plan for code, plan in connection.execute(query)}


def _names(connection: Connection, day: str) -> dict[str, Row]:
    """Names of regions as they stood on a day, and of parties."""
    table = region_table
    query = select(table.c.code, table.c.name, table.c.name_en).where(table.c.valid_from <= day)
    found = {
        code: {"name": name, "name_en": name_en}
        for code, name, name_en in connection.execute(query.order_by(table.c.valid_from))
    }
    columns = party_table.c
    for code, name, name_en in connection.execute(
        select(columns.party, columns.name, columns.name_en)
    ):
        found.setdefault(code, {"name": name, "name_en": name_en})
    return found
