"""Reads of dated parameters, with who says so, outside any decision."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from ledger.parties.models import parameter_table
from ledger.writer.kinds import Row
from ledger.writer.store import plain

UNVERIFIED = ("medium", "low")


def stated_on(connection: Connection, codes: Iterable[str], day: str) -> dict[str, Row]:
    """The rows in force on a day by their code; a code of which nothing is stated has none.

    ``verified`` is False where the confidence is less than found or high.
    """
    table = parameter_table
    query = (
        select(table)
        .where(table.c.code.in_(sorted(set(codes))), table.c.valid_from <= day)
        .order_by(table.c.code, table.c.valid_from)
    )
    newest = {row["code"]: plain(row) for row in connection.execute(query).mappings()}
    return {
        code: {**row, "verified": row["confidence"] not in UNVERIFIED}
        for code, row in newest.items()
    }
