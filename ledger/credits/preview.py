"""What a retirement would do, found by deciding it and keeping nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ledger.accounts.models import BALANCE
from ledger.accounts.verbs import registry
from ledger.credits.mass import Mass, mass_of
from ledger.credits.models import BATCH, RETIREMENT
from ledger.credits.serials import format_block
from ledger.parties.queries import people_of
from ledger.projects.models import PROJECT
from ledger.writer.engine import Engine
from ledger.writer.kinds import Row
from ledger.writer.rehearsal import ID, rehearse
from ledger.writer.store import Rows

TYPE = "credit.retire"


@dataclass(frozen=True)
class Preview:
    """The answer that a retirement would get, and what it would take.

    ``people`` are needed to sign; ``available`` and ``left`` are credits of the batch on the
    registry account before and after; ``size`` is the log size that was read.
    """

    answer: Mapping[str, Any]
    people: int
    serials: tuple[str, ...]
    available: int
    left: int
    batch: Row | None
    project: Row | None
    mass: Mass | None
    size: int
    at: int


def preview(
    engine: Engine,
    connection: Connection,
    origin: str,
    party: str,
    body: Mapping[str, Any],
    now: int,
) -> Preview:
    """Decide a body of ``credit.retire`` (its salt may be left out) as of ``now`` in UTC ms.

    Raises Malformed naming the field for a body that the type does not take.
    """
    made = rehearse(
        engine, connection, origin, TYPE, party, body, people_of(connection, party), now
    )
    rows = Rows(connection)
    batch = rows.row(BATCH, (body["batch"],))
    place = (registry(party), body["batch"])
    retired = made.state.get(RETIREMENT, ID)
    spans = retired["blocks"] if retired else ()
    return Preview(
        answer=made.answer,
        people=made.people,
        serials=tuple(format_block(body["batch"], (first, last)) for first, last in spans),
        available=_available(rows.row(BALANCE, place)),
        left=_available(made.state.get(BALANCE, *place)),
        batch=batch,
        project=rows.row(PROJECT, (batch["project"],)) if batch else None,
        mass=mass_of(connection, batch) if batch else None,
        size=made.size,
        at=made.at,
    )


def _available(row: Row | None) -> int:
    return 0 if row is None else int(row["available"])
