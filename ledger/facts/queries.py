"""Reads of facts as they were known at a log size; confidential ones only where asked for."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select

from ledger.facts.models import fact_table, indicator_table, private_fact_table
from ledger.facts.stood import first_stated
from ledger.writer.kinds import Row
from ledger.writer.store import plain

HISTORY_MAX = 200


def standing(table: Table, size: int | None) -> ColumnElement[bool]:
    """The condition that a fact stood at a log size; None is now."""
    if size is None:
        return table.c.until.is_(None)
    open_then = or_(table.c.until.is_(None), table.c.until >= size)
    return and_(table.c.index < size, open_then)


def known(
    connection: Connection,
    indicators: Collection[str],
    start: str,
    end: str,
    size: int,
    subject: str | None = None,
) -> list[Row]:
    """Public and confidential facts of some indicators over one period, as known at a log size.

    Ordered as they were first stated: for a correction counts what it corrects.
    """
    found = []
    for table in (fact_table, private_fact_table):
        query = select(table).where(
            table.c.indicator.in_(sorted(indicators)), table.c.start == start, table.c.end == end
        )
        query = query.where(standing(table, size))
        if subject is not None:
            query = query.where(table.c.subject == subject)
        found += [plain(row) for row in connection.execute(query).mappings()]
    return sorted(found, key=first_stated)


def defined(connection: Connection, indicators: Collection[str]) -> dict[str, Row]:
    """Indicators by name; one that nobody defined is left out."""
    table = indicator_table
    query = select(table).where(table.c.indicator.in_(sorted(indicators)))
    return {row["indicator"]: plain(row) for row in connection.execute(query).mappings()}


def newest_end(
    connection: Connection,
    indicators: Collection[str],
    size: int,
    last: str,
    subject: str | None = None,
) -> str | None:
    """The newest last day, up to ``last``, of a period for which such facts were known.

    Of everybody, or of one ``subject``.
    """
    ends = []
    for table in (fact_table, private_fact_table):
        query = select(table.c.end).where(
            table.c.indicator.in_(sorted(indicators)), table.c.end <= last, standing(table, size)
        )
        if subject is not None:
            query = query.where(table.c.subject == subject)
        newest = connection.execute(query.order_by(table.c.end.desc()).limit(1)).scalar()
        ends += [str(newest)] if newest is not None else []
    return max(ends, default=None)


def history(connection: Connection, row: Row) -> list[Row]:
    """A public fact's line of corrections, the oldest first."""
    table = fact_table
    query = select(table).where(table.c.first == row["first"]).order_by(table.c.index)
    return [plain(found) for found in connection.execute(query.limit(HISTORY_MAX)).mappings()]
