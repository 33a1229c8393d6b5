"""Reads of dated parameters, with who says so, outside any decision."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from ledger.parties.models import parameter_table
from ledger.writer.kinds import Row
from ledger.writer.store import plain

UNVERIFIED = ("medium", "low")
ANY = "*"
"""Stands in a code for one part of it, whatever that is."""


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


def spelled_out(connection: Connection, codes: Iterable[str], day: str) -> tuple[str, ...]:
    """Codes in their order, each with ``ANY`` in it as those that are stated on a day."""
    table = parameter_table
    found: list[str] = []
    for code in codes:
        if ANY not in code:
            found.append(code)
            continue
        query = (
            select(table.c.code)
            .distinct()
            .where(table.c.code.like(code.replace(ANY, "%")), table.c.valid_from <= day)
            .order_by(table.c.code)
        )
        like = connection.execute(query).scalars()
        found += [each for each in like if each.count(".") == code.count(".")]
    return tuple(found)
