"""What a party must do, or waits for, by a day or without one: one board over all rooms.

Days are those of Shanghai, and the last day is still in time.  ``overdue`` is said of what somebody
should have done; what runs out by itself (a consent, a freeze) is listed until its last day.  What
waits though no rule gives it a day (补正, a comment to answer, a default to be sold) stands last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from ledger.credits.models import clearing_table, transfer_table
from ledger.parties.parameters import business_date
from ledger.parties.stated import stated_on
from ledger.projects.steps import REQUIRED
from ledger.writer.kinds import Row
from portal.desk.due import SOURCES, Source
from portal.desk.naming import about


def board(connection: Connection, party: str, today: str, roles: Sequence[str] = ()) -> list[Row]:
    """The deadlines of a party, earliest first: what, which, its last day, and the entry.

    That is ``kind``, ``name``, ``last`` (null where no rule gives a day: those stand at the end, as
    their entries came), ``overdue``, ``index``, ``turn`` (who has to act: ``party`` or ``role``;
    null where it runs out by itself), and ``about`` what a reader knows it by
    (``portal.desk.naming``).  By its ``roles`` it also has what it owes others.
    """
    stated = stated_on(connection, [REQUIRED], today)
    required = REQUIRED in stated and stated[REQUIRED]["value"] != "0"
    found = [
        item for source in SOURCES for item in _rows(connection, source, party, today, required)
    ]
    for source in SOURCES:
        if source.owed_by in roles:
            found += _rows(connection, source, None, today, required)
    others = [
        [row[column] for column in source.parties if row[column] not in (party, None)]
        for source, row, _ in found
    ]
    named = about(connection, [row for _, row, _ in found], others)
    told = [{**item, "about": known} for (*_, item), known in zip(found, named, strict=True)]
    return sorted(told, key=_place)


def _place(row: Row) -> tuple[Any, ...]:
    if row["last"] is None:
        return (NEVER, row["index"], row["kind"], row["name"])
    return (row["last"], 0, row["kind"], row["name"])


def _rows(
    connection: Connection, source: Source, party: str | None, today: str, required: bool
) -> Iterator[tuple[Source, Row, Row]]:
    """Of a source each row with what the board tells of it."""
    columns = source.table.c
    entry = columns["index"] if "index" in columns else _ENTRY_OF_TRANSFER.label("index")
    plain = (column for column in columns if column.name != "index")
    query = select(*plain, entry).where(source.open(columns))
    if party is not None:
        query = query.where(source.of(columns, party))
    if source.lifecycle is not None:
        query = query.where(source.lifecycle(columns, required))
    if source.after is not None:
        query = query.where(columns[source.after] < today)
    for row in connection.execute(query).mappings():
        last = _last(source, row)
        late = last is not None and last < today
        if late and not source.acts:
            continue  # over, and nobody owed anything
        yield (
            source,
            dict(row),
            {
                "kind": source.kind,
                "name": row[source.name],
                "last": last,
                "overdue": late,
                "index": row["index"],
                "turn": _turn(source, row),
            },
        )


def _turn(source: Source, row: Mapping[Any, Any]) -> dict[str, str] | None:
    if source.turn is not None:
        return {"party": row[source.turn]}
    role = source.does or source.owed_by
    return None if role is None else {"role": role}


def _last(source: Source, row: Mapping[Any, Any]) -> str | None:
    """The last day on which it is in time, or None where it has none."""
    if source.by is None:
        return None
    value = row[source.by]
    return business_date(value - 1) if source.instant else str(value)


NEVER = "9999-99-99"
"""Sorts behind every day."""
_ENTRY_OF_TRANSFER = (
    select(transfer_table.c.index)
    .where(transfer_table.c.transfer == clearing_table.c.transfer)
    .correlate(clearing_table)
    .scalar_subquery()
)
"""A recall window has no entry of its own but that of the transfer that it delays."""
