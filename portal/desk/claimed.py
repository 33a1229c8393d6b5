"""What freezes and pledges come to: what each holds, what it waits for, and on whose account."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from ledger.accounts.claims import CLAIM, STANDING, rank, taken, waiting
from ledger.restraints.models import DUTY
from ledger.writer.kinds import Row


def with_held(connection: Connection, rows: list[Row], name: str) -> list[Row]:
    """Freezes or pledges with ``held`` and ``waiting``, None where a claim is over or never began.

    ``name`` is the column that names the claim.
    """
    column = CLAIM.table.c
    query = select(CLAIM.table).where(
        column.claim.in_([row[name] for row in rows]), column.state == STANDING
    )
    found = {row["claim"]: dict(row) for row in connection.execute(query).mappings()}
    return [
        {**row, "held": taken(found[row[name]]), "waiting": waiting(found[row[name]])}
        if row[name] in found
        else {**row, "held": None, "waiting": None}
        for row in rows
    ]


def frozen(connection: Connection, rows: list[Row]) -> list[Row]:
    """Freezes with what they hold and their ``rank`` among all claims on the holding.

    Of one that stands ``ordered`` is what it holds and waits for, what was ``executed`` of it, and
    what has been let go (``lifted``), which is None where it is over.
    Nobody ordered the freeze of a duty to replace: ``authority`` is None, ``verifier`` who took its
    opinion back and ``withdrawal`` the index of the entry that says so.
    """
    places, withdrawals = _places(connection, rows), _withdrawals(connection, rows)
    told = []
    for row in with_held(connection, rows, "freeze"):
        place, withdrawal = places.get(row["freeze"]), withdrawals.get(row["duty"])
        ordered = {"authority": row["authority"], "verifier": None, "withdrawal": None}
        by_duty = {"authority": None, "verifier": row["authority"], "withdrawal": withdrawal}
        told.append(
            {
                **row,
                **(ordered if row["duty"] is None else by_duty),
                "rank": None if place is None else rank(place - 1, row["waiting"] > 0),
                "lifted": None if place is None else _lifted(row),
            }
        )
    return told


def _lifted(row: Row) -> int:
    return int(row["ordered"] - row["executed"] - row["held"] - row["waiting"])


def _places(connection: Connection, rows: list[Row]) -> dict[str, int]:
    """The places of the claims that stand on the holdings of some parties, from one on."""
    column = CLAIM.table.c
    order = func.row_number().over(
        partition_by=(column.party, column.asset), order_by=(column.index, column.claim)
    )
    query = select(column.claim, order.label("place")).where(
        column.party.in_({row["party"] for row in rows}), column.state == STANDING
    )
    return {row.claim: row.place for row in connection.execute(query)}


def _withdrawals(connection: Connection, rows: list[Row]) -> dict[str, int]:
    column = DUTY.table.c
    query = select(column.duty, column["index"].label("entry")).where(
        column.duty.in_({row["duty"] for row in rows if row["duty"] is not None})
    )
    return {row.duty: row.entry for row in connection.execute(query)}
