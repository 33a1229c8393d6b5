"""The supervisor's page: what stands against venues and parties, and what the detectors find."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Connection, select

from ledger.statements.types import Circle
from ledger.writer.kinds import Kind, Row
from market.instruments.models import INSTRUMENT, VENUE, InstrumentState
from market.stops.models import BAR, HALT, OVER, RUNS, HaltState
from market.supervision.evidence import evidence
from market.supervision.models import FINDING, FINDING_MOVES, POSITION_DUTY, WARNING
from market.supervision.watch import recorded_finding
from portal.api.guidance import may_state
from portal.desk.own import newest as newest_rows
from portal.desk.standing import colleagues
from portal.desk.trading import standing
from portal.doors.trading import SCRIPT_WORDS
from portal.exchange.charting import shanghai
from portal.exchange.watching import ASKED, findings_asked
from portal.shell.circles import circle
from portal.shell.current import ledger
from portal.shell.operations import operation
from portal.shell.problems import Problem
from portal.shell.reader import need_reader
from portal.shell.scripted import scripted

DOOR = Blueprint("overseeing", __name__)
LATEST = 50
EVIDENCE = 200
"""Entries whose acts a page tells; the others it names."""
DIGEST = 64


@DOOR.get("/supervision")
@operation(media="text/html", query=ASKED)
@circle(Circle.SUPERVISOR)
def sheet() -> Response:
    """What stands and what is found, with its evidence, and the acts that two of them sign."""
    who = need_reader()
    with ledger().record.reading() as connection:
        return scripted(
            "supervision.html",
            more=SCRIPT_WORDS,
            who=who,
            others=colleagues(connection, who.party, who.person),
            watched=findings_asked(connection),
            **_halts(connection, _venues(connection)),
            suspended=_suspended(connection),
            bars=_bars(connection),
            standing=standing(connection, LATEST),
            duties=_newest(connection, POSITION_DUTY),
            warnings=_newest(connection, WARNING),
            recorded=_newest(connection, FINDING),
            shanghai=shanghai,
        )


@DOOR.get("/supervision/findings/<digest>")
@operation(media="text/html", query=ASKED, problems=(404,))
@circle(Circle.SUPERVISOR)
def finding(digest: str) -> Response:
    """A finding with its evidence, and the acts that may follow: on the record, or of the days."""
    who = need_reader()
    with ledger().record.reading() as connection:
        found = recorded_finding(connection, digest) or _looked_up(connection, digest)
        if found is None:
            raise Problem(404, "finding-unknown", key=digest[:DIGEST])
        acts = evidence(connection, found["entries"][:EVIDENCE])
        told = {row["index"] for row in acts}
        return scripted(
            "finding.html",
            more=SCRIPT_WORDS,
            who=who,
            others=colleagues(connection, who.party, who.person),
            found=found,
            evidence=acts,
            rest=[index for index in found["entries"] if index not in told],
            moves=FINDING_MOVES.get(found["state"], frozenset()),
            shanghai=shanghai,
        )


def _looked_up(connection: Connection, digest: str) -> dict[str, Any] | None:
    """What a detector finds in the days asked for under a digest."""
    items = findings_asked(connection)["items"]
    return next((item for item in items if item["digest"] == digest), None)


@DOOR.get("/desk/stops")
@operation(media="text/html")
@circle(Circle.PARTY)
def stops() -> Response:
    """What an exchange has stated on its own venues, and the acts that two of its people sign."""
    who = need_reader()
    with ledger().record.reading() as connection:
        return scripted(
            "stops.html",
            more=SCRIPT_WORDS,
            who=who,
            may=may_state(ledger().engine, "venue.halt", who.roles),
            others=colleagues(connection, who.party, who.person),
            **_halts(connection, _venues(connection, who.party)),
            bars=_bars(connection, author=who.party),
            warnings=_newest(connection, WARNING, author=who.party),
            shanghai=shanghai,
        )


def _venues(connection: Connection, operator: str | None = None) -> list[str]:
    """The codes of all venues, or of those with instruments of an operator."""
    table = VENUE if operator is None else INSTRUMENT
    query = select(table.table.c.venue).distinct().order_by(table.table.c.venue)
    if operator is not None:
        query = query.where(INSTRUMENT.table.c.operator == operator)
    return [str(code) for code in connection.execute(query).scalars()]


def _halts(connection: Connection, venues: list[str]) -> dict[str, list[Any]]:
    """The halts of some venues, and which of these trade and which are halted."""
    table = HALT.table.c
    query = select(HALT.table).where(table.venue.in_(venues)).order_by(table.index.desc())
    halts = [dict(row) for row in connection.execute(query).mappings()]
    halted = {row["venue"] for row in halts if row["state"] == HaltState.HALTED}
    return {
        "halts": halts,
        "trading_venues": [code for code in venues if code not in halted],
        "halted_venues": [code for code in venues if code in halted],
    }


def _bars(connection: Connection, **equal: str) -> list[Row]:
    """Bars that stand or wait, and after them those that were lifted or have lapsed."""
    clocks = (RUNS, OVER)
    return [row for clock in clocks for row in _newest(connection, BAR, clock=clock, **equal)]


def _newest(connection: Connection, kind: Kind, **equal: str) -> list[Row]:
    return newest_rows(connection, kind, select(kind.table), LATEST, **equal)[0]


def _suspended(connection: Connection) -> list[Row]:
    table = INSTRUMENT.table
    query = select(table).where(table.c.state == InstrumentState.SUSPENDED)
    return [dict(row) for row in connection.execute(query.order_by(table.c.instrument)).mappings()]
