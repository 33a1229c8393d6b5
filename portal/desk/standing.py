"""What a party's desk shows beside the collections themselves: what stands now, days left.

The rows are those that the API answers with (``portal.desk.own``); this only chooses among them
and adds what follows from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select

from ledger.consents.models import CONSENT_MOVES
from ledger.parties.models import KEY, PARTY
from ledger.parties.people_models import OPERATOR
from ledger.pledges.models import PLEDGE_MOVES
from ledger.restraints.models import FreezeState
from ledger.writer.kinds import Row
from portal.desk.naming import line
from portal.desk.own import latest

LATEST = 10
"""How many rows of each sort the desk shows; the page of the sort has them all."""
LIVING = {
    "freezes": (FreezeState.STANDING.value,),
    "pledges": tuple(state.value for state, after in PLEDGE_MOVES.items() if after),
    "consents": tuple(state.value for state, after in CONSENT_MOVES.items() if after),
}
"""States in which something may still happen; a sort without an entry is shown whole."""


def newest(connection: Connection, name: str, party: str) -> tuple[list[Row], bool]:
    """The newest rows of a collection that are not over, and whether there are others."""
    states = {"state": LIVING[name]} if name in LIVING else {}
    return latest(connection, name, party, LATEST, **states)


def colleagues(connection: Connection, party: str, person: str) -> list[Row]:
    """The keys of a party that hold and are another person's: who may sign as the second.

    Each has the ``role`` of its operator, maker, checker or None for both; those who do not do
    what ``person`` does come first, for of two one makes and the other checks.
    """
    key, seat = KEY.table.c, OPERATOR.table.c
    own = select(seat.role).where(seat.party == party, seat.person == person)
    mine = connection.execute(own).scalars().first()
    query = (
        select(KEY.table, seat.role)
        .join_from(
            KEY.table,
            OPERATOR.table,
            (seat.party == key.party) & (seat.operator == key.operator),
            isouter=True,
        )
        .where(key.party == party, key.until.is_(None), key.person != person)
        .order_by(key.operator, key.key)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: mine is not None and row["role"] == mine)


def names_of(connection: Connection, parties: Iterable[str]) -> dict[str, str]:
    """What these parties are called, by their id."""
    table = PARTY.table.c
    query = select(table.party, table.name).where(table.party.in_(sorted(parties)))
    return {row.party: row.name for row in connection.execute(query)}


def with_days(items: list[Row], today: str) -> list[Row]:
    """Deadlines with ``days`` that are left, below zero they are over, and a ``known`` line.

    ``days`` is None where no rule gives a day.
    """
    start = date.fromisoformat(today)
    return [
        {
            **row,
            "days": row["last"] and (date.fromisoformat(row["last"]) - start).days,
            "known": line(row["about"]),
        }
        for row in items
    ]
