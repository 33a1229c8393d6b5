"""The supervisor's page: what stands against venues and parties, and what the detectors find."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import Connection, select

from ledger.statements.types import Circle
from ledger.writer.kinds import Kind, Row
from market.instruments.models import INSTRUMENT, InstrumentState
from market.stops.models import BAR, HALT, RUNS
from market.supervision.models import FINDING, POSITION_DUTY, WARNING
from portal.charting import shanghai
from portal.own import newest
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.pages import page
from portal.shell.reader import need_reader
from portal.watching import ASKED, findings_asked

DOOR = Blueprint("overseeing", __name__)
LATEST = 50


@DOOR.get("/supervision")
@operation(media="text/html", query=ASKED)
@circle(Circle.SUPERVISOR)
def sheet() -> Response:
    """Halts, bars, large positions, warnings, and findings with their evidence."""
    with ledger().record.reading() as connection:
        return page(
            "supervision.html",
            who=need_reader(),
            watched=findings_asked(connection),
            halts=_newest(connection, HALT),
            suspended=_suspended(connection),
            bars=_newest(connection, BAR, clock=RUNS),
            duties=_newest(connection, POSITION_DUTY),
            warnings=_newest(connection, WARNING),
            recorded=_newest(connection, FINDING),
            shanghai=shanghai,
        )


def _newest(connection: Connection, kind: Kind, **equal: str) -> list[Row]:
    return newest(connection, kind, select(kind.table), LATEST, **equal)[0]


def _suspended(connection: Connection) -> list[Row]:
    table = INSTRUMENT.table
    query = select(table).where(table.c.state == InstrumentState.SUSPENDED)
    return [dict(row) for row in connection.execute(query.order_by(table.c.instrument)).mappings()]
