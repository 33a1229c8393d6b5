"""Reads of dated parameters, with who says so, outside any decision."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from sqlalchemy import Connection, false, or_, select

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
    column, asked = parameter_table.c.code, tuple(codes)
    like = or_(false(), *(column.like(code.replace(ANY, "%")) for code in asked if ANY in code))
    query = select(column).distinct().where(like, parameter_table.c.valid_from <= day)
    stated = [*connection.execute(query.order_by(column)).scalars()]
    return tuple(
        found
        for code in asked
        for found in ([each for each in stated if _fits(each, code)] if ANY in code else [code])
    )


def _fits(code: str, pattern: str) -> bool:
    pairs = zip_longest(code.split("."), pattern.split("."))
    return all(part is not None and wanted in (part, ANY) for part, wanted in pairs)
